package patterns

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/go-zeromq/zmq4"
)

// proxyBatch is how many messages a proxy passes on at a time.
const proxyBatch = 1024

// proxyGrace is how long an ending proxy tries to pass on what it received.
const proxyGrace = 200 * time.Millisecond

// Proxy passes messages, and the subscriptions of an XPUB, between two sockets
// until ctx ends (zmq_proxy(3)). A socket that can't take more makes it wait, and
// so the peers of the other. At the end it takes no more from the network,
// passes on what was received, and returns how many messages it could not.
//
// tap, if it is not nil, is shown every message (no subscriptions) before it is
// passed on, in one direction or the other, from two goroutines at once.
func Proxy(ctx context.Context, front, back *Socket, tap func([]zmq4.Msg)) (lost int, err error) {
	sending, stop := context.WithCancel(context.Background())
	defer stop()
	halt := context.AfterFunc(ctx, func() {
		front.Halt()
		back.Halt()
		time.AfterFunc(proxyGrace, stop)
	})
	defer halt()

	var left atomic.Int64
	ends := make(chan error, 2)
	for _, way := range []struct{ from, to *Socket }{{front, back}, {back, front}} {
		go func() { ends <- forward(sending, way.from, way.to, tap, &left) }()
	}
	for range cap(ends) {
		if end := <-ends; end != nil {
			err = errors.Join(err, end)
			front.Halt()
			back.Halt()
			stop()
		}
	}
	return int(left.Load()), err
}

// forward passes messages one way until from is halted and empty.
func forward(ctx context.Context, from, to *Socket, tap func([]zmq4.Msg), left *atomic.Int64) error {
	if !canReceive(from.typ) || !canSend(to.typ) {
		return nil
	}
	batch := make([]zmq4.Msg, proxyBatch)
	for {
		n, err := from.RecvBatch(context.Background(), batch)
		switch {
		case errors.Is(err, ErrClosed):
			return nil
		case err != nil:
			return fmt.Errorf("proxy: receiving from the %s side: %w", from.typ, err)
		}
		if tap != nil && from.typ != zmq4.XPub {
			tap(batch[:n])
		}
		sent, err := to.SendBatch(ctx, batch[:n])
		clear(batch[:n])
		switch {
		case err == nil:
		case ctx.Err() != nil || errors.Is(err, ErrClosed):
			left.Add(int64(n - sent))
		default:
			return fmt.Errorf("proxy: sending to the %s side: %w", to.typ, err)
		}
	}
}

func canReceive(t zmq4.SocketType) bool { return t != zmq4.Push && t != zmq4.Pub }

func canSend(t zmq4.SocketType) bool { return t != zmq4.Pull && t != zmq4.Sub }
