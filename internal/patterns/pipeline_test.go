package patterns

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/go-zeromq/zmq4"
)

// A PUSH without a peer waits, and sends once one comes.
func TestPushWaits(t *testing.T) {
	overTransports(t, func(t *testing.T, endpoint string) {
		push := newSocket(t, zmq4.Push)
		bound := mustBind(t, push, endpoint)
		wantErr(t, "Send with nobody there", push.SendContext(within(t, short), message("lost")), context.DeadlineExceeded)
		sent := make(chan error, 1)
		go func() { sent <- push.SendContext(within(t, patience), message("late")) }()
		eventually(t, "Send waits", func() bool { return push.locked(func() bool { return push.writable.ch != nil }) })
		pull := newSocket(t, zmq4.Pull)
		mustConnect(t, pull, bound)
		wantRecv(t, pull, "late")
		wantErr(t, "Send", <-sent, nil)
	})
}

// PUSH, DEALER and PAIR that connect take exactly as many messages as the
// high-water mark says while nobody is there.
func TestHWMWithoutAPeer(t *testing.T) {
	for _, typ := range []zmq4.SocketType{zmq4.Push, zmq4.Dealer, zmq4.Pair} {
		for _, hwm := range []int{1, 2, 10, 1000} {
			t.Run(fmt.Sprintf("%s/%d", typ, hwm), func(t *testing.T) {
				s := newSocket(t, typ, WithHWM(hwm))
				mustConnect(t, s, freeEndpoint(t, TransportInproc))
				msgs := make([]zmq4.Msg, hwm+5)
				for i := range msgs {
					msgs[i] = message(sequence(i))
				}
				n, err := s.SendBatch(within(t, short), msgs)
				if n != hwm || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%d messages were taken, %v", n, err)
				}
				wantErr(t, "one more", s.SendContext(within(t, short), msgs[0]), context.DeadlineExceeded)
			})
		}
	}
}

