package patterns

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// A PUB never waits: not with nobody there, not for a subscriber that does not
// read, and the other subscribers miss nothing by it.
func TestPubNeverWaits(t *testing.T) {
	for _, typ := range []zmq4.SocketType{zmq4.Pub, zmq4.XPub} {
		t.Run(string(typ), func(t *testing.T) {
			pub := newSocket(t, typ)
			bound := mustBind(t, pub, "tcp://127.0.0.1:0")
			mustSend(t, pub, "nobody there")
			deaf := rawPeer(t, bound, zmq4.Sub, "")
			mustWrite(t, deaf, frame("\x01"))
			sub := newSocket(t, zmq4.Sub)
			sub.Subscribe("")
			mustConnect(t, sub, bound)
			mustWaitSubscribers(t, pub, 2)
			const n, size = 3000, 20000 // far more than queue and kernel take
			for i := range n {
				mustSend(t, pub, filled(i, size))
				if got := numberOf(t, mustRecv(t, sub)[0]); got != i {
					t.Fatalf("message %d, want %d", got, i)
				}
			}
			if dropped := pub.Stats().Dropped; dropped == 0 || dropped > n {
				t.Errorf("%d messages were dropped", dropped)
			}
		})
	}
}

// Nothing that was published before a subscription, or without one, arrives.
func TestSubWithoutSubscription(t *testing.T) {
	pub, sub := newSocket(t, zmq4.Pub), newSocket(t, zmq4.Sub)
	mustConnect(t, sub, mustBind(t, pub, freeEndpoint(t, TransportInproc)))
	mustWaitPeers(t, pub, 1)
	mustSend(t, pub, "early")
	wantErr(t, "WaitSubscribers", pub.WaitSubscribers(within(t, short), 1), context.DeadlineExceeded)
	sub.Subscribe("")
	mustWaitSubscribers(t, pub, 1)
	mustSend(t, pub, "late")
	wantRecv(t, sub, "late")
}

// Subscriptions reach a publisher that comes back, also those that were made
// and cancelled while it was away, and each only once.
func TestSubscriptionsAreSentAgain(t *testing.T) {
	overTransports(t, func(t *testing.T, endpoint string) {
		var seen events
		sub := newSocket(t, zmq4.Sub, seen.option())
		sub.Subscribe("stays")
		sub.Subscribe("goes")
		sub.Subscribe("stays")
		mustConnect(t, sub, endpoint)
		for life := range 3 {
			pub := newSocket(t, zmq4.XPub)
			mustBind(t, pub, endpoint)
			if life == 0 {
				wantRecv(t, pub, "\x01goes")
			}
			wantRecv(t, pub, "\x01stays")
			if life > 0 {
				wantRecv(t, pub, fmt.Sprintf("\x01topic %d", life))
			}
			mustSend(t, pub, "goes", "nowhere")
			mustSend(t, pub, "stays", sequence(life))
			if life == 0 {
				wantRecv(t, sub, "goes", "nowhere")
			}
			wantRecv(t, sub, "stays", sequence(life))
			pub.Close()
			seen.wait(t, EventDisconnected, life+1)
			if life == 0 {
				sub.Unsubscribe("goes")
			} else {
				sub.Unsubscribe(fmt.Sprintf("topic %d", life))
			}
			sub.Subscribe(fmt.Sprintf("topic %d", life+1))
		}
	})
}

// Subscribing is counted: the publisher hears of the first and of the last.
func TestSubscriptionsAreCounted(t *testing.T) {
	for _, typ := range []zmq4.SocketType{zmq4.Sub, zmq4.XSub} {
		t.Run(string(typ), func(t *testing.T) {
			pub, sub := newSocket(t, zmq4.XPub), newSocket(t, typ)
			mustConnect(t, sub, mustBind(t, pub, freeEndpoint(t, TransportInproc)))
			mustWaitPeers(t, sub, 1)
			sub.Unsubscribe("never was")
			sub.Subscribe("a")
			sub.Subscribe("a")
			sub.Subscribe("")
			wantRecv(t, pub, "\x01a")
			wantRecv(t, pub, "\x01")
			sub.Unsubscribe("a")
			sub.Unsubscribe("")
			wantRecv(t, pub, "\x00")
			mustSend(t, pub, "a still")
			wantRecv(t, sub, "a still")
			sub.Unsubscribe("a")
			wantRecv(t, pub, "\x00a")
			sub.Subscribe("b")
			wantRecv(t, pub, "\x01b")
			mustSend(t, pub, "a no more")
			mustSend(t, pub, "b")
			wantRecv(t, sub, "b")
			if got := strings.Join(sub.Topics(), ","); got != "b" {
				t.Errorf("topics %q", got)
			}
			if got := strings.Join(pub.Topics(), ","); got != "b" {
				t.Errorf("the publisher's topics %q", got)
			}
		})
	}
}

