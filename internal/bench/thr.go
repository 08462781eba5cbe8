package bench

import (
	"context"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/patterns"
)

// throughput is PUSH to PULL, one way, as fast as it goes.
func throughput() Pattern {
	return Pattern{
		Name:      "thr",
		Bound:     End{Type: zmq4.Pull, play: take, stalled: "no message"},
		Connected: End{Type: zmq4.Push, play: give, stalled: "no message was taken"},
		usual:     3e6, usualBytes: 2e9,
	}
}

// A batch is what crosses between us and the socket at a time. Of large messages
// it is a few, so that what waits is not a matter of gigabytes.
const (
	batchMessages = 1024
	batchBytes    = 1 << 20
)

func batch(r Run) []zmq4.Msg {
	return make([]zmq4.Msg, max(1, min(batchMessages, batchBytes/max(r.Size, 1), r.Count)))
}

// give sends a run's messages and waits until they are written to the peer.
func give(ctx context.Context, sock *patterns.Socket, r Run) (Result, error) {
	msgs := batch(r)
	for i := range msgs {
		msgs[i] = zmq4.NewMsg(nil)
	}
	body := payload(r)
	for i := range msgs {
		msgs[i].Frames[0] = body
	}
	for left := r.Count; left > 0; {
		n, err := sock.SendBatch(ctx, msgs[:min(left, len(msgs))])
		if err != nil {
			return nil, err
		}
		left -= n
	}
	if sock.Drain(ctx) > 0 {
		return nil, ctx.Err()
	}
	return nil, nil
}

// take receives a run's messages. The clock runs from the first to the last.
func take(ctx context.Context, sock *patterns.Socket, r Run) (Result, error) {
	msgs := batch(r)
	first, err := sock.RecvContext(ctx)
	began := time.Now()
	if err == nil {
		err = r.check(1, first)
	}
	for got := 1; got < r.Count && err == nil; {
		var n int
		if n, err = sock.RecvBatch(ctx, msgs[:min(len(msgs), r.Count-got)]); err != nil {
			break
		}
		for i, m := range msgs[:n] {
			if err = r.check(got+i+1, m); err != nil {
				break
			}
		}
		got += n
		clear(msgs[:n]) // a wait must not keep large messages alive
		sock.Recycle()
	}
	if err != nil {
		return nil, err
	}
	return newThroughput(r, time.Since(began)), nil
}
