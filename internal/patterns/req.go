package patterns

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// ErrRequestLost is what a REQ socket receives when the peer that had its
// request is gone: no reply can come any more. Whether the request was carried
// out can't be known. The socket may send again.
var ErrRequestLost = errors.New("the peer went away before it replied")

// NewReq returns a REQ socket: it sends a request to the next of its peers, then
// receives the reply of that peer and of no other, and so on (RFC 28). Out of
// turn both fail with ErrState.
func NewReq(ctx context.Context, opts ...Option) zmq4.Socket { return New(ctx, zmq4.Req, opts...) }

type req struct {
	s       *Socket
	out     roundRobin
	waiting bool  // a request is out
	asked   *pipe // who has it; nil while none was there to take it over
	lost    bool
	reply   [][]byte

	// A ROUTER sends a late reply to whoever has the routing id now. A REQ
	// with one of its own that gave up a request therefore puts a number in
	// front of every other request from then on (ZMQ_REQ_CORRELATE), which
	// comes back with the reply. The same request again needs none: its late
	// reply is a reply to it.
	request   [][]byte // the one that is out, or was last
	abandoned [][]byte // the one that was given up last
	number    uint32
	expected  []byte // the number of the request that is out, if it has one
}

// delimiter is the empty frame between envelope and body.
var delimiter = [][]byte{{}}

func newReq(s *Socket) *req { return &req{s: s, out: roundRobin{s: s}} }

func (r *req) add(p *pipe) error {
	inherits := r.out.orphans.msgs > 0
	r.out.add(p)
	if inherits && r.waiting {
		r.asked = p
	}
	return nil
}

func (r *req) ready(p *pipe) { r.out.ready(p) }

func (r *req) up(p *pipe) error {
	p.stale = false
	return nil
}

func (r *req) down(p *pipe) {
	if r.asked == p && r.waiting && r.reply == nil && p.out.msgs == 0 {
		r.lost = true
		r.s.readable.notify()
	}
}

func (r *req) remove(p *pipe) {
	heir := r.out.remove(p)
	if r.asked == p {
		r.asked = heir
	}
}

func (r *req) deliver(p *pipe, run zmtp.Run) {
	for _, msg := range run.Messages() {
		if p != r.asked || p.stale || !r.waiting || r.reply != nil {
			continue // nobody asked for it
		}
		if r.reply = r.body(msg.Frames); r.reply != nil {
			r.s.readable.notify()
		}
	}
}

// body takes the envelope of the request that is out off a reply; without that
// envelope, or without a body, it is no reply to it.
func (r *req) body(frames [][]byte) [][]byte {
	if r.expected != nil {
		if len(frames) == 0 || !bytes.Equal(frames[0], r.expected) {
			return nil
		}
		frames = frames[1:]
	}
	if len(frames) < 2 || len(frames[0]) != 0 {
		return nil
	}
	return frames[1:]
}

// envelope makes the envelope of a request.
func (r *req) envelope(request [][]byte) [][]byte {
	r.request, r.expected = request, nil
	if r.abandoned == nil || len(r.s.opt.id) == 0 || slices.EqualFunc(request, r.abandoned, bytes.Equal) {
		return delimiter
	}
	r.number++
	r.expected = binary.BigEndian.AppendUint32(nil, r.number)
	return [][]byte{r.expected, {}}
}

func (r *req) send(msg zmq4.Msg) error {
	if r.waiting {
		return ErrState
	}
	p := r.out.next()
	switch {
	case p != nil:
		r.s.enqueue(p, r.envelope(msg.Frames), msg.Frames)
	case !r.out.queueAhead(r.envelope(msg.Frames), msg.Frames):
		return errAgain
	}
	r.waiting, r.asked, r.lost, r.reply = true, p, false, nil
	return nil
}

func (r *req) receive() (zmq4.Msg, error) {
	switch {
	case !r.waiting:
		return zmq4.Msg{}, ErrState
	case r.reply != nil:
		msg := zmq4.Msg{Frames: r.reply}
		r.waiting, r.reply = false, nil
		return msg, nil
	case r.lost:
		r.waiting = false
		return zmq4.Msg{}, ErrRequestLost
	}
	return zmq4.Msg{}, errAgain
}

// reset gives the request up, wherever it is, and ends the connection that a
// late reply could come through.
func (r *req) reset() {
	p := r.asked
	r.waiting, r.asked, r.reply, r.lost = false, nil, nil, false
	r.abandoned = r.request
	r.s.settle(r.out.orphans.clear())
	if p == nil {
		return
	}
	r.s.discard(p)
	p.out.doomed = len(p.out.flight) > 0
	if p.conn != nil {
		// Its reader may hold a reply already.
		p.stale = true
		p.conn.Close()
	}
	if !p.lasting {
		p.gone = true
		r.out.drop(p)
	}
}
