package patterns

import (
	"context"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// NewDealer returns a DEALER socket: it sends to its peers in turn and
// fair-queues what they send; it knows no envelopes (RFC 28).
func NewDealer(ctx context.Context, opts ...Option) zmq4.Socket {
	return New(ctx, zmq4.Dealer, opts...)
}

// A dealer is also the body of a PAIR, which is one with a single peer.
type dealer struct {
	base
	out roundRobin
	in  fairQueue
}

func newDealer(s *Socket) *dealer {
	return &dealer{out: roundRobin{s: s}, in: fairQueue{s: s}}
}

func (d *dealer) add(p *pipe) error             { d.out.add(p); return nil }
func (d *dealer) remove(p *pipe)                { d.out.remove(p) }
func (d *dealer) ready(p *pipe)                 { d.out.ready(p) }
func (d *dealer) deliver(p *pipe, run zmtp.Run) { d.in.deliver(p, run) }
func (d *dealer) send(msg zmq4.Msg) error       { return d.out.send(msg) }
func (d *dealer) receive() (zmq4.Msg, error)    { return d.in.receive() }
func (d *dealer) take(dst []zmq4.Msg) int       { return d.in.take(dst) }

func (d *dealer) sendBatch(msgs []zmq4.Msg) (int, error) { return d.out.sendBatch(msgs) }