// An XPUB tells of the first subscription of its kind and of the last
// cancellation, a peer's end included; a verbose one of all.
func TestXPubTellsOfSubscriptions(t *testing.T) {
	for _, verbose := range []bool{false, true} {
		t.Run(fmt.Sprintf("verbose %v", verbose), func(t *testing.T) {
			pub := newSocket(t, zmq4.XPub, WithVerboseSubscriptions(verbose))
			bound := mustBind(t, pub, freeEndpoint(t, TransportInproc))
			subs := [2]*Socket{newSocket(t, zmq4.Sub), newSocket(t, zmq4.Sub)}
			for i, sub := range subs {
				sub.Subscribe("a")
				mustConnect(t, sub, bound)
				mustWaitSubscribers(t, pub, i+1)
				if i == 0 || verbose {
					wantRecv(t, pub, "\x01a")
				}
			}
			subs[0].Subscribe("b")
			wantRecv(t, pub, "\x01b")
			subs[0].Close()
			if verbose {
				wantRecv(t, pub, "\x00a")
			}
			wantRecv(t, pub, "\x00b")
			mustSend(t, pub, "a goes on")
			wantRecv(t, subs[1], "a goes on")
			subs[1].Close()
			wantRecv(t, pub, "\x00a")
		})
	}
}

func TestWaitSubscribers(t *testing.T) {
	pub := newSocket(t, zmq4.Pub)
	bound := mustBind(t, pub, freeEndpoint(t, TransportInproc))
	wantErr(t, "none", pub.WaitSubscribers(within(t, short), 1), context.DeadlineExceeded)
	wantErr(t, "none wanted", pub.WaitSubscribers(within(t, patience), 0), nil)
	subs := make([]*Socket, 3)
	for i := range subs {
		subs[i] = newSocket(t, zmq4.Sub)
		subs[i].Subscribe("a")
		subs[i].Subscribe("b") // is one subscriber all the same
		mustConnect(t, subs[i], bound)
	}
	mustWaitSubscribers(t, pub, 3)
	wantErr(t, "four", pub.WaitSubscribers(within(t, short), 4), context.DeadlineExceeded)
	waited := make(chan error, 1)
	go func() { waited <- pub.WaitSubscribers(t.Context(), 4) }()
	pub.Close()
	wantErr(t, "a closed socket", <-waited, ErrClosed)
	pull := newSocket(t, zmq4.Pull)
	wantErr(t, "a PULL", pull.WaitSubscribers(t.Context(), 1), errors.ErrUnsupported)
}

// A publisher of another make may send what was not asked for, and subscribe
// commands of ZMTP 3.1 are understood.
func TestSubFiltersAndPubTakesCommands(t *testing.T) {
	endpoint, accept := rawListener(t)
	sub := newSocket(t, zmq4.Sub)
	sub.Subscribe("wanted")
	mustConnect(t, sub, endpoint)
	conn := accept()
	shakeHands(t, conn, zmq4.Pub, "")
	mustWrite(t, conn, frame("not wanted"), frame(""), zmtp.AppendFrame(nil, zmtp.FlagMore, []byte("want")), frame("wanted"), frame("wanted 1"))
	wantRecv(t, sub, "wanted 1")

	pub := newSocket(t, zmq4.XPub)
	raw := rawPeer(t, mustBind(t, pub, "tcp://127.0.0.1:0"), zmq4.Sub, "")
	mustWrite(t, raw, zmtp.AppendCommand(nil, zmq4.CmdSubscribe, []byte("topic")))
	wantRecv(t, pub, "\x01topic")
	mustSend(t, pub, "topic 1")
	wantBytes(t, raw, frame("topic 1"))
	mustWrite(t, raw, zmtp.AppendCommand(nil, zmq4.CmdCancel, []byte("topic")))
	wantRecv(t, pub, "\x00topic")
}

// A subscription of any length costs a publisher little and its end nothing.
func TestLongSubscription(t *testing.T) {
	pub := newSocket(t, zmq4.Pub)
	raw := rawPeer(t, mustBind(t, pub, "tcp://127.0.0.1:0"), zmq4.Sub, "")
	mustWrite(t, raw, frame("\x01"+strings.Repeat("x", 60000)))
	mustWaitSubscribers(t, pub, 1)
	mustSend(t, pub, strings.Repeat("x", 70000))
	wantBytes(t, raw, frame(strings.Repeat("x", 70000)))
	raw.Close()
	eventually(t, "the peer is gone", func() bool { return pub.locked(func() bool { return len(pub.pipes) == 0 }) })
}