// With no bound every message is taken.
func TestNoHWM(t *testing.T) {
	s := newSocket(t, zmq4.Push, WithHWM(0))
	mustConnect(t, s, freeEndpoint(t, TransportInproc))
	msgs := make([]zmq4.Msg, 5000)
	for i := range msgs {
		msgs[i] = message("x")
	}
	if n, err := s.SendBatch(within(t, patience), msgs); n != len(msgs) || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// What is queued for a connecting endpoint survives the peer's restart, whole
// and in order.
func TestQueueSurvivesARestart(t *testing.T) {
	overTransports(t, func(t *testing.T, endpoint string) {
		var seen events
		push := newSocket(t, zmq4.Push, seen.option())
		mustConnect(t, push, endpoint)
		const n = 900
		for life := range 3 {
			for i := range n {
				mustSend(t, push, sequence(life), sequence(i), filled(i, i%3*3000))
			}
			pull := newSocket(t, zmq4.Pull)
			mustBind(t, pull, endpoint)
			for i := range n {
				wantRecv(t, pull, sequence(life), sequence(i), filled(i, i%3*3000))
			}
			pull.Close()
			seen.wait(t, EventDisconnected, life+1)
		}
	})
}

// What an accepted peer had not got when it died goes to the next, in order.
func TestUnsentMessagesFindAnotherPeer(t *testing.T) {
	for _, heirFirst := range []bool{false, true} {
		t.Run(fmt.Sprintf("heir there %v", heirFirst), func(t *testing.T) {
			var seen events
			push := newSocket(t, zmq4.Push, seen.option())
			bound := mustBind(t, push, "tcp://127.0.0.1:0")
			dead := rawPeer(t, bound, zmq4.Pull, "")
			mustWaitPeers(t, push, 1)
			const n, size = 400, 50000 // more than the kernel takes for a peer that does not read
			for i := range n {
				mustSend(t, push, filled(i, size))
			}
			pull := newSocket(t, zmq4.Pull)
			if heirFirst {
				mustConnect(t, pull, bound)
				mustWaitPeers(t, push, 2)
			}
			dead.Close()
			seen.wait(t, EventDisconnected, 1)
			gone := int(push.Stats().MsgsOut)
			if !heirFirst {
				mustConnect(t, pull, bound)
			} else {
				// The heir may have got some by now: what it gets first tells.
				gone = numberOf(t, mustRecv(t, pull)[0])
			}
			if gone == n {
				t.Fatalf("the kernel took all %d messages: here the test needs more of them", n)
			}
			next := gone
			if heirFirst {
				next++
			}
			for i := next; i < n; i++ {
				if got := numberOf(t, mustRecv(t, pull)[0]); got != i {
					t.Fatalf("message %d, want %d", got, i)
				}
			}
			if left := push.Drain(within(t, patience)); left != 0 {
				t.Errorf("%d messages are left", left)
			}
			mustSend(t, push, "end")
			wantRecv(t, pull, "end")
		})
	}
}

// Messages go to the peers in turn, evenly.
func TestRoundRobinIsEven(t *testing.T) {
	for from, to := range map[zmq4.SocketType]zmq4.SocketType{zmq4.Push: zmq4.Pull, zmq4.Dealer: zmq4.Dealer} {
		t.Run(string(from), func(t *testing.T) {
			overTransports(t, func(t *testing.T, endpoint string) {
				s := newSocket(t, from)
				bound := mustBind(t, s, endpoint)
				peers := make([]*Socket, 3)
				for i := range peers {
					peers[i] = newSocket(t, to)
					mustConnect(t, peers[i], bound)
				}
				mustWaitPeers(t, s, len(peers))
				const each = 100
				for i := range each * len(peers) {
					mustSend(t, s, sequence(i))
				}
				for _, peer := range peers {
					first := numberOf(t, mustRecv(t, peer)[0]+" ")
					for i := 1; i < each; i++ {
						wantRecv(t, peer, sequence(first+i*len(peers)))
					}
				}
			})
		})
	}
}

// A peer whose queue is full is skipped, and has its turn again later.
func TestRoundRobinSkipsAFullPeer(t *testing.T) {
	const hwm = 10
	push := newSocket(t, zmq4.Push, WithHWM(hwm))
	mustConnect(t, push, freeEndpoint(t, TransportInproc)) // nobody there: it fills up
	absent := freeEndpoint(t, TransportInproc)
	mustConnect(t, push, absent)
	pull := newSocket(t, zmq4.Pull)
	mustConnect(t, push, mustBind(t, pull, freeEndpoint(t, TransportInproc)))
	mustWaitPeers(t, push, 1)
	const n = 500
	got := make(chan int, n)
	go func() {
		for range n - 2*hwm {
			got <- numberOf(t, mustRecv(t, pull)[0]+" ")
		}
		close(got)
	}()
	for i := range n {
		mustSend(t, push, sequence(i))
	}
	last := -1
	for i := range got {
		if i <= last {
			t.Fatalf("%d after %d", i, last)
		}
		last = i
	}
	late := newSocket(t, zmq4.Pull)
	mustBind(t, late, absent)
	for range hwm {
		mustRecv(t, late)
	}
	// It is in turn again.
	for i := range 3 * hwm {
		mustSend(t, push, sequence(n+i))
		eventually(t, "the message is written", func() bool { return push.locked(func() bool { return push.unsent == hwm }) })
	}
	mustRecv(t, late)
	mustRecv(t, pull)
}

// A peer that floods does not keep others from being heard.
func TestFairQueue(t *testing.T) {
	for to, from := range map[zmq4.SocketType]zmq4.SocketType{zmq4.Pull: zmq4.Push, zmq4.Router: zmq4.Dealer, zmq4.Dealer: zmq4.Dealer} {
		t.Run(string(to), func(t *testing.T) {
			overTransports(t, func(t *testing.T, endpoint string) {
				const slow = 9
				s := newSocket(t, to, WithHWM(100))
				bound := mustBind(t, s, endpoint)
				flood := newSocket(t, from)
				mustConnect(t, flood, bound)
				ctx, cancel := context.WithCancel(t.Context())
				flooded := make(chan struct{})
				go func() {
					defer close(flooded)
					for flood.SendContext(ctx, message("flood")) == nil {
					}
				}()
				defer func() { cancel(); <-flooded }()
				eventually(t, "the flood fills its queue", func() bool {
					return s.locked(func() bool {
						for p := range s.pipes {
							if p.stalled {
								return true
							}
						}
						return false
					})
				})
				for range slow {
					peer := newSocket(t, from)
					mustConnect(t, peer, bound)
					mustSend(t, peer, "slow")
				}
				eventually(t, "all have messages here", func() bool {
					return s.locked(func() bool {
						n := 0
						for p := range s.pipes {
							if p.in.msgs > 0 {
								n++
							}
						}
						return n == slow+1
					})
				})
				heard := 0
				for range slow + 1 {
					got := mustRecv(t, s)
					if got[len(got)-1] == "slow" {
						heard++
					}
				}
				if heard != slow {
					t.Errorf("%d of %d slow peers were heard in their turn", heard, slow)
				}
			})
		})
	}
}
