package soak

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/patterns"
)

// A world is sockets that are there all the time, and scenes in which others come,
// talk to them and go.
type world struct {
	t      *testing.T
	scenes map[string]scene
}

// A scene plays once in each cycle, together with all others. It returns when all
// that it sent was received.
type scene func(ctx context.Context, cycle int) error

func newWorld(t *testing.T) *world {
	w := &world{t: t, scenes: make(map[string]scene)}
	for _, transport := range []string{"tcp", "ipc", "inproc"} {
		w.scenes["pipeline over "+transport] = w.pipeline(transport)
		w.scenes["topics over "+transport] = w.topics(transport)
		w.scenes["requests over "+transport] = w.requests(transport)
		w.scenes["routes over "+transport] = w.routes(transport)
		w.scenes["slow consumer over "+transport] = w.slow(transport)
		w.scenes["restarts over "+transport] = w.restarts(transport)
	}
	w.scenes["deaf subscriber"] = w.deaf()
	w.scenes["strangers"] = w.strangers()
	return w
}

// play runs all scenes at once.
func (w *world) play(ctx context.Context, cycle int) error {
	var acts []func() error
	for name, play := range w.scenes {
		acts = append(acts, func() error {
			if err := play(ctx, cycle); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			return nil
		})
	}
	return together(acts...)
}

// together runs functions at once and returns what went wrong.
func together(acts ...func() error) error {
	errs := make([]error, len(acts))
	var running sync.WaitGroup
	for i, act := range acts {
		running.Go(func() { errs[i] = act() })
	}
	running.Wait()
	return errors.Join(errs...)
}

// each runs act for each number below n, at once.
func each(n int, act func(i int) error) error {
	acts := make([]func() error, n)
	for i := range acts {
		acts[i] = func() error { return act(i) }
	}
	return together(acts...)
}

// retry is short, for scenes in which somebody comes back.
const retry = 2 * time.Millisecond

func open(typ zmq4.SocketType, opts ...patterns.Option) *patterns.Socket {
	opts = append([]patterns.Option{patterns.WithDialerRetry(retry), patterns.WithReconnectMax(10 * retry)}, opts...)
	return patterns.New(context.Background(), typ, opts...)
}

// stays opens a socket that lives as long as the world does.
func (w *world) stays(typ zmq4.SocketType, opts ...patterns.Option) *patterns.Socket {
	s := open(typ, append(opts, patterns.WithLinger(0))...)
	w.t.Cleanup(func() { s.Close() })
	return s
}

// endpoint gives one for binding; name is that of the socket there.
func endpoint(transport, name string) string {
	switch transport {
	case "tcp":
		return "tcp://127.0.0.1:0"
	case "ipc":
		return "ipc://*"
	}
	return "inproc://" + name
}

// bound opens a socket that stays and binds it.
func (w *world) bound(transport string, typ zmq4.SocketType, opts ...patterns.Option) (s *patterns.Socket, at string) {
	w.t.Helper()
	s = w.stays(typ, opts...)
	at, err := s.Bind(endpoint(transport, fmt.Sprintf("%s-%p", typ, s)))
	if err != nil {
		w.t.Fatal(err)
	}
	return s, at
}

// connect has a socket connect; there is nothing that could go wrong.
func (w *world) connect(s *patterns.Socket, at string) {
	w.t.Helper()
	if err := s.Connect(at); err != nil {
		w.t.Fatal(err)
	}
}

// visit opens a socket, connects it, lets it act and closes it once what it sent is
// written.
func visit(ctx context.Context, at string, typ zmq4.SocketType, act func(s *patterns.Socket) error, opts ...patterns.Option) error {
	s := open(typ, opts...)
	err := s.Connect(at)
	if err == nil {
		err = act(s)
	}
	if left := s.Drain(ctx); left > 0 && err == nil {
		err = fmt.Errorf("%d messages of %s are not written: %w", left, typ, ctx.Err())
	}
	return errors.Join(err, s.Close())
}

func text(m zmq4.Msg, frame int) string { return string(m.Frames[frame]) }

// expect receives a message and checks its frames.
func expect(ctx context.Context, s *patterns.Socket, want ...string) error {
	m, err := s.RecvContext(ctx)
	if err != nil {
		return err
	}
	if !slices.EqualFunc(m.Frames, want, func(a []byte, b string) bool { return string(a) == b }) {
		return fmt.Errorf("%s received %.50q, want %.50q", s.Type(), m.Frames, want)
	}
	return nil
}

func send(ctx context.Context, s *patterns.Socket, frames ...string) error {
	return s.SendContext(ctx, zmq4.NewMsgFromString(frames))
}
