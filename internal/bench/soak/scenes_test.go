package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/patterns"
)

const (
	visitors = 3   // come and go in each cycle
	talk     = 100 // messages of each
)

// body makes messages of all kinds: short, longer than a short frame, and now and
// then one that is written from where it is.
func body(i int) string {
	switch {
	case i%50 == 0:
		return strconv.Itoa(i) + large
	case i%7 == 0:
		return strconv.Itoa(i) + medium
	}
	return strconv.Itoa(i)
}

var large, medium = strings.Repeat(" large", 20<<10), strings.Repeat(" medium", 100)

// pipeline: a PULL that stays, PUSHes that come and go.
func (w *world) pipeline(transport string) scene {
	pull, at := w.bound(transport, zmq4.Pull)
	return func(ctx context.Context, cycle int) error {
		ventilate := func() error {
			return each(visitors, func(v int) error {
				return visit(ctx, at, zmq4.Push, func(s *patterns.Socket) error {
					msgs := make([]zmq4.Msg, talk)
					for i := range msgs {
						msgs[i] = zmq4.NewMsgFromString([]string{fmt.Sprintf("%d/%d", cycle, v), body(i)})
					}
					_, err := s.SendBatch(ctx, msgs)
					return err
				})
			})
		}
		sink := func() error {
			next := make(map[string]int)
			msgs := make([]zmq4.Msg, 64)
			for left := visitors * talk; left > 0; {
				n, err := pull.RecvBatch(ctx, msgs[:min(left, len(msgs))])
				if err != nil {
					return err
				}
				for _, m := range msgs[:n] {
					from := text(m, 0)
					if !strings.HasPrefix(from, fmt.Sprintf("%d/", cycle)) || text(m, 1) != body(next[from]) {
						return fmt.Errorf("message %d of %s is %.50q", next[from], from, m.Frames)
					}
					next[from]++
				}
				left -= n
				pull.Recycle()
			}
			return nil
		}
		return together(ventilate, sink)
	}
}

// topics: an XPUB and a SUB that stay, SUBs that come and go, and subscriptions
// likewise.
func (w *world) topics(transport string) scene {
	pub, at := w.bound(transport, zmq4.XPub)
	regular := w.stays(zmq4.Sub)
	w.connect(regular, at)
	return func(ctx context.Context, cycle int) error {
		topic := func(v int) string { return fmt.Sprintf("%d/%d/", cycle, v) }
		listen := func(s *patterns.Socket, v int) error {
			if err := s.Subscribe(topic(v)); err != nil {
				return err
			}
			for i := range talk {
				if err := expect(ctx, s, topic(v)+"x", body(i)); err != nil {
					return err
				}
			}
			return s.Unsubscribe(topic(v))
		}
		publish := func() error {
			// All have come; at the end all have gone.
			if err := heard(ctx, pub, 1, visitors+1); err != nil {
				return err
			}
			for i := range talk {
				if err := send(ctx, pub, "nobody's", body(i)); err != nil {
					return err
				}
				for v := range visitors + 1 {
					if err := send(ctx, pub, topic(v)+"x", body(i)); err != nil {
						return err
					}
				}
			}
			return heard(ctx, pub, 0, visitors+1)
		}
		return together(publish,
			func() error { return listen(regular, visitors) },
			func() error {
				return each(visitors, func(v int) error {
					return visit(ctx, at, zmq4.Sub, func(s *patterns.Socket) error { return listen(s, v) })
				})
			})
	}
}

// heard waits until an XPUB has been told of so many subscriptions, or
// cancellations: first is the byte they begin with.
func heard(ctx context.Context, pub *patterns.Socket, first byte, n int) error {
	for range n {
		m, err := pub.RecvContext(ctx)
		if err != nil {
			return err
		}
		if m.Frames[0][0] != first {
			return fmt.Errorf("XPUB received %q, want what begins with %d", m.Frames, first)
		}
	}
	return nil
}

// requests: a REP that stays, REQs that come and go.
func (w *world) requests(transport string) scene {
	rep, at := w.bound(transport, zmq4.Rep)
	return func(ctx context.Context, cycle int) error {
		serve := func() error {
			for range visitors * talk {
				m, err := rep.RecvContext(ctx)
				if err == nil {
					err = rep.SendContext(ctx, m)
				}
				if err != nil {
					return err
				}
			}
			return nil
		}
		return together(serve, func() error {
			return each(visitors, func(v int) error {
				return visit(ctx, at, zmq4.Req, func(s *patterns.Socket) error {
					for i := range talk {
						if err := errors.Join(send(ctx, s, body(v), body(i)), expect(ctx, s, body(v), body(i))); err != nil {
							return err
						}
					}
					return nil
				})
			})
		})
	}
}

