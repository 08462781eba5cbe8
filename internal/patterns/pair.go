package patterns

import (
	"context"
	"errors"

	"github.com/go-zeromq/zmq4"
)

// ErrPairTaken refuses a second peer of a PAIR socket.
var ErrPairTaken = errors.New("a PAIR socket has one peer, and this one has it already")

// NewPair returns a PAIR socket: one peer, both directions (RFC 31). A second
// peer is refused as long as the first is there.
func NewPair(ctx context.Context, opts ...Option) zmq4.Socket { return New(ctx, zmq4.Pair, opts...) }

type pair struct {
	dealer
	peer *pipe
}

func newPair(s *Socket) *pair { return &pair{dealer: *newDealer(s)} }

func (r *pair) add(p *pipe) error {
	if r.peer != nil {
		return ErrPairTaken
	}
	r.peer = p
	return r.dealer.add(p)
}

func (r *pair) remove(p *pipe) {
	if r.peer == p {
		r.peer = nil
		r.dealer.remove(p)
	}
}
