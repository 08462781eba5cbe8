package bench

import (
	"context"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/patterns"
)

// latency is REQ to REP and back, one message at a time.
func latency() Pattern {
	return Pattern{
		Name:      "lat",
		Bound:     End{Type: zmq4.Rep, play: echo, stalled: "no request"},
		Connected: End{Type: zmq4.Req, play: ask, stalled: "no reply"},
		MaxCount:  1e8, // their times take 800 MB
		usual:     3e4, usualBytes: 3e8,
	}
}

// ask makes a run's round trips and times each of them. The clock does not run
// while the peer is yet to come.
func ask(ctx context.Context, sock *patterns.Socket, r Run) (Result, error) {
	request := zmq4.NewMsg(payload(r))
	times := make([]time.Duration, r.Count)
	if err := sock.WaitPeers(ctx, 1); err != nil {
		return nil, err
	}
	for i := range times {
		began := time.Now()
		if err := sock.SendContext(ctx, request); err != nil {
			return nil, err
		}
		reply, err := sock.RecvContext(ctx)
		if err != nil {
			return nil, err
		}
		times[i] = time.Since(began)
		if err := r.check(i+1, reply); err != nil {
			return nil, err
		}
	}
	return newLatency(r, times), nil
}

// echo answers a run's requests with themselves, and waits until the last reply
// is written.
func echo(ctx context.Context, sock *patterns.Socket, r Run) (Result, error) {
	for i := range r.Count {
		request, err := sock.RecvContext(ctx)
		if err != nil {
			return nil, err
		}
		if err := r.check(i+1, request); err != nil {
			return nil, err
		}
		if err := sock.SendContext(ctx, request); err != nil {
			return nil, err
		}
	}
	if sock.Drain(ctx) > 0 {
		return nil, ctx.Err()
	}
	return nil, nil
}
