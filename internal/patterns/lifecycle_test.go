package patterns

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/go-zeromq/zmq4"
)

var allTypes = []zmq4.SocketType{
	zmq4.Pub, zmq4.Sub, zmq4.XPub, zmq4.XSub, zmq4.Push, zmq4.Pull,
	zmq4.Req, zmq4.Rep, zmq4.Dealer, zmq4.Router, zmq4.Pair,
}

// What a socket of each type can't do from its start on is an error at once;
// what it waits for ends with its context, with its socket, and with the
// context of its socket.
func TestWaitsEnd(t *testing.T) {
	receives := func(s *Socket, ctx context.Context) error {
		_, err := s.RecvContext(ctx)
		return err
	}
	sends := func(s *Socket, ctx context.Context) error { return s.SendContext(ctx, message("x")) }
	waits := []struct {
		name  string
		types []zmq4.SocketType
		call  func(*Socket, context.Context) error
	}{
		{"receive", []zmq4.SocketType{zmq4.Sub, zmq4.XSub, zmq4.XPub, zmq4.Pull, zmq4.Rep, zmq4.Dealer, zmq4.Router, zmq4.Pair}, receives},
		{"send", []zmq4.SocketType{zmq4.Push, zmq4.Req, zmq4.Dealer, zmq4.Pair}, sends},
	}
	for _, w := range waits {
		for _, typ := range w.types {
			t.Run(fmt.Sprintf("%s/%s", typ, w.name), func(t *testing.T) {
				t.Parallel()
				blocked := func(s *Socket) func() bool {
					return func() bool {
						return s.locked(func() bool { return s.readable.ch != nil || s.writable.ch != nil })
					}
				}
				start := func(s *Socket, ctx context.Context) <-chan error {
					ended := make(chan error, 1)
					go func() { ended <- w.call(s, ctx) }()
					eventually(t, "the call waits", blocked(s))
					return ended
				}

				s := newSocket(t, typ)
				mustBind(t, s, freeEndpoint(t, TransportTCP))
				wantErr(t, "deadline", w.call(s, within(t, short)), context.DeadlineExceeded)
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				wantErr(t, "cancelled before", w.call(s, ctx), context.Canceled)
				ended := start(s, t.Context())
				other := make(chan error, 1)
				go func() { other <- w.call(s, t.Context()) }()
				s.Close()
				wantErr(t, "closed", <-ended, ErrClosed)
				wantErr(t, "closed, a second caller", <-other, ErrClosed)
				wantErr(t, "after Close", w.call(s, t.Context()), ErrClosed)

				own, end := context.WithCancel(t.Context())
				s = New(own, typ)
				t.Cleanup(func() { s.Close() })
				ended = start(s, t.Context())
				end()
				wantErr(t, "the socket's context ended", <-ended, context.Canceled)
			})
		}
	}
}

// A direction that a type has not is an error that says so.
func TestWrongDirection(t *testing.T) {
	for _, typ := range []zmq4.SocketType{zmq4.Sub, zmq4.Pull} {
		err := newSocket(t, typ).SendContext(t.Context(), message("x"))
		wantErr(t, string(typ)+" sends", err, errors.ErrUnsupported)
	}
	for _, typ := range []zmq4.SocketType{zmq4.Pub, zmq4.Push} {
		_, err := newSocket(t, typ).RecvContext(t.Context())
		wantErr(t, string(typ)+" receives", err, errors.ErrUnsupported)
	}
}

// Everything on a closed socket is ErrClosed; Close itself is nothing new.
func TestClosedSocket(t *testing.T) {
	for _, typ := range allTypes {
		t.Run(string(typ), func(t *testing.T) {
			s := newSocket(t, typ)
			mustBind(t, s, "tcp://127.0.0.1:0")
			wantErr(t, "Close", s.Close(), nil)
			wantErr(t, "Close again", s.Close(), nil)
			_, err := s.Bind("tcp://127.0.0.1:0")
			wantErr(t, "Bind", err, ErrClosed)
			wantErr(t, "Connect", s.Connect("tcp://127.0.0.1:1"), ErrClosed)
			wantErr(t, "Dial", s.Dial("tcp://127.0.0.1:1"), ErrClosed)
			wantErr(t, "Send", s.Send(message("x")), ErrClosed)
			_, err = s.Recv()
			wantErr(t, "Recv", err, ErrClosed)
			wantErr(t, "as zmq4's", err, context.Canceled)
		})
	}
}

