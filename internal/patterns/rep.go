package patterns

import (
	"context"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// NewRep returns a REP socket: it receives a request, then sends the reply to
// whom it came from, and so on (RFC 28). Out of turn both fail with ErrState.
// The reply to a peer that has gone is dropped.
func NewRep(ctx context.Context, opts ...Option) zmq4.Socket { return New(ctx, zmq4.Rep, opts...) }

type rep struct {
	base
	s        *Socket
	in       fairQueue
	asker    *pipe // of the request that waits for its reply
	envelope [][]byte
	open     map[*pipe][]*Request // those of RecvRequest that wait for replies, by who asked
}

func newRep(s *Socket) *rep { return &rep{s: s, in: fairQueue{s: s}} }

func (r *rep) deliver(p *pipe, run zmtp.Run) { r.in.deliver(p, run) }

// down parts what p asked from its next connection, whose peer may be another:
// the requests may still be received, the replies go nowhere.
func (r *rep) down(p *pipe) {
	r.s.discard(p)
	ghost := r.in.bequeath(p)
	if r.asker == p {
		r.asker = ghost
	}
	r.haunt(p, ghost)
}

func (r *rep) receive() (zmq4.Msg, error) {
	if r.asker != nil {
		return zmq4.Msg{}, ErrState
	}
	p, envelope, body := r.take()
	if p == nil {
		return zmq4.Msg{}, errAgain
	}
	r.asker, r.envelope = p, envelope
	return zmq4.Msg{Frames: body}, nil
}

// take takes the next request there is; without one p is nil.
func (r *rep) take() (p *pipe, envelope, body [][]byte) {
	for {
		p, msg := r.in.next()
		if p == nil {
			return nil, nil, nil
		}
		if envelope, body = splitEnvelope(msg.Frames); len(body) > 0 {
			return p, envelope, body
		}
		// No request: RFC 28 has it dropped.
	}
}

func (r *rep) send(msg zmq4.Msg) error {
	p := r.asker
	if p == nil {
		return ErrState
	}
	r.asker = nil
	r.reply(p, r.envelope, msg.Frames)
	return nil
}

// reply queues a reply, or drops it where nobody will take it.
func (r *rep) reply(p *pipe, envelope, frames [][]byte) {
	if p.conn == nil || r.s.isFull(p) {
		r.s.stats.Dropped++
		return
	}
	r.s.enqueue(p, envelope, frames)
}

// splitEnvelope parts the address envelope, which ends with the first empty
// frame, from the body. Without an empty frame there is no body.
func splitEnvelope(frames [][]byte) (envelope, body [][]byte) {
	for i, frame := range frames {
		if len(frame) == 0 {
			return frames[:i+1], frames[i+1:]
		}
	}
	return frames, nil
}
