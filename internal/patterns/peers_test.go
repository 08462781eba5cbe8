package patterns

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// Peers that connect and say nothing hold up nobody.
func TestStalledPeersHoldUpNobody(t *testing.T) {
	pull := newSocket(t, zmq4.Pull)
	bound := mustBind(t, pull, "tcp://127.0.0.1:0")
	for range 50 {
		rawDial(t, bound)
	}
	for range 10 {
		mustWrite(t, rawDial(t, bound), []byte("\xff\x00\x00"))
	}
	push := newSocket(t, zmq4.Push)
	mustConnect(t, push, bound)
	mustSend(t, push, "through")
	wantRecv(t, pull, "through")
}

// Hostile bytes, before and after the handshake, end the connection they came
// over and nothing else.
func TestHostilePeersCostOnlyThemselves(t *testing.T) {
	long := func(flags byte, size uint64) []byte {
		return binary.BigEndian.AppendUint64([]byte{flags | zmtp.FlagLong}, size)
	}
	attacks := []struct {
		name   string
		opened bool // shakes hands first
		bytes  []byte
	}{
		{"HTTP", false, []byte("GET / HTTP/1.0\r\n\r\n")},
		{"noise", false, noise[:1000]},
		{"2^63 in the handshake", false, append(append([]byte("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x01NULL"), make([]byte, 48)...), long(zmtp.FlagCommand, 1<<63-1)...)},
		{"noise behind the handshake", true, append([]byte{0xf0}, noise[:1000]...)},
		{"2^62", true, long(0, 1<<62)},
		{"2^63", true, long(0, 1<<63)},
		{"2^64-1", true, long(zmtp.FlagMore, 1<<64-1)},
		{"over the limit", true, long(0, 1<<20+1)},
		{"frames over the limit", true, bytes.Repeat(zmtp.AppendFrame(nil, zmtp.FlagMore, make([]byte, 200000)), 6)},
		{"endless empty frames", true, bytes.Repeat([]byte{zmtp.FlagMore, 0}, 200000)},
		{"empty command", true, []byte{zmtp.FlagCommand, 0}},
		{"malformed PING", true, zmtp.AppendCommand(nil, zmq4.CmdPing, []byte{1})},
		{"long PING", true, zmtp.AppendCommand(nil, zmq4.CmdPing, make([]byte, 19))},
	}
	for _, typ := range []zmq4.SocketType{zmq4.Pull, zmq4.XPub, zmq4.Rep, zmq4.Router} {
		t.Run(string(typ), func(t *testing.T) {
			t.Parallel()
			peerType := map[zmq4.SocketType]zmq4.SocketType{zmq4.Pull: zmq4.Push, zmq4.XPub: zmq4.XSub, zmq4.Rep: zmq4.Dealer, zmq4.Router: zmq4.Dealer}[typ]
			var seen events
			s := newSocket(t, typ, WithMaxMessage(1<<20), seen.option())
			bound := mustBind(t, s, "tcp://127.0.0.1:0")
			peer := newSocket(t, peerType, WithID(zmq4.SocketIdentity("peer")))
			mustConnect(t, peer, bound)
			mustWaitPeers(t, peer, 1)
			failed, lost := 0, 0
			for i, a := range attacks {
				conn := rawDial(t, bound)
				if a.opened {
					shakeHands(t, conn, peerType, "")
				}
				conn.Write(a.bytes) // it may be over before all is written
				var e Event
				if a.opened {
					lost++
					e = seen.wait(t, EventDisconnected, lost)
				} else {
					failed++
					e = seen.wait(t, EventHandshakeFailed, failed)
				}
				if !errors.Is(e.Err, zmtp.ErrProtocol) && !errors.Is(e.Err, zmtp.ErrTooLarge) {
					t.Errorf("%s: %v", a.name, e)
				}
				conn.SetReadDeadline(time.Now().Add(patience))
				if _, err := io.Copy(io.Discard, conn); isTimeout(err) {
					t.Errorf("%s: the connection stays open", a.name)
				}
				frames := []string{"", sequence(i)}
				if typ == zmq4.Pull || typ == zmq4.XPub {
					frames = []string{"up", sequence(i)}
				}
				mustSend(t, peer, frames...)
				got := mustRecv(t, s)
				if got[len(got)-1] != sequence(i) {
					t.Fatalf("%s: then received %q", a.name, got)
				}
				if typ == zmq4.Rep {
					mustSend(t, s, "reply")
				}
			}
		})
	}
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded)
}

