package patterns

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// Messages for an id that nobody has are dropped, or an error with mandatory.
func TestRouterUnknownID(t *testing.T) {
	router := newSocket(t, zmq4.Router)
	mustSend(t, router, "nobody", "x")
	if got := router.Stats().Dropped; got != 1 {
		t.Errorf("%d dropped", got)
	}
	strict := newSocket(t, zmq4.Router, WithMandatory(true))
	err := strict.SendContext(t.Context(), message("no\x1b[2Jbody", "x"))
	wantErr(t, "mandatory", err, ErrUnroutable)
	if strings.Contains(err.Error(), "\x1b") {
		t.Errorf("%q", err)
	}
	for _, s := range []*Socket{router, strict} {
		wantErr(t, "no frames", s.SendContext(t.Context(), zmq4.Msg{}), ErrNoFrames)
		wantErr(t, "an id alone", s.SendContext(t.Context(), message("id")), ErrNoRoutingID)
	}
}

// Peers without an id get one of five bytes that begins with a zero, each its
// own.
func TestRouterMakesIDs(t *testing.T) {
	router := newSocket(t, zmq4.Router)
	bound := mustBind(t, router, freeEndpoint(t, TransportInproc))
	ids := make(map[string]bool)
	for range 5 {
		dealer := newSocket(t, zmq4.Dealer)
		mustConnect(t, dealer, bound)
		mustSend(t, dealer, "x")
		id := mustRecv(t, router)[0]
		if len(id) != 5 || id[0] != 0 || ids[id] {
			t.Errorf("id %q among %v", id, ids)
		}
		ids[id] = true
		mustSend(t, router, id, "back")
		wantRecv(t, dealer, "back")
	}
}

// An id that another peer has is refused; once that one went it is free.
func TestRouterRefusesATakenID(t *testing.T) {
	var seen events
	router := newSocket(t, zmq4.Router, seen.option())
	bound := mustBind(t, router, "tcp://127.0.0.1:0")
	first := rawPeer(t, bound, zmq4.Dealer, "same")
	seen.wait(t, EventHandshakeSucceeded, 1)
	second := newSocket(t, zmq4.Dealer, WithID(zmq4.SocketIdentity("same")))
	mustConnect(t, second, bound)
	if e := seen.wait(t, EventHandshakeFailed, 1); e.Err == nil || e.PeerID != "same" {
		t.Errorf("%v", e)
	}
	mustWrite(t, first, frame("still here"))
	wantRecv(t, router, "same", "still here")
	first.Close()
	// What the second sends before it is in is lost: by its side of the
	// handshake it is in already.
	seen.wait(t, EventHandshakeSucceeded, 2)
	mustSend(t, second, "at last")
	wantRecv(t, router, "same", "at last")
}

// A mandatory ROUTER waits for a full peer, and not for one that goes away.
func TestMandatoryRouterWaits(t *testing.T) {
	for _, routerBinds := range []bool{true, false} {
		router := newSocket(t, zmq4.Router, WithMandatory(true), WithHWM(10))
		var peer interface{ Close() error }
		if routerBinds {
			peer = rawPeer(t, mustBind(t, router, "tcp://127.0.0.1:0"), zmq4.Dealer, "slow")
		} else {
			endpoint, accept := rawListener(t)
			mustConnect(t, router, endpoint)
			conn := accept()
			shakeHands(t, conn, zmq4.Dealer, "slow")
			peer = conn
		}
		mustWaitPeers(t, router, 1)
		ended := make(chan error, 1)
		go func() {
			for {
				if err := router.SendContext(t.Context(), message("slow", strings.Repeat("x", 200000))); err != nil {
					ended <- err
					return
				}
			}
		}()
		eventually(t, "another Send waits in vain", func() bool {
			return errors.Is(router.SendContext(within(t, short), message("slow", "x")), context.DeadlineExceeded)
		})
		peer.Close()
		select {
		case err := <-ended:
			wantErr(t, "Send", err, ErrUnroutable)
		case <-within(t, patience).Done():
			t.Fatalf("Send still waits for a peer that has gone, router binds %v", routerBinds)
		}
	}
}

// A full peer of a ROUTER costs the messages for it, no others.
func TestRouterDropsForAFullPeer(t *testing.T) {
	router := newSocket(t, zmq4.Router, WithHWM(10))
	bound := mustBind(t, router, "tcp://127.0.0.1:0")
	rawPeer(t, bound, zmq4.Dealer, "slow")
	fast := newSocket(t, zmq4.Dealer, WithID(zmq4.SocketIdentity("fast")))
	mustConnect(t, fast, bound)
	mustWaitPeers(t, router, 2)
	body := strings.Repeat("x", 100000)
	for i := 0; router.Stats().Dropped < 10; i++ {
		mustSend(t, router, "slow", body)
		if i%10 == 0 {
			mustSend(t, router, "fast", sequence(i))
			wantRecv(t, fast, sequence(i))
		}
	}
}

// PAIR has one peer; a second is told by the closed connection, and comes in
// when the first has gone.
func TestPairIsExclusive(t *testing.T) {
	overTransports(t, func(t *testing.T, endpoint string) {
		var seen events
		pair := newSocket(t, zmq4.Pair, seen.option())
		bound := mustBind(t, pair, endpoint)
		first, second := newSocket(t, zmq4.Pair), newSocket(t, zmq4.Pair)
		mustConnect(t, first, bound)
		mustWaitPeers(t, pair, 1)
		mustConnect(t, second, bound)
		if e := seen.wait(t, EventHandshakeFailed, 1); !errors.Is(e.Err, ErrPairTaken) {
			t.Errorf("%v", e)
		}
		mustSend(t, pair, "for the first")
		wantRecv(t, first, "for the first")
		first.Close()
		seen.wait(t, EventHandshakeSucceeded, 2)
		mustSend(t, second, "now me")
		wantRecv(t, pair, "now me")
		wantErr(t, "connecting twice", newPairConnectedTwice(t), ErrPairTaken)
	})
}

func newPairConnectedTwice(t *testing.T) error {
	s := newSocket(t, zmq4.Pair)
	mustConnect(t, s, freeEndpoint(t, TransportInproc))
	return s.Connect(freeEndpoint(t, TransportInproc))
}

// Commands that belong to publishers are no messages to others.
func TestSubscribeCommandsAreNoMessages(t *testing.T) {
	for own, peer := range map[zmq4.SocketType]zmq4.SocketType{zmq4.Pull: zmq4.Push, zmq4.Router: zmq4.Dealer, zmq4.Pair: zmq4.Pair, zmq4.XSub: zmq4.XPub} {
		t.Run(string(own), func(t *testing.T) {
			s := newSocket(t, own)
			if own == zmq4.XSub {
				s.Subscribe("")
			}
			conn := rawPeer(t, mustBind(t, s, "tcp://127.0.0.1:0"), peer, "id")
			mustWrite(t, conn, zmtp.AppendCommand(nil, zmq4.CmdSubscribe, []byte("topic")), zmtp.AppendCommand(nil, "UNKNOWN", nil), frame("message"))
			if got := mustRecv(t, s); got[len(got)-1] != "message" {
				t.Errorf("received %q", got)
			}
		})
	}
}
