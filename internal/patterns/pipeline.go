package patterns

import (
	"context"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// NewPush returns a PUSH socket: each message goes to the next PULL peer that
// has room; where none has, Send waits (RFC 30).
func NewPush(ctx context.Context, opts ...Option) zmq4.Socket { return New(ctx, zmq4.Push, opts...) }

// NewPull returns a PULL socket: it fair-queues what its PUSH peers send
// (RFC 30).
func NewPull(ctx context.Context, opts ...Option) zmq4.Socket { return New(ctx, zmq4.Pull, opts...) }

type push struct {
	base
	roundRobin
}

func (p *push) add(q *pipe) error       { p.roundRobin.add(q); return nil }
func (p *push) remove(q *pipe)          { p.roundRobin.remove(q) }
func (p *push) ready(q *pipe)           { p.roundRobin.ready(q) }
func (p *push) send(msg zmq4.Msg) error { return p.roundRobin.send(msg) }

type pull struct {
	base
	fairQueue
}

func (p *pull) deliver(q *pipe, run zmtp.Run) { p.fairQueue.deliver(q, run) }
func (p *pull) receive() (zmq4.Msg, error)    { return p.fairQueue.receive() }