// A peer that announces much and sends nothing costs no memory.
func TestAnnouncedBytesCostNothing(t *testing.T) {
	pull := newSocket(t, zmq4.Pull, WithMaxMessage(0))
	bound := mustBind(t, pull, "tcp://127.0.0.1:0")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 20 {
		conn := rawPeer(t, bound, zmq4.Push, "")
		mustWrite(t, conn, frame("first"), binary.BigEndian.AppendUint64([]byte{zmtp.FlagLong}, 1<<40), make([]byte, 1000))
		wantRecv(t, pull, "first")
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 50<<20 {
		t.Errorf("%d MiB were allocated", took>>20)
	}
}

// A peer that sends PING after PING and reads no PONG costs bounded memory.
func TestPingFloodIsBounded(t *testing.T) {
	pull := newSocket(t, zmq4.Pull)
	conn := rawPeer(t, mustBind(t, pull, "tcp://127.0.0.1:0"), zmq4.Push, "")
	ping := zmtp.AppendCommand(nil, zmq4.CmdPing, []byte("\x00\x00sixteen bytes ok"))
	flood := bytes.Repeat(ping, 10000)
	for range 60 { // more than the kernel takes of the PONGs
		mustWrite(t, conn, flood)
	}
	mustWrite(t, conn, frame("end"))
	wantRecv(t, pull, "end")
	pull.mu.Lock()
	defer pull.mu.Unlock()
	if size := cap(onlyPipe(pull).out.control); size > 1<<20 {
		t.Errorf("%d KiB of PONGs wait for a peer that does not read", size>>10)
	}
}

// A peer of the wrong type is reported by name, on both sides, and tried again.
func TestIncompatiblePeer(t *testing.T) {
	overTransports(t, func(t *testing.T, endpoint string) {
		var binder, connecter events
		pub := newSocket(t, zmq4.Pub, binder.option())
		req := newSocket(t, zmq4.Req, connecter.option())
		mustConnect(t, req, mustBind(t, pub, endpoint))
		for nth := range 3 {
			for own, seen := range map[zmq4.SocketType]*events{zmq4.Pub: &binder, zmq4.Req: &connecter} {
				e := seen.wait(t, EventHandshakeFailed, nth+1)
				reason, ok := errors.AsType[*zmtp.IncompatibleError](e.Err)
				if !ok || reason.Own != own || reason.Peer == own {
					t.Errorf("%s: %v", own, e)
				}
			}
		}
		// Once the right one is there it is all well.
		pub.Close()
		rep := newSocket(t, zmq4.Rep)
		mustBind(t, rep, endpoint)
		mustSend(t, req, "at last")
		wantRecv(t, rep, "at last")
	})
}

// Dial tells of a peer that can't be talked to, Connect does not.
func TestDialRefused(t *testing.T) {
	pub, req := newSocket(t, zmq4.Pub), newSocket(t, zmq4.Req)
	bound := mustBind(t, pub, "tcp://127.0.0.1:0")
	err := req.Dial(bound)
	if _, ok := errors.AsType[*zmtp.IncompatibleError](err); !ok {
		t.Errorf("Dial: %v", err)
	}
	eventually(t, "the endpoint is given up", func() bool { return req.locked(func() bool { return len(req.pipes) == 0 }) })
	wantErr(t, "Connect", req.Connect(bound), nil)
	wantErr(t, "Dial with nobody there", req.Dial(freeEndpoint(t, TransportTCP)), nil)
}

// One more than WithMaxConnections is refused, and let in when there is room.
func TestMaxConnections(t *testing.T) {
	var seen events
	pull := newSocket(t, zmq4.Pull, WithMaxConnections(2), seen.option())
	bound := mustBind(t, pull, "tcp://127.0.0.1:0")
	silent, first := rawDial(t, bound), newSocket(t, zmq4.Push)
	mustConnect(t, first, bound)
	mustWaitPeers(t, pull, 1)
	seen.wait(t, EventAccepted, 2)
	second := newSocket(t, zmq4.Push)
	mustConnect(t, second, bound)
	if e := seen.wait(t, EventAcceptFailed, 1); !errors.Is(e.Err, ErrTooManyConnections) {
		t.Errorf("%v", e)
	}
	mustSend(t, first, "first")
	wantRecv(t, pull, "first")
	silent.Close()
	mustSend(t, second, "second")
	wantRecv(t, pull, "second")
}

// A newcomer gets the place of who has been shaking hands for longest, never
// that of a peer.
func TestNewcomerDisplacesTheSlowest(t *testing.T) {
	var seen events
	soon := func(o *options) { o.shakeTime = 0 }
	pull := newSocket(t, zmq4.Pull, WithMaxConnections(3), soon, seen.option())
	bound := mustBind(t, pull, "tcp://127.0.0.1:0")
	peer := rawPeer(t, bound, zmq4.Push, "")
	mustWaitPeers(t, pull, 1)
	var silent []net.Conn
	for nth := range 2 {
		silent = append(silent, rawDial(t, bound))
		seen.wait(t, EventAccepted, nth+2)
	}
	for nth, slowest := range silent {
		mustWrite(t, rawPeer(t, bound, zmq4.Push, ""), frame(sequence(nth)))
		wantRecv(t, pull, sequence(nth))
		e := seen.wait(t, EventHandshakeFailed, nth+1)
		if !errors.Is(e.Err, ErrDisplaced) || e.Peer != slowest.LocalAddr().String() {
			t.Errorf("%v, want the peer %v", e, slowest.LocalAddr())
		}
	}
	rawDial(t, bound)
	if e := seen.wait(t, EventAcceptFailed, 1); !errors.Is(e.Err, ErrTooManyConnections) {
		t.Errorf("%v", e)
	}
	mustWrite(t, peer, frame("still here"))
	wantRecv(t, pull, "still here")
}

// Who has only begun to shake hands keeps its place.
func TestNewcomerDisplacesNobodyAtOnce(t *testing.T) {
	var seen events
	pull := newSocket(t, zmq4.Pull, WithMaxConnections(1), func(o *options) { o.shakeTime = time.Hour }, seen.option())
	bound := mustBind(t, pull, "tcp://127.0.0.1:0")
	first := rawDial(t, bound)
	seen.wait(t, EventAccepted, 1)
	rawDial(t, bound)
	seen.wait(t, EventAcceptFailed, 1)
	shakeHands(t, first, zmq4.Push, "")
	mustWrite(t, first, frame("first"))
	wantRecv(t, pull, "first")
}

// A peer is heard of on a clock that nobody can set.
func TestHeartbeatClockIsNotTheWalls(t *testing.T) {
	pull := newSocket(t, zmq4.Pull)
	conn := rawPeer(t, mustBind(t, pull, "tcp://127.0.0.1:0"), zmq4.Push, "")
	settle(t, conn)
	heard := pull.locked(func() bool { at := onlyPipe(pull).heard.Load(); return 0 < at && at <= int64(time.Since(start)) })
	if !heard {
		t.Error("heard is not counted from the start of the process")
	}
}

// A peer that stalls in its handshake is dropped in time.
func TestHandshakeTimeout(t *testing.T) {
	var seen events
	pull := newSocket(t, zmq4.Pull, WithHandshakeTimeout(short), seen.option())
	conn := rawDial(t, mustBind(t, pull, "tcp://127.0.0.1:0"))
	if e := seen.wait(t, EventHandshakeFailed, 1); !isTimeout(e.Err) {
		t.Errorf("%v", e)
	}
	conn.SetReadDeadline(time.Now().Add(patience))
	if _, err := io.Copy(io.Discard, conn); isTimeout(err) {
		t.Error("the connection stays open")
	}
}

// PING is answered with its own context.
func TestPong(t *testing.T) {
	for _, token := range []string{"", "c", "sixteen bytes ok"} {
		pull := newSocket(t, zmq4.Pull)
		conn := rawPeer(t, mustBind(t, pull, "tcp://127.0.0.1:0"), zmq4.Push, "")
		mustWrite(t, conn, zmtp.AppendCommand(nil, zmq4.CmdPing, []byte("\x00\x00"+token)))
		wantBytes(t, conn, zmtp.AppendCommand(nil, zmq4.CmdPong, []byte(token)))
	}
}

// With heartbeats a silent peer gets PINGs, and is dropped when it answers none
// of them; one that answers stays.
func TestHeartbeatDropsASilentPeer(t *testing.T) {
	var seen events
	const every = 500 * time.Millisecond
	pull := newSocket(t, zmq4.Pull, WithHeartbeat(every), seen.option())
	bound := mustBind(t, pull, "tcp://127.0.0.1:0")
	conn := rawPeer(t, bound, zmq4.Push, "")
	ping := zmtp.AppendCommand(nil, zmq4.CmdPing, []byte("\x00\x0a")) // 2×500 ms, in tenths of a second
	wantBytes(t, conn, ping)
	e := seen.wait(t, EventDisconnected, 1)
	silent, ok := errors.AsType[*SilentError](e.Err)
	if !ok || silent.For < 2*every {
		t.Errorf("%v", e)
	}

	alive := rawPeer(t, bound, zmq4.Push, "")
	for range 4 { // longer than a silent one is left
		wantBytes(t, alive, ping)
		mustWrite(t, alive, zmtp.AppendCommand(nil, zmq4.CmdPong, nil))
	}
	mustWrite(t, alive, frame("alive"))
	wantRecv(t, pull, "alive")
}

// A connecting endpoint whose peer is found dead is connected again.
func TestHeartbeatReconnects(t *testing.T) {
	var seen events
	endpoint, accept := rawListener(t)
	push := newSocket(t, zmq4.Push, WithHeartbeat(20*time.Millisecond), seen.option())
	mustConnect(t, push, endpoint)
	shakeHands(t, accept(), zmq4.Pull, "")
	shakeHands(t, accept(), zmq4.Pull, "")
	if e := seen.wait(t, EventDisconnected, 1); !isTimeout(e.Err) {
		t.Errorf("%v", e)
	}
}

// The time to live of a PING holds for who sent it, heartbeats of our own or not.
func TestPingTimeToLive(t *testing.T) {
	var seen events
	pull := newSocket(t, zmq4.Pull, seen.option())
	conn := rawPeer(t, mustBind(t, pull, "tcp://127.0.0.1:0"), zmq4.Push, "")
	mustWrite(t, conn, zmtp.AppendCommand(nil, zmq4.CmdPing, []byte("\x00\x01")))
	e := seen.wait(t, EventDisconnected, 1)
	if silent, ok := errors.AsType[*SilentError](e.Err); !ok || silent.For < 100*time.Millisecond {
		t.Errorf("%v", e)
	}
}

// Heartbeats between two of ours keep an idle connection, and one whose reader
// waits for room.
func TestHeartbeatKeepsLivePeers(t *testing.T) {
	overTransports(t, func(t *testing.T, endpoint string) {
		var seen events
		const every = 500 * time.Millisecond // a busy machine sleeps through less
		pull := newSocket(t, zmq4.Pull, WithHeartbeat(every), WithHWM(1), seen.option())
		push := newSocket(t, zmq4.Push, WithHeartbeat(every), WithHWM(10))
		mustConnect(t, push, mustBind(t, pull, endpoint))
		mustWaitPeers(t, pull, 1)
		awaitHeartbeats(t, pull, 2)
		for i := range 10 {
			mustSend(t, push, sequence(i))
		}
		eventually(t, "the reader waits for room", func() bool { return pull.locked(func() bool { return onlyPipe(pull).stalled }) })
		awaitHeartbeats(t, pull, 4)
		for i := range 10 {
			wantRecv(t, pull, sequence(i))
		}
		if got := seen.of(EventDisconnected); len(got) > 0 {
			t.Errorf("%v", got)
		}
	})
}

// awaitHeartbeats waits until an idle socket with one peer has taken it for
// alive n times.
func awaitHeartbeats(t *testing.T, s *Socket, n int) {
	t.Helper()
	s.mu.Lock()
	p := onlyPipe(s)
	s.mu.Unlock()
	for range n {
		last := p.heard.Load()
		eventually(t, "the peer is heard of", func() bool { return p.heard.Load() != last })
	}
}

// onlyPipe is the pipe of a socket that has one. The socket must be locked.
func onlyPipe(s *Socket) (p *pipe) {
	for p = range s.pipes {
	}
	return p
}

// What a peer sent before it hung up is received, also when writing to it
// failed first.
func TestWriteErrorLosesNothingThatCame(t *testing.T) {
	overTransports(t, func(t *testing.T, endpoint string) {
		var seen events
		dealer := newSocket(t, zmq4.Dealer, WithHWM(1), seen.option())
		conn := rawPeer(t, mustBind(t, dealer, endpoint), zmq4.Dealer, "")
		const n = 30 // so few that all of it is in our kernel before the peer closes
		var all []byte
		for i := range n {
			all = append(all, frame(filled(i, 1000))...)
		}
		mustWrite(t, conn, all)
		eventually(t, "the reader waits for room", func() bool {
			return dealer.locked(func() bool { p := onlyPipe(dealer); return p != nil && p.stalled })
		})
		conn.Close()
		// The connection ends by itself, though nobody receives yet.
		eventually(t, "the connection is found lost", func() bool {
			dealer.SendContext(within(t, short), message("to nobody"))
			return len(seen.of(EventDisconnected)) > 0
		})
		for i := range n {
			if got := numberOf(t, mustRecv(t, dealer)[0]); got != i {
				t.Fatalf("message %d, want %d", got, i)
			}
		}
	})
}

// Many peers come and go at once; nothing is lost and nothing stays.
func TestManyPeers(t *testing.T) {
	pull := newSocket(t, zmq4.Pull)
	bound := mustBind(t, pull, "tcp://127.0.0.1:0")
	const peers, each = 30, 20
	done := make(chan error, peers)
	for i := range peers {
		go func() {
			push := New(t.Context(), zmq4.Push, WithLinger(patience))
			err := push.Connect(bound)
			for j := range each {
				err = errors.Join(err, push.SendContext(t.Context(), message(fmt.Sprintf("%d-%d", i, j))))
			}
			if left := push.Drain(t.Context()); left > 0 {
				err = errors.Join(err, fmt.Errorf("%d are left", left))
			}
			done <- errors.Join(err, push.Close())
		}()
	}
	got := make(map[string]bool)
	for range peers * each {
		got[mustRecv(t, pull)[0]] = true
	}
	if len(got) != peers*each {
		t.Errorf("%d different messages of %d", len(got), peers*each)
	}
	for range peers {
		wantErr(t, "a peer", <-done, nil)
	}
	eventually(t, "all are gone", func() bool { return pull.locked(func() bool { return len(pull.pipes) == 0 && pull.accepted == 0 }) })
}