// A message without frames is none: it is refused by all that send, whether a
// peer is there or not, and costs nothing.
func TestSendNoFrames(t *testing.T) {
	for _, c := range conversations {
		for _, typ := range []zmq4.SocketType{c.a, c.b} {
			if typ == zmq4.Sub || typ == zmq4.Pull || typ == zmq4.Rep {
				continue
			}
			t.Run(fmt.Sprintf("%s of %s-%s", typ, c.a, c.b), func(t *testing.T) {
				a, b := newSocket(t, c.a, c.optsA...), newSocket(t, c.b, c.optsB...)
				if c.before != nil {
					c.before(t, a, b)
				}
				join(t, a, b, freeEndpoint(t, TransportInproc), true, true)
				mustWaitPeers(t, a, 1)
				mustWaitPeers(t, b, 1)
				s := a
				if typ == c.b {
					s = b
				}
				if err := s.SendContext(within(t, patience), zmq4.Msg{}); err == nil {
					t.Error("a message without frames was sent")
				}
				c.talk(t, a, b)
			})
		}
	}
}

// Send of the zmq4 interface waits no longer than WithTimeout says.
func TestWithTimeout(t *testing.T) {
	s := newSocket(t, zmq4.Push, WithTimeout(short))
	wantErr(t, "Send", s.Send(message("x")), context.DeadlineExceeded)
	wantErr(t, "SendMulti", s.SendMulti(message("x", "y")), context.DeadlineExceeded)
}

// Drain tells how many messages did not leave, and waits for all of them.
func TestDrain(t *testing.T) {
	overTransports(t, func(t *testing.T, endpoint string) {
		push := newSocket(t, zmq4.Push)
		if left := push.Drain(t.Context()); left != 0 {
			t.Errorf("%d are left of nothing", left)
		}
		mustConnect(t, push, endpoint)
		const n = 5
		for i := range n {
			mustSend(t, push, sequence(i))
		}
		if left := push.Drain(within(t, short)); left != n {
			t.Errorf("%d are left of %d", left, n)
		}
		drained := make(chan int, 1)
		go func() { drained <- push.Drain(t.Context()) }()
		pull := newSocket(t, zmq4.Pull)
		mustBind(t, pull, endpoint)
		if left := <-drained; left != 0 {
			t.Errorf("%d are left", left)
		}
		push.Close()
		for i := range n {
			wantRecv(t, pull, sequence(i))
		}
	})
}

// Close gives connected peers all that was sent, however much it is and however
// late they read it.
func TestCloseLingers(t *testing.T) {
	overTransports(t, func(t *testing.T, endpoint string) {
		push := newSocket(t, zmq4.Push, WithLinger(patience))
		pull := newSocket(t, zmq4.Pull)
		mustConnect(t, push, mustBind(t, pull, endpoint))
		mustWaitPeers(t, push, 1) // what is queued for nobody is not waited for
		const n = 500
		for i := range n {
			mustSend(t, push, filled(i, 10000))
		}
		closed := make(chan error, 1)
		go func() { closed <- push.Close() }()
		for i := range n {
			if got := numberOf(t, mustRecv(t, pull)[0]); got != i {
				t.Fatalf("message %d, want %d", got, i)
			}
		}
		wantErr(t, "Close", <-closed, nil)
	})
}

// Close does not wait for peers that are not there, nor for one that leaves
// while it waits.
func TestCloseWaitsForConnectedPeersOnly(t *testing.T) {
	push := newSocket(t, zmq4.Push, WithLinger(10*patience))
	mustConnect(t, push, freeEndpoint(t, TransportTCP))
	mustSend(t, push, "for nobody")
	endpoint, accept := rawListener(t)
	mustConnect(t, push, endpoint)
	conn := accept()
	shakeHands(t, conn, zmq4.Pull, "")
	mustWaitPeers(t, push, 1)
	for i := range 100 {
		mustSend(t, push, filled(i, 200000)) // the peer never reads
	}
	closed := make(chan error, 1)
	go func() { closed <- push.Close() }()
	eventually(t, "Close lingers", func() bool { return push.locked(func() bool { return push.drained.ch != nil }) })
	conn.Close()
	ctx := within(t, patience)
	select {
	case err := <-closed:
		wantErr(t, "Close", err, nil)
	case <-ctx.Done():
		t.Fatal("Close still lingers for a peer that has gone")
	}
}

