package patterns

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// told is what must never be seen on the wire: topics, ids and messages.
const told = "recognisable"

// tellings are pairs that tell each other something of every kind. a connects,
// through a relay, and b binds.
var tellings = []struct {
	a, b   zmq4.SocketType
	before func(t *testing.T, a, b talker)
	tell   func(t *testing.T, a, b talker)
}{
	{zmq4.Push, zmq4.Pull, nil, func(t *testing.T, a, b talker) {
		for _, frames := range [][]string{{told + " short"}, {told, strings.Repeat(told, 5000)}} {
			mustSend(t, a, frames...)
			wantRecv(t, b, frames...)
		}
	}},
	{zmq4.Sub, zmq4.XPub, func(t *testing.T, a, _ talker) {
		if s, ok := a.(*Socket); ok {
			if err := s.Subscribe(told + " topic"); err != nil {
				t.Fatal(err)
			}
		}
	}, func(t *testing.T, a, b talker) {
		wantRecv(t, b, "\x01"+told+" topic")
		mustSend(t, b, told+" topic", told)
		wantRecv(t, a, told+" topic", told)
	}},
	{zmq4.Dealer, zmq4.Router, nil, func(t *testing.T, a, b talker) {
		mustSend(t, a, told)
		wantRecv(t, b, told+" id", told)
		mustSend(t, b, told+" id", told)
		wantRecv(t, a, told)
	}},
}

// Who reads the wire under CURVE sees nothing of what is told on it, in neither
// direction: no message, no topic, no routing id, no socket type, no client's key.
// Under NULL the same relay sees it all.
func TestCurveWireTellsNothing(t *testing.T) {
	secs := securities(t)[:2]
	for _, c := range tellings {
		for _, peer := range []string{"ours", "libzmq's connects", "libzmq's binds"} {
			for _, mechanism := range []string{secs[0].name, secs[1].name, "NULL"} {
				t.Run(fmt.Sprintf("%s-%s/%s/%s", c.a, c.b, peer, mechanism), func(t *testing.T) {
					t.Parallel()
					var sec, other zmq4.Security
					var texts []string
					switch mechanism {
					case secs[0].name:
						sec, texts = secs[0].ours, secs[0].theirs
					case secs[1].name:
						sec, texts = secs[1].ours, secs[1].theirs
					}
					if peer == "ours" && sec != nil {
						sec, other = curvePair(t)
					}
					endpoint := freeEndpoint(t, TransportTCP)
					relay := startRelay(t, endpoint)
					a, b := openTelling(t, c.a, c.b, peer, endpoint, relay.endpoint, sec, other, texts, c.before)
					c.tell(t, a, b)
					for _, word := range []string{told, "Socket-Type", string(c.a)} {
						if relay.saw(word) != (sec == nil) {
							t.Errorf("%q was seen: %v", word, sec != nil)
						}
					}
					if relay.saw("\x07MESSAGE") == (sec == nil) {
						t.Error("the relay saw no traffic")
					}
				})
			}
		}
	}
}

// openTelling opens the two sides of a telling.
func openTelling(t *testing.T, typeA, typeB zmq4.SocketType, peer, endpoint, relayed string, sec, other zmq4.Security, texts []string, before func(*testing.T, talker, talker)) (a, b talker) {
	t.Helper()
	options := func(sec zmq4.Security) []Option { return []Option{WithSecurity(sec), WithID([]byte(told + " id"))} }
	texts = append([]string{"ROUTING_ID=" + hexText(told+" id")}, texts...)
	if typeA == zmq4.Sub && peer == "libzmq's connects" {
		texts = append(texts, "SUBSCRIBE="+hexText(told+" topic"))
	}
	switch peer {
	case "libzmq's connects":
		theirs, ours := startLibzmq(t), newSocket(t, typeB, options(sec)...)
		mustBind(t, ours, endpoint)
		theirs.open(typeA, "connect", relayed, texts...)
		return theirs, ours
	case "libzmq's binds":
		theirs, ours := startLibzmq(t), newSocket(t, typeA, options(sec)...)
		if before != nil {
			before(t, ours, theirs)
		}
		theirs.open(typeB, "bind", endpoint, texts...)
		mustConnect(t, ours, relayed)
		return ours, theirs
	}
	x, y := newSocket(t, typeA, options(sec)...), newSocket(t, typeB, options(other)...)
	if before != nil {
		before(t, x, y)
	}
	mustBind(t, y, endpoint)
	mustConnect(t, x, relayed)
	return x, y
}

func hexText(s string) string { return fmt.Sprintf("%x", s) }

// flips is how many connections are to end of a flipped bit.
const flips = 4

// numbered is message n of those that a relay tampers with.
func numbered(n int) []string { return []string{strconv.Itoa(n), strings.Repeat("x", n%3000)} }

// maxTampered bounds messages where bits are flipped: a length that became huge is
// refused, not waited for.
const maxTampered = 64 << 10

// impatient ends a handshake in which both sides wait for what a flipped bit has
// announced.
var impatient = WithHandshakeTimeout(time.Second)

