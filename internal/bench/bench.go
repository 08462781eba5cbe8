// Package bench measures messages between two ZeroMQ sockets: how many a second
// (thr) and how long one takes there and back (lat).
//
// The two ends of a measurement are in this process, or one of them is
// elsewhere: another fogmq, or libzmq's local_thr, remote_thr, local_lat and
// remote_lat, whose ways these ends have. An end sends exactly what it was told
// to, without a warm-up, so that both are done at the same message.
package bench

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/patterns"
)

// A Run is one measurement: Count messages, or round trips, of Size bytes each.
type Run struct {
	Size  int // 0 or more
	Count int // 1 or more
}

// A Pattern is a way to measure, with its two ends.
type Pattern struct {
	Name string
	// Bound is the end that binds where both are in one process, as libzmq's
	// local_ programs do; Connected is the other.
	Bound, Connected End
	// MaxCount is the largest Count that an end can do; 0 is no limit.
	MaxCount int

	usual, usualBytes int
}

// An End is one of the two ends of a measurement.
type End struct {
	// Type is that of its socket.
	Type zmq4.SocketType

	play    func(ctx context.Context, sock *patterns.Socket, r Run) (Result, error)
	stalled string // what it is told as when nothing moves any more
}

// Patterns returns all that can be measured.
func Patterns() []Pattern { return []Pattern{throughput(), latency()} }

// fewest is the default of Run.Count for the largest messages.
const fewest = 10

// Count returns the default of Run.Count. It depends on nothing but the pattern
// and the size, so that both ends come to the same.
func (p Pattern) Count(size int) int {
	return max(min(p.usual, p.usualBytes/max(size, 1)), fewest)
}

// CountRule says in words what Count does.
func (p Pattern) CountRule() string {
	return fmt.Sprintf("%s %d, or as many as make %d MB, at least %d", p.Name, p.usual, p.usualBytes/1e6, fewest)
}

// Run plays one end of a measurement at a socket of its Type whose peer is the
// other end, or will be. The Result is nil at the end that measures nothing.
// When nothing moves for longer than wait it ends with a *StalledError; a wait
// of 0 has no end. The end of ctx ends it with the cause of that.
func (e End) Run(ctx context.Context, sock *patterns.Socket, r Run, wait time.Duration) (Result, error) {
	ctx, stop := e.watch(ctx, sock, wait)
	defer stop()
	result, err := e.play(ctx, sock, r)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return result, err
}

// Run plays both ends against each other. It is End.Run apart from that.
func (p Pattern) Run(ctx context.Context, bound, connected *patterns.Socket, r Run, wait time.Duration) (Result, error) {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	var far, near Result
	done := make(chan struct{})
	go func() {
		defer close(done)
		var err error
		if far, err = p.Bound.Run(ctx, bound, r, wait); err != nil {
			fail(err)
		}
	}()
	near, err := p.Connected.Run(ctx, connected, r, wait)
	if err != nil {
		fail(err)
	}
	<-done
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx) // what failed first
	case near != nil:
		return near, nil
	}
	return far, nil
}

// Moved says how many messages a socket has passed on since it was made: a PUSH
// to its peers, any other to its caller.
func Moved(sock *patterns.Socket) uint64 {
	stats := sock.Stats()
	if sock.Type() == zmq4.Push {
		return stats.MsgsOut
	}
	return stats.MsgsIn
}

// payload makes the body of every message of a run.
func payload(r Run) []byte { return bytes.Repeat([]byte{'x'}, r.Size) }

// check tells whether the i-th message, from 1 on, is one of the run's.
func (r Run) check(i int, m zmq4.Msg) error {
	if len(m.Frames) == 1 && len(m.Frames[0]) == r.Size {
		return nil
	}
	if len(m.Frames) == 1 {
		return fmt.Errorf("message %d has %d bytes, expected %d: give both ends the same size", i, len(m.Frames[0]), r.Size)
	}
	return fmt.Errorf("message %d has %d frames, expected 1 of %d bytes: the peer is no end of this benchmark", i, len(m.Frames), r.Size)
}
