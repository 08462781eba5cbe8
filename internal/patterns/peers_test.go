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

// An attack is what a peer does instead of talking: it sends bytes, once it has
// shaken hands or before, and may hang up.
type attack struct {
	name   string
	opened bool
	bytes  []byte
	hangUp bool
}

// longHead announces a frame of any size.
func longHead(flags byte, size uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{flags | zmtp.FlagLong}, size)
}

// greeted is a greeting under a mechanism, and what follows.
func greeted(mechanism string, parts ...[]byte) []byte {
	g := make([]byte, 64)
	copy(g, "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x01"+mechanism)
	return append(g, bytes.Join(parts, nil)...)
}

func readyAs(typ string) []byte {
	return zmtp.AppendCommand(nil, zmq4.CmdReady, zmtp.AppendMetadata(nil, zmq4.SocketType(typ), nil))
}

var attacks = []attack{
	{"HTTP", false, []byte("GET / HTTP/1.0\r\n\r\n"), false},
	{"TLS", false, []byte("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), false},
	{"noise", false, noise[:1000], false},
	{"ZMTP 1.0", false, []byte("\x01\x00"), false},
	{"ZMTP 2.0", false, []byte("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x01\x05\x00\x00"), false},
	{"wrong mechanism", false, greeted("PLAIN"), false},
	{"unknown type", false, greeted("NULL", readyAs("SERVER")), false},
	{"empty type", false, greeted("NULL", readyAs("")), false},
	{"no type", false, greeted("NULL", zmtp.AppendCommand(nil, zmq4.CmdReady, nil)), false},
	{"type twice", false, greeted("NULL", zmtp.AppendCommand(nil, zmq4.CmdReady, bytes.Repeat(zmtp.AppendMetadata(nil, "PUB", nil), 2))), false},
	{"metadata cut", false, greeted("NULL", zmtp.AppendCommand(nil, zmq4.CmdReady, []byte("\x0bSocket-Type\x00\x00\x00\x09PUB"))), false},
	{"2^63 in the handshake", false, greeted("NULL", longHead(zmtp.FlagCommand, 1<<63-1)), false},
	{"2^64-1 in the handshake", false, greeted("NULL", longHead(zmtp.FlagCommand, 1<<64-1)), false},
	{"MORE in the handshake", false, greeted("NULL", bytes.Repeat([]byte{zmtp.FlagCommand | zmtp.FlagMore, 0}, 1000)), false},
	{"reserved flags in the handshake", false, greeted("NULL", []byte{0x84, 1, 0}), false},
	{"hangs up in the greeting", false, []byte("\xff\x00\x00"), true},
	{"hangs up in the handshake", false, greeted("NULL", []byte("\x04\x26\x05READY")), true},

	{"noise behind the handshake", true, append([]byte{0xf0}, noise[:1000]...), false},
	{"2^62", true, longHead(0, 1<<62), false},
	{"2^63", true, longHead(0, 1<<63), false},
	{"2^64-1", true, longHead(zmtp.FlagMore, 1<<64-1), false},
	{"over the limit", true, longHead(0, 1<<20+1), false},
	{"frames over the limit", true, bytes.Repeat(zmtp.AppendFrame(nil, zmtp.FlagMore, make([]byte, 200000)), 6), false},
	{"endless empty frames", true, bytes.Repeat([]byte{zmtp.FlagMore, 0}, 200000), false},
	{"reserved flags", true, []byte{0x08, 0}, false},
	{"reserved flags in a message", true, []byte{zmtp.FlagMore, 1, 'a', 0x81, 0}, false},
	{"MORE on a command", true, zmtp.AppendFrame(nil, zmtp.FlagCommand|zmtp.FlagMore, []byte("\x04PONG")), false},
	{"empty command", true, []byte{zmtp.FlagCommand, 0}, false},
	{"empty command in a message", true, []byte{zmtp.FlagMore, 1, 'a', zmtp.FlagCommand, 0}, false},
	{"malformed PING", true, zmtp.AppendCommand(nil, zmq4.CmdPing, []byte{1}), false},
	{"long PING", true, zmtp.AppendCommand(nil, zmq4.CmdPing, make([]byte, 19)), false},
	{"long command", true, longHead(zmtp.FlagCommand, 64<<10+1), false},
	{"hangs up in a frame", true, []byte("\x00\x08part"), true},
	{"hangs up in a message", true, zmtp.AppendFrame(nil, zmtp.FlagMore, []byte("part")), true},
	{"hangs up in a large message", true, append(longHead(0, 1<<20), make([]byte, 600000)...), true},
}

// run attacks over conn, as a socket of type typ, and returns when the other side
// has hung up.
func (a attack) run(t testing.TB, conn net.Conn, typ zmq4.SocketType) {
	t.Helper()
	if a.opened {
		shakeHands(t, conn, typ, "")
	}
	conn.Write(a.bytes) // it may be over before all is written
	if half, ok := conn.(interface{ CloseWrite() error }); ok && a.hangUp {
		half.CloseWrite()
	}
	conn.SetReadDeadline(time.Now().Add(patience))
	if _, err := io.Copy(io.Discard, conn); isTimeout(err) {
		t.Errorf("%s: the connection stays open", a.name)
	}
	conn.Close()
}

// victims are types with one of the peers that they talk to, and what such a
// peer sends.
var victims = []struct {
	typ, peer zmq4.SocketType
	frames    func(i int) []string
}{
	{zmq4.Pull, zmq4.Push, func(i int) []string { return []string{"up", sequence(i)} }},
	{zmq4.Sub, zmq4.Pub, func(i int) []string { return []string{"up", sequence(i)} }},
	{zmq4.XPub, zmq4.XSub, func(i int) []string { return []string{"up", sequence(i)} }},
	{zmq4.Rep, zmq4.Dealer, func(i int) []string { return []string{"", sequence(i)} }},
	{zmq4.Router, zmq4.Dealer, func(i int) []string { return []string{"up", sequence(i)} }},
	{zmq4.Dealer, zmq4.Router, func(i int) []string { return []string{"victim", sequence(i)} }},
}

// Hostile bytes, before and after the handshake, end the connection they came
// over and nothing else, whichever side connected: a peer that talks meanwhile
// loses no message, and nothing of the others' is delivered.
func TestHostilePeersCostOnlyThemselves(t *testing.T) {
	for _, v := range victims {
		for _, side := range []string{"bound", "connected"} {
			t.Run(fmt.Sprintf("%s %s", v.typ, side), func(t *testing.T) {
				t.Parallel()
				var seen events
				s := newSocket(t, v.typ, WithID(zmq4.SocketIdentity("victim")), WithMaxMessage(1<<20), seen.option())
				if v.typ == zmq4.Sub {
					wantErr(t, "Subscribe", s.Subscribe(""), nil)
				}
				peer := newSocket(t, v.peer, WithID(zmq4.SocketIdentity("peer")))
				var stranger func() net.Conn
				if side == "bound" {
					bound := mustBind(t, s, "tcp://127.0.0.1:0")
					mustConnect(t, peer, bound)
					stranger = func() net.Conn { return rawDial(t, bound) }
				} else {
					mustConnect(t, s, mustBind(t, peer, "tcp://127.0.0.1:0"))
					mustWaitPeers(t, s, 1)
					var hostile string
					hostile, stranger = rawListener(t)
					mustConnect(t, s, hostile)
				}
				mustWaitPeers(t, peer, 1)
				if v.peer == zmq4.Pub {
					mustWaitSubscribers(t, peer, 1)
				}
				failed, lost := 0, 0
				for i, a := range attacks {
					a.run(t, stranger(), v.peer)
					var e Event
					if a.opened {
						lost++
						e = seen.wait(t, EventDisconnected, lost)
					} else {
						failed++
						e = seen.wait(t, EventHandshakeFailed, failed)
					}
					checkReason(t, a, e)
					mustSend(t, peer, v.frames(i)...)
					got := mustRecv(t, s)
					if got[len(got)-1] != sequence(i) {
						t.Fatalf("%s: then received %q", a.name, got)
					}
					if v.typ == zmq4.Rep {
						mustSend(t, s, "reply")
					}
				}
			})
		}
	}
}

func checkReason(t *testing.T, a attack, e Event) {
	t.Helper()
	wrongType := func() bool { _, ok := errors.AsType[*zmtp.IncompatibleError](e.Err); return ok }
	mechanism := func() bool { _, ok := errors.AsType[*zmtp.MechanismError](e.Err); return ok }
	switch {
	case a.hangUp && (errors.Is(e.Err, io.EOF) || errors.Is(e.Err, io.ErrUnexpectedEOF)):
	case a.hangUp, !errors.Is(e.Err, zmtp.ErrProtocol) && !errors.Is(e.Err, zmtp.ErrTooLarge) && !wrongType() && !mechanism():
		t.Errorf("%s: %v", a.name, e)
	}
}

// Commands that nobody knows are passed over, before, in and behind a message.
func TestUnknownCommandsArePassedOver(t *testing.T) {
	unknown := bytes.Join([][]byte{
		zmtp.AppendCommand(nil, "JOIN", []byte("group")), zmtp.AppendCommand(nil, "", nil), zmtp.AppendCommand(nil, "\x1b[2J", make([]byte, 60000)),
		zmtp.AppendCommand(nil, zmq4.CmdPong, make([]byte, 1000)), zmtp.AppendCommand(nil, zmq4.CmdReady, nil), zmtp.AppendCommand(nil, zmq4.CmdSubscribe, []byte("x")),
	}, nil)
	pull := newSocket(t, zmq4.Pull)
	conn := rawPeer(t, mustBind(t, pull, "tcp://127.0.0.1:0"), zmq4.Push, "")
	mustWrite(t, conn, unknown, zmtp.AppendFrame(nil, zmtp.FlagMore, []byte("a")), unknown, frame("b"), unknown, frame("c"))
	wantRecv(t, pull, "a", "b")
	wantRecv(t, pull, "c")
}

// Connections that end at any stage of the handshake, or behind it, by a reset
// or in order, leave nothing.
func TestConnectionsThatEndAtAnyStage(t *testing.T) {
	whole := greeted("NULL", readyAs("PUSH"), []byte("\x00\x08part"))
	stages := []int{0, 1, 11, 40, 64, 65, 80, len(whole) - 6, len(whole)}
	pull := newSocket(t, zmq4.Pull)
	bound := mustBind(t, pull, "tcp://127.0.0.1:0")
	peer := newSocket(t, zmq4.Push)
	mustConnect(t, peer, bound)
	mustWaitPeers(t, pull, 1)
	mustSend(t, peer, "before")
	wantRecv(t, pull, "before")
	goroutines := runtime.NumGoroutine()
	const rounds = 220
	for round := range rounds {
		for _, stage := range stages {
			conn := rawDial(t, bound)
			conn.Write(whole[:stage])
			if round%2 == 0 {
				conn.(*net.TCPConn).SetLinger(0)
			}
			conn.Close()
		}
		mustSend(t, peer, sequence(round))
	}
	for round := range rounds {
		wantRecv(t, pull, sequence(round))
	}
	eventually(t, "all are gone", func() bool {
		return pull.locked(func() bool { return len(pull.pipes) == 1 && pull.accepted == 1 && len(pull.shaking) == 0 })
	})
	eventually(t, "their goroutines are gone", func() bool { return runtime.NumGoroutine() <= goroutines })
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