// routes: a ROUTER that stays, DEALERs with a routing id each that come and go.
func (w *world) routes(transport string) scene {
	router, at := w.bound(transport, zmq4.Router)
	return func(ctx context.Context, cycle int) error {
		route := func() error {
			for range visitors * talk {
				m, err := router.RecvContext(ctx)
				if err == nil {
					err = router.SendContext(ctx, m)
				}
				if err != nil {
					return err
				}
			}
			return nil
		}
		return together(route, func() error {
			return each(visitors, func(v int) error {
				id := fmt.Sprintf("%d/%d", cycle, v)
				return visit(ctx, at, zmq4.Dealer, func(s *patterns.Socket) error {
					for i := range talk {
						if err := send(ctx, s, id, body(i)); err != nil {
							return err
						}
					}
					for i := range talk {
						if err := expect(ctx, s, id, body(i)); err != nil {
							return err
						}
					}
					return nil
				}, patterns.WithID(zmq4.SocketIdentity(id)))
			})
		})
	}
}

// few is a high-water mark that is soon reached.
const few = 50

// even is messages of one size, for queues that stay full: what they hold is then
// always the same.
func even(i int) string { return fmt.Sprintf("%1000d", i) }

// slow: a PUSH whose queue is full all the time, because its PULL takes only some
// messages in each cycle.
func (w *world) slow(transport string) scene {
	pull, at := w.bound(transport, zmq4.Pull, patterns.WithHWM(few))
	push := w.stays(zmq4.Push, patterns.WithHWM(few))
	w.connect(push, at)
	now, cancel := context.WithCancel(context.Background())
	cancel()
	sent, received := 0, 0
	return func(ctx context.Context, _ int) error {
		for push.SendContext(now, zmq4.NewMsgString(even(sent))) == nil {
			sent++
		}
		for range few / 2 {
			if err := expect(ctx, pull, even(received)); err != nil {
				return err
			}
			received++
		}
		return nil
	}
}

// deaf: a PUB whose subscriber never receives.
func (w *world) deaf() scene {
	pub, at := w.bound("inproc", zmq4.Pub, patterns.WithHWM(few))
	sub := w.stays(zmq4.Sub, patterns.WithHWM(few))
	if err := sub.Subscribe(""); err != nil {
		w.t.Fatal(err)
	}
	w.connect(sub, at)
	return func(ctx context.Context, _ int) error {
		if err := pub.WaitSubscribers(ctx, 1); err != nil {
			return err
		}
		before := pub.Stats().Dropped
		for i := 0; pub.Stats().Dropped < before+talk; i++ {
			if err := send(ctx, pub, even(i)); err != nil {
				return err
			}
		}
		return nil
	}
}

// restarts: a PUSH that stays, whose PULL ends and comes back.
func (w *world) restarts(transport string) scene {
	lost := make(chan struct{}, 1)
	push := w.stays(zmq4.Push, patterns.WithMonitor(func(e patterns.Event) {
		if e.Kind == patterns.EventDisconnected {
			lost <- struct{}{}
		}
	}))
	// Who was here before leaves a place that is free.
	before, at := w.bound(transport, zmq4.Pull)
	if err := before.Close(); err != nil {
		w.t.Fatal(err)
	}
	if transport == "ipc" {
		at = "ipc://" + w.t.TempDir() + "/restarts"
	}
	w.connect(push, at)
	return func(ctx context.Context, cycle int) error {
		pull := open(zmq4.Pull)
		defer pull.Close()
		if _, err := pull.Bind(at); err != nil {
			return err
		}
		for i := range talk {
			if err := errors.Join(send(ctx, push, body(i)), expect(ctx, pull, body(i))); err != nil {
				return err
			}
		}
		if err := pull.Close(); err != nil {
			return err
		}
		select {
		case <-lost:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// strangers: peers that speak no ZMTP, or leave while they shake hands.
func (w *world) strangers() scene {
	_, at := w.bound("tcp", zmq4.Pull)
	address := strings.TrimPrefix(at, "tcp://")
	words := []string{"", "GET / HTTP/1.1\r\n\r\n", "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f", "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x01NULL"}
	return func(ctx context.Context, _ int) error {
		return each(len(words), func(i int) error {
			var dialer net.Dialer
			conn, err := dialer.DialContext(ctx, "tcp", address)
			if err != nil {
				return err
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, words[i]); err != nil {
				return err
			}
			return conn.(*net.TCPConn).CloseWrite()
		})
	}
}
