package patterns

import (
	"context"
	"errors"
	"slices"

	"github.com/go-zeromq/zmq4"
)

// A Request is one that a REP received by RecvRequest: it may be answered while
// others wait for their replies. The frames are those of the request alone.
type Request struct {
	zmq4.Msg

	asker    *pipe
	envelope [][]byte
	reply    [][]byte // once there is one
}

// RecvRequest is RecvContext for a REP that works on several requests at a time:
// it does not wait for the reply to the last one. Each Request is given to Reply
// once. Other sockets answer errors.ErrUnsupported. It may be called from many
// goroutines, but a REP uses either RecvRequest or Recv.
func (s *Socket) RecvRequest(ctx context.Context) (*Request, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.pattern.(*rep)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	for {
		if err := s.usable(); err != nil {
			return nil, err
		}
		if request := r.nextRequest(); request != nil {
			s.stats.MsgsIn++
			return request, nil
		}
		if s.halted && s.reading == 0 {
			return nil, ErrClosed
		}
		if err := s.await(ctx, &s.readable); err != nil {
			return nil, err
		}
	}
}

// Reply answers a request. Replies to one peer leave in the order of its
// requests, as they do from any REP: one that is early waits here, without holding
// up its caller. The reply to a peer that has gone is dropped.
func (s *Socket) Reply(request *Request, msg zmq4.Msg) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(); err != nil {
		return err
	}
	r, ok := s.pattern.(*rep)
	switch {
	case !ok:
		return errors.ErrUnsupported
	case len(msg.Frames) == 0:
		return ErrNoFrames
	case !slices.Contains(r.open[request.asker], request):
		return ErrState
	}
	request.reply = msg.Frames
	r.answer(request.asker)
	s.flush()
	return nil
}

// nextRequest takes the next request, or nil.
func (r *rep) nextRequest() *Request {
	p, envelope, body := r.take()
	if p == nil {
		return nil
	}
	request := &Request{Msg: zmq4.Msg{Frames: body}, asker: p, envelope: envelope}
	if r.open == nil {
		r.open = make(map[*pipe][]*Request)
	}
	r.open[p] = append(r.open[p], request)
	return request
}

// answer sends what replies there are to a peer, up to the first that is not there
// yet.
func (r *rep) answer(p *pipe) {
	open := r.open[p]
	for len(open) > 0 && open[0].reply != nil {
		r.reply(p, open[0].envelope, open[0].reply)
		open = open[1:]
	}
	if r.open[p] = open; len(open) == 0 {
		delete(r.open, p)
	}
}

// haunt moves the requests of a peer that has gone to what stands for it.
func (r *rep) haunt(p, ghost *pipe) {
	open := r.open[p]
	if len(open) == 0 {
		return
	}
	delete(r.open, p)
	for _, request := range open {
		request.asker = ghost
	}
	r.open[ghost] = append(open, r.open[ghost]...)
}
