package patterns

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// A peer that falls silent inside a message holds up nobody, is waited for as
// long as it takes, and has its message received once it goes on.
func TestStallInAMessage(t *testing.T) {
	for _, h := range hearers {
		t.Run(string(h.typ), func(t *testing.T) {
			t.Parallel()
			if h.typ == zmq4.Pair {
				return // has one peer
			}
			s := h.open(t)
			bound := mustBind(t, s, "tcp://127.0.0.1:0")
			body := filled(1, 300<<10) // more than a buffer
			for _, n := range []int{1, 5, 20, 200 << 10} {
				wire := h.wire(body)
				slow := rawPeer(t, bound, h.peer, "")
				mustWrite(t, slow, wire[:n])
				awaitTaken(t, slow)
				other := rawPeer(t, bound, h.peer, "")
				mustWrite(t, other, h.wire("meanwhile"))
				h.hears(t, s, "meanwhile")
				mustWrite(t, slow, wire[n:])
				h.hears(t, s, body)
			}
		})
	}
}

// Close ends at once where peers stall: inside a message, inside a handshake, and
// inside a message of ours that they do not read.
func TestCloseWhilePeersStall(t *testing.T) {
	s := newSocket(t, zmq4.Dealer, WithHWM(0))
	bound := mustBind(t, s, "tcp://127.0.0.1:0")
	mustWrite(t, rawDial(t, bound), handshakeOf(zmq4.Dealer)[:40])
	half := rawPeer(t, bound, zmq4.Dealer, "")
	mustWrite(t, half, torn["a large body"])
	rawPeer(t, bound, zmq4.Dealer, "")
	mustWaitPeers(t, s, 2)
	for range 2 {
		mustSend(t, s, filled(0, 32<<20))
	}
	eventually(t, "both are being written", func() bool {
		return s.locked(func() bool {
			writing := 0
			for p := range s.pipes {
				writing += p.out.flying
			}
			return writing == 2
		})
	})
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	select {
	case err := <-closed:
		wantErr(t, "Close", err, nil)
	case <-time.After(patience / 2): // far more than its goodbye takes
		t.Fatal("Close waits for a peer that stalls")
	}
}

// Heartbeats end a connection whose peer stalls inside a message, whichever side
// it is on, and a connecting endpoint is connected again; without them it stays.
func TestHeartbeatEndsAStall(t *testing.T) {
	overHearers(t, func(t *testing.T, h hearer, s *Socket, seen *events, next func() net.Conn) {
		s.opt.heartbeat = 100 * time.Millisecond // the peer's silence is real
		conn := next()
		mustWrite(t, conn, h.wire("whole"), torn["a body"])
		h.hears(t, s, "whole")
		e := seen.wait(t, EventDisconnected, 1)
		if _, ok := errors.AsType[*SilentError](e.Err); !ok {
			t.Errorf("%v", e)
		}
		go io.Copy(io.Discard, conn) // ends with the test
		s.mu.Lock()
		pipes := s.peers()
		s.mu.Unlock()
		if pipes != 0 {
			t.Errorf("%d peers are left", pipes)
		}
	})
}

// A peer that stops reading inside a message of ours holds up nobody, and gives
// the message back when heartbeats end it.
func TestHeartbeatEndsAPeerThatStopsReading(t *testing.T) {
	var seen events
	push := newSocket(t, zmq4.Push, WithHWM(0), WithHeartbeat(time.Second), seen.option())
	bound := mustBind(t, push, "tcp://127.0.0.1:0")
	pull := newSocket(t, zmq4.Pull)
	mustConnect(t, pull, bound)
	mustWaitPeers(t, push, 1)
	rawPeer(t, bound, zmq4.Pull, "")
	mustWaitPeers(t, push, 2)
	// They take turns, and the first to come is the first.
	small, stuck := filled(1, 10), filled(0, 32<<20)
	mustSend(t, push, small)
	mustSend(t, push, stuck)
	wantRecv(t, pull, small)
	wantRecv(t, pull, stuck)
	if e := seen.wait(t, EventDisconnected, 1); !isTimeout(e.Err) {
		t.Errorf("%v", e)
	}
}