// sendNumbered sends numbered messages until ctx ends.
func sendNumbered(ctx context.Context, push *Socket, sent *atomic.Int64) {
	for n := 1; ; n++ {
		if err := push.SendContext(ctx, message(numbered(n)...)); err != nil {
			return
		}
		sent.Store(int64(n))
	}
}

// ended counts the connections that did not end well.
func (e *events) ended() int { return len(e.of(EventHandshakeFailed)) + len(e.of(EventDisconnected)) }

// A relay that flips bits between two of ours, and from libzmq to us: what arrives is
// whole, right, in order and never twice, and once it flips no more, all goes on.
func TestCurveUnderFlippedBits(t *testing.T) {
	t.Run("ours", func(t *testing.T) {
		server, client := curvePair(t)
		for name, secs := range map[string][2]zmq4.Security{"PUSH serves": {server, client}, "PULL serves": {client, server}} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				var seen events
				push := newSocket(t, zmq4.Push, WithSecurity(secs[0]), WithMaxMessage(maxTampered), impatient)
				pull := newSocket(t, zmq4.Pull, WithSecurity(secs[1]), WithMaxMessage(maxTampered), impatient, seen.option())
				endpoint := freeEndpoint(t, TransportTCP)
				mustBind(t, pull, endpoint)
				relay := startRelay(t, endpoint)
				mustConnect(t, push, relay.endpoint)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var sent atomic.Int64
				done := make(chan struct{})
				go func() {
					defer close(done)
					sendNumbered(ctx, push, &sent)
				}()
				relay.flipUp.Store(true)
				relay.flipDown.Store(true)
				last := 0
				receive := func() {
					got := mustRecv(t, pull)
					n, err := strconv.Atoi(got[0])
					if err != nil || n <= last || len(got) != 2 || got[1] != numbered(n)[1] {
						t.Fatalf("%.50q behind %d", got, last)
					}
					last = n
				}
				for seen.ended() < flips {
					receive()
				}
				relay.flipUp.Store(false)
				relay.flipDown.Store(false)
				for goal := int(sent.Load()) + 1000; last < goal; {
					receive()
				}
				cancel()
				<-done
			})
		}
	})
	for _, s := range securities(t)[:2] {
		t.Run("to libzmq/"+s.name, func(t *testing.T) { flipToLibzmq(t, s) })
		t.Run("from libzmq/"+s.name, func(t *testing.T) { flipFromLibzmq(t, s) })
	}
}

// flipToLibzmq has libzmq judge what arrives.
func flipToLibzmq(t *testing.T, s security) {
	t.Parallel()
	theirs := startLibzmq(t)
	var seen events
	push := newSocket(t, zmq4.Push, WithSecurity(s.ours), impatient, seen.option())
	endpoint := freeEndpoint(t, TransportTCP)
	theirs.open(zmq4.Pull, "bind", endpoint, append([]string{fmt.Sprintf("MAXMSGSIZE=%d", maxTampered)}, s.theirs...)...)
	relay := startRelay(t, endpoint)
	mustConnect(t, push, relay.endpoint)
	theirs.Tell("swallow")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan struct{})
	var sent atomic.Int64
	numbers, stop := context.WithCancel(ctx)
	go func() {
		defer close(done)
		sendNumbered(numbers, push, &sent)
		// The last of them may be lost with a connection.
		for push.SendContext(ctx, message("end")) == nil {
		}
	}()
	relay.flipUp.Store(true)
	relay.flipDown.Store(true)
	seen.wait(t, EventConnected, flips)
	relay.flipUp.Store(false)
	relay.flipDown.Store(false)
	theirs.Wait("swallowing")
	stop()
	theirs.Wait("right")
	cancel()
	<-done
}

// flipFromLibzmq flips towards us only: a libzmq that finds a flipped bit itself does
// not connect again.
func flipFromLibzmq(t *testing.T, s security) {
	t.Parallel()
	theirs := startLibzmq(t)
	var seen events
	pull := newSocket(t, zmq4.Pull, WithSecurity(s.ours), WithMaxMessage(maxTampered), impatient, seen.option())
	endpoint := freeEndpoint(t, TransportTCP)
	mustBind(t, pull, endpoint)
	relay := startRelay(t, endpoint)
	theirs.open(zmq4.Push, "connect", relay.endpoint, s.theirs...)
	theirs.Tell("flood me")
	relay.flipUp.Store(true)
	last, goal := -1, 0
	for goal == 0 || last < goal {
		got := mustRecv(t, pull)
		if len(got) != 3 {
			t.Fatalf("%.50q behind %d", got, last)
		}
		n, err := strconv.Atoi(got[1])
		if err != nil || n <= last || got[0] != "me" || got[2] != strings.Repeat("x", n%3000) {
			t.Fatalf("%.50q behind %d", got, last)
		}
		last = n
		if goal == 0 && seen.ended() >= flips {
			relay.flipUp.Store(false)
			goal = last + 3000
		}
	}
	if e := seen.of(EventDisconnected); len(e) == 0 {
		t.Errorf("no connection ended: %v", e)
	}
}
