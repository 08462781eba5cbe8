package patterns

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// curvePair are the two sides of CURVE.
func curvePair(t testing.TB) (server, client zmq4.Security) {
	ours, theirs := newCurveKeys(t), newCurveKeys(t)
	return zmtp.CurveServer(ours, onlyKey(theirs.Public)), zmtp.CurveClient(theirs, ours.Public)
}

// Every compatible pair talks under CURVE, over every transport, whichever binds and
// whichever is the server.
func TestPairsSecured(t *testing.T) {
	for _, c := range conversations {
		for i, transport := range transports {
			for _, aBinds := range []bool{true, false} {
				aServes := aBinds == (i%2 == 0)
				t.Run(fmt.Sprintf("%s-%s/%s/%s binds/%s serves", c.a, c.b, transport, either(aBinds, c.a, c.b), either(aServes, c.a, c.b)), func(t *testing.T) {
					t.Parallel()
					secA, secB := curvePair(t)
					if !aServes {
						secA, secB = secB, secA
					}
					a := newSocket(t, c.a, append([]Option{WithSecurity(secA)}, c.optsA...)...)
					b := newSocket(t, c.b, append([]Option{WithSecurity(secB)}, c.optsB...)...)
					if c.before != nil {
						c.before(t, a, b)
					}
					join(t, a, b, freeEndpoint(t, transport), aBinds, true)
					c.talk(t, a, b)
				})
			}
		}
	}
}

func either(first bool, a, b zmq4.SocketType) zmq4.SocketType {
	if first {
		return a
	}
	return b
}

// A client that is let in no more goes on until it connects again, and then is
// refused, told of, and tries again: once it is let in again, it is in.
func TestCurveKeyTakenOut(t *testing.T) {
	ours, theirs := newCurveKeys(t), newCurveKeys(t)
	var allowed atomic.Bool
	allowed.Store(true)
	allow := func(client [32]byte) error {
		if client != theirs.Public || !allowed.Load() {
			return errors.New("an unknown key")
		}
		return nil
	}
	var atServer, atClient events
	pull := newSocket(t, zmq4.Pull, WithSecurity(zmtp.CurveServer(ours, allow)), atServer.option())
	push := newSocket(t, zmq4.Push, WithSecurity(zmtp.CurveClient(theirs, ours.Public)), atClient.option())
	endpoint := freeEndpoint(t, TransportTCP)
	mustBind(t, pull, endpoint)
	relay := startRelay(t, endpoint)
	mustConnect(t, push, relay.endpoint)
	mustSend(t, push, "one")
	wantRecv(t, pull, "one")
	if e := atServer.wait(t, EventHandshakeSucceeded, 1); e.User != string(theirs.Public[:]) {
		t.Errorf("the user is %x", e.User)
	}
	allowed.Store(false)
	mustSend(t, push, "two")
	wantRecv(t, pull, "two")
	relay.hangUp()
	for n := 1; n <= 2; n++ {
		denied, unanswered := atServer.wait(t, EventHandshakeFailed, n).Err, atClient.wait(t, EventHandshakeFailed, n).Err
		if !isA[*zmtp.DeniedError](denied) || !isA[*zmtp.UnansweredError](unanswered) {
			t.Errorf("%v, %v", denied, unanswered)
		}
	}
	allowed.Store(true)
	mustSend(t, push, "three")
	wantRecv(t, pull, "three")
}

func isA[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// A wrong server key is told of at each try, on both sides.
func TestCurveWrongServerKey(t *testing.T) {
	ours, theirs, other := newCurveKeys(t), newCurveKeys(t), newCurveKeys(t)
	for _, transport := range transports {
		var atServer, atClient events
		pull := newSocket(t, zmq4.Pull, WithSecurity(zmtp.CurveServer(ours, onlyKey(theirs.Public))), atServer.option())
		push := newSocket(t, zmq4.Push, WithSecurity(zmtp.CurveClient(theirs, other.Public)), atClient.option())
		mustConnect(t, push, mustBind(t, pull, freeEndpoint(t, transport)))
		for n := 1; n <= 3; n++ {
			if err := atClient.wait(t, EventHandshakeFailed, n).Err; !isA[*zmtp.UnansweredError](err) {
				t.Errorf("%s: the client has %v", transport, err)
			}
			if err := atServer.wait(t, EventHandshakeFailed, n).Err; !errors.Is(err, zmtp.ErrProtocol) {
				t.Errorf("%s: the server has %v", transport, err)
			}
		}
		push.Close()
		pull.Close()
	}
}

// A proxy whose sides have different mechanisms passes on what its peers say, and
// their subscriptions.
func TestProxyBetweenMechanisms(t *testing.T) {
	server, client := curvePair(t)
	for name, secs := range map[string][2][]Option{
		"CURVE to NULL": {{WithSecurity(server)}, nil},
		"NULL to CURVE": {nil, {WithSecurity(server)}},
	} {
		peerOpts := func(side []Option) []Option {
			if side == nil {
				return nil
			}
			return []Option{WithSecurity(client)}
		}
		front, back := secs[0], secs[1]
		t.Run(name+"/queue", func(t *testing.T) {
			p := standBetween(t, zmq4.Router, zmq4.Dealer, front, back)
			req, rep := peerOf(t, zmq4.Req, p.front, peerOpts(front)...), peerOf(t, zmq4.Rep, p.back, peerOpts(back)...)
			requests(t, req, rep)
		})
		t.Run(name+"/forwarder", func(t *testing.T) {
			p := standBetween(t, zmq4.XSub, zmq4.XPub, front, back)
			pub, sub := peerOf(t, zmq4.XPub, p.front, peerOpts(front)...), peerOf(t, zmq4.Sub, p.back, peerOpts(back)...)
			if err := sub.Subscribe("topic"); err != nil {
				t.Fatal(err)
			}
			wantRecv(t, pub, "\x01topic")
			mustSend(t, pub, "other")
			mustSend(t, pub, "topic", large)
			wantRecv(t, sub, "topic", large)
		})
		t.Run(name+"/streamer", func(t *testing.T) {
			p := standBetween(t, zmq4.Pull, zmq4.Push, front, back)
			oneWay(t, peerOf(t, zmq4.Push, p.front, peerOpts(front)...), peerOf(t, zmq4.Pull, p.back, peerOpts(back)...))
		})
	}
}