// Halt: what had come is received, in order and whole, then ErrClosed; what the
// peer goes on sending is not taken.
func TestHalt(t *testing.T) {
	for _, hwm := range []int{0, 1, 50, 1000} {
		t.Run(fmt.Sprintf("HWM %d", hwm), func(t *testing.T) {
			overTransports(t, func(t *testing.T, endpoint string) {
				pull, push := newSocket(t, zmq4.Pull, WithHWM(hwm)), newSocket(t, zmq4.Push)
				mustConnect(t, push, mustBind(t, pull, endpoint))
				ctx, cancel := context.WithCancel(t.Context())
				sent := make(chan struct{})
				go func() {
					defer close(sent)
					for i := 0; push.SendContext(ctx, message(sequence(i))) == nil; i++ {
					}
				}()
				defer func() { cancel(); <-sent }()
				for i := range 20 {
					wantRecv(t, pull, sequence(i))
				}
				had := func() (n int) {
					pull.mu.Lock()
					defer pull.mu.Unlock()
					for p := range pull.pipes {
						n += p.in.msgs
					}
					return n
				}()
				pull.Halt()
				n := 20
				for ; ; n++ {
					msg, err := pull.RecvContext(within(t, patience))
					if err != nil {
						wantErr(t, "the end", err, ErrClosed)
						break
					}
					if got := string(msg.Frames[0]); got != sequence(n) {
						t.Fatalf("message %s, want %d", got, n)
					}
				}
				if n < 20+had {
					t.Errorf("%d messages were received, %d had come", n-20, had)
				}
				_, err := pull.RecvContext(within(t, patience))
				wantErr(t, "again", err, ErrClosed)
			})
		})
	}
}

// Halt ends a wait, and leaves sending alone.
func TestHaltWhileWaiting(t *testing.T) {
	overTransports(t, func(t *testing.T, endpoint string) {
		a, b := newSocket(t, zmq4.Pair), newSocket(t, zmq4.Pair)
		join(t, a, b, endpoint, true, true)
		mustWaitPeers(t, a, 1)
		ended := make(chan error, 1)
		go func() {
			_, err := a.RecvContext(t.Context())
			ended <- err
		}()
		eventually(t, "it waits", func() bool { return a.locked(func() bool { return a.readable.ch != nil }) })
		a.Halt()
		wantErr(t, "Recv", <-ended, ErrClosed)
		mustSend(t, a, "still sends")
		wantRecv(t, b, "still sends")
	})
}

// RecvBatch gives what is there; SendBatch takes what fits.
func TestBatches(t *testing.T) {
	push, pull := newSocket(t, zmq4.Push), newSocket(t, zmq4.Pull)
	mustConnect(t, push, mustBind(t, pull, freeEndpoint(t, TransportInproc)))
	msgs := make([]zmq4.Msg, 100)
	for i := range msgs {
		msgs[i] = message(sequence(i))
	}
	if n, err := push.SendBatch(within(t, patience), msgs); n != len(msgs) || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if n, err := pull.RecvBatch(within(t, patience), nil); n != 0 || err != nil {
		t.Errorf("%d into nothing, %v", n, err)
	}
	got := 0
	for got < len(msgs) {
		batch := make([]zmq4.Msg, 30)
		n, err := pull.RecvBatch(within(t, patience), batch)
		if n < 1 || n > len(batch) || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		for _, msg := range batch[:n] {
			if string(msg.Frames[0]) != sequence(got) {
				t.Fatalf("%s, want %d", msg.Frames[0], got)
			}
			got++
		}
	}
	stats, back := push.Stats(), pull.Stats()
	if stats.MsgsOut != 100 || back.MsgsIn != 100 || stats.BytesOut != back.BytesIn {
		t.Errorf("out %+v, in %+v", stats, back)
	}
}

// Frames of a message that was received do not change when others come.
func TestReceivedFramesStay(t *testing.T) {
	push, pull := newSocket(t, zmq4.Push), newSocket(t, zmq4.Pull)
	mustConnect(t, push, mustBind(t, pull, freeEndpoint(t, TransportTCP)))
	var got []zmq4.Msg
	const n = 3000
	go func() {
		for i := range n {
			push.SendContext(t.Context(), message(filled(i, i%500)))
		}
	}()
	for range n {
		msg, err := pull.RecvContext(within(t, patience))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, msg)
	}
	for i, msg := range got {
		if string(msg.Frames[0]) != filled(i, i%500) {
			t.Fatalf("message %d is now %.50q", i, msg.Frames[0])
		}
	}
}
