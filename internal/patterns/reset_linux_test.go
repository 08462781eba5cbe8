package patterns

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// reset ends a TCP connection with RST, as a crashed host or a firewall does.
func reset(t testing.TB, conn net.Conn) {
	t.Helper()
	if err := conn.(*net.TCPConn).SetLinger(0); err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

// torn are beginnings of messages: each ends in another place.
var torn = map[string][]byte{
	"flags":            {zmtp.FlagMore},
	"a long head":      {zmtp.FlagLong, 0, 0, 0},
	"no body":          zmtp.AppendHead(nil, 0, 10),
	"a short body":     append(zmtp.AppendHead(nil, 0, 10), "12345"...),
	"a body":           append(zmtp.AppendHead(nil, 0, 10000), make([]byte, 9999)...),
	"a large body":     append(zmtp.AppendHead(nil, 0, 1<<20), make([]byte, 600<<10)...),
	"behind a frame":   append(zmtp.AppendFrame(nil, zmtp.FlagMore, []byte("first")), 0),
	"between frames":   zmtp.AppendFrame(nil, zmtp.FlagMore, []byte("first")),
	"in a third frame": append(bytes.Repeat(zmtp.AppendFrame(nil, zmtp.FlagMore, []byte("first")), 2), 0, 10, 'x'),
	"behind a command": append(zmtp.AppendFrame(zmtp.AppendFrame(nil, zmtp.FlagMore, nil), zmtp.FlagCommand, []byte("\x04PONG")), 0, 10, 'x'),
}

// hearer is a type that receives, with what a peer of it sends that sends x.
type hearer struct {
	typ, peer zmq4.SocketType
	wire      func(x string) []byte
}

func enveloped(x string) []byte {
	return append(zmtp.AppendFrame(nil, zmtp.FlagMore, nil), frame(x)...)
}

var hearers = []hearer{
	{zmq4.Pull, zmq4.Push, frame},
	{zmq4.Sub, zmq4.Pub, frame},
	{zmq4.XSub, zmq4.XPub, frame},
	{zmq4.XPub, zmq4.XSub, frame},
	{zmq4.Rep, zmq4.Req, enveloped},
	{zmq4.Dealer, zmq4.Router, frame},
	{zmq4.Router, zmq4.Dealer, frame},
	{zmq4.Pair, zmq4.Pair, frame},
}

// open makes a socket that takes all.
func (h hearer) open(t *testing.T, opts ...Option) *Socket {
	t.Helper()
	s := newSocket(t, h.typ, opts...)
	if h.typ == zmq4.Sub || h.typ == zmq4.XSub {
		if err := s.Subscribe(""); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// hears receives a message, and has a REP answer it.
func (h hearer) hears(t *testing.T, s *Socket, x string) {
	t.Helper()
	if got := mustRecv(t, s); got[len(got)-1] != x {
		t.Fatalf("%s received %.50q, want %s", h.typ, got, x)
	}
	if h.typ == zmq4.Rep {
		mustSend(t, s, "reply")
	}
}

// overHearers runs a test for each type, bound and connecting. next gives the
// other end of a connection that has shaken hands: each time it is called a new
// one, which takes the place of the one before.
func overHearers(t *testing.T, test func(t *testing.T, h hearer, s *Socket, seen *events, next func() net.Conn)) {
	for _, h := range hearers {
		t.Run(string(h.typ)+" that binds", func(t *testing.T) {
			t.Parallel()
			var seen events
			s := h.open(t, seen.option())
			bound := mustBind(t, s, "tcp://127.0.0.1:0")
			test(t, h, s, &seen, func() net.Conn { return rawPeer(t, bound, h.peer, "") })
		})
		t.Run(string(h.typ)+" that connects", func(t *testing.T) {
			t.Parallel()
			var seen events
			s := h.open(t, seen.option())
			endpoint, accept := rawListener(t)
			mustConnect(t, s, endpoint)
			test(t, h, s, &seen, func() net.Conn {
				conn := accept()
				shakeHands(t, conn, h.peer, "")
				return conn
			})
		})
	}
}

// A peer that is reset inside a message: what was whole is received, the rest
// never, and the socket goes on.
func TestResetInAMessage(t *testing.T) {
	overHearers(t, func(t *testing.T, h hearer, s *Socket, seen *events, next func() net.Conn) {
		lost := 0
		for where, bytes := range torn {
			conn := next()
			mustWrite(t, conn, h.wire("whole "+where))
			h.hears(t, s, "whole "+where)
			mustWrite(t, conn, h.wire("with it "+where), bytes)
			awaitTaken(t, conn)
			reset(t, conn)
			lost++
			if e := seen.wait(t, EventDisconnected, lost); e.Err == nil || errors.Is(e.Err, zmtp.ErrProtocol) {
				t.Errorf("%s: %v", where, e)
			}
			h.hears(t, s, "with it "+where)
		}
		conn := next()
		mustWrite(t, conn, h.wire("at last"))
		h.hears(t, s, "at last")
	})
}

// awaitTaken waits until the kernel at the other end of conn has all that was
// written: a reset takes back what is still on its way.
func awaitTaken(t testing.TB, conn net.Conn) {
	t.Helper()
	eventually(t, "all is sent", func() bool { return unsentBytes(t, conn) == 0 })
}

// A peer that is reset at any byte of its handshake costs nothing but itself,
// whoever binds.
func TestResetInTheHandshake(t *testing.T) {
	hello := handshakeOf(zmq4.Push)
	cuts := []int{0, 1, 9, 10, 11, 12, 32, 63, 64, 65, 66, 70, 80, len(hello) - 1}
	t.Run("bound", func(t *testing.T) {
		var seen events
		pull := newSocket(t, zmq4.Pull, seen.option())
		bound := mustBind(t, pull, "tcp://127.0.0.1:0")
		for i, n := range cuts {
			conn := rawDial(t, bound)
			mustWrite(t, conn, hello[:n])
			seen.wait(t, EventAccepted, i+1)
			reset(t, conn)
			seen.wait(t, EventHandshakeFailed, i+1)
		}
		push := newSocket(t, zmq4.Push)
		mustConnect(t, push, bound)
		mustSend(t, push, "through")
		wantRecv(t, pull, "through")
		push.Close()
		eventually(t, "nothing is left", func() bool { return pull.locked(func() bool { return pull.accepted == 0 && len(pull.pipes) == 0 }) })
	})
	t.Run("connecting", func(t *testing.T) {
		var seen events
		pull := newSocket(t, zmq4.Pull, seen.option())
		endpoint, accept := rawListener(t)
		mustConnect(t, pull, endpoint)
		for i, n := range cuts {
			conn := accept()
			mustWrite(t, conn, hello[:n])
			reset(t, conn)
			seen.wait(t, EventConnectRetried, i+1)
		}
		conn := accept()
		shakeHands(t, conn, zmq4.Push, "")
		mustWrite(t, conn, frame("through"))
		wantRecv(t, pull, "through")
	})
}

// handshakeOf is all that a peer of a type says in a handshake with NULL (RFC 23).
func handshakeOf(typ zmq4.SocketType) []byte {
	greeting := append([]byte("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x01NULL"), make([]byte, 48)...)
	value := binary.BigEndian.AppendUint32([]byte("\x0bSocket-Type"), uint32(len(typ)))
	return append(greeting, zmtp.AppendCommand(nil, "READY", append(value, typ...))...)
}

// sizes are of messages that share a write, fill one, and take several.
var sizes = []int{300, 3000, 70000, 3 << 20}

// A PUSH whose PULL resets in the middle of a message: the next connection
// begins with a whole message, and has, in order, all that was not written whole
// to the one before, and nothing of what that one has read.
func TestResetOfAPull(t *testing.T) {
	for _, size := range sizes {
		for _, side := range []string{"binds", "connects"} {
			t.Run(sequence(size)+" to one that "+side, func(t *testing.T) {
				t.Parallel()
				push := newSocket(t, zmq4.Push, WithHWM(0), WithBacklog(true))
				next := puller(t, push, side == "connects")
				conn := next()
				count, last := 0, -1
				for range 3 {
					count = clog(t, push, count, size)
					last = readOn(t, conn, size, last, last+3)
					io.ReadFull(conn, make([]byte, size/2)) // and a part of one
					reset(t, conn)
					conn = next()
					mustSend(t, push, filled(count, size)) // or there may be nothing left
					count++
					last = readOn(t, conn, size, last, -1)
				}
				// What is in our own queue is not lost: what is sent last comes last.
				mustSend(t, push, filled(count, size))
				readOn(t, conn, size, last, count)
			})
		}
	}
}

// clog sends messages from number n on, until many wait for a peer that does not
// read, and returns the number of the next.
func clog(t *testing.T, push *Socket, n, size int) int {
	t.Helper()
	for push.locked(func() bool { return push.unsent < 5 || push.unsent*size < 2<<20 }) {
		mustSend(t, push, filled(n, size))
		n++
	}
	return n
}

// readOn reads messages that follow each other, the first of them any behind
// number last, up to number until, or one, and returns the number of the last.
func readOn(t *testing.T, conn net.Conn, size, last, until int) int {
	t.Helper()
	for first := true; first || last < until; first = false {
		body := readBody(t, conn, size)
		n := numberOf(t, body)
		if body != filled(n, size) || n <= last || !first && n != last+1 {
			t.Fatalf("%.20q of %d bytes follows number %d", body, len(body), last)
		}
		last = n
	}
	return last
}

// puller gives the other ends of a PUSH, one after the other.
func puller(t *testing.T, push *Socket, pushBinds bool) func() net.Conn {
	t.Helper()
	if pushBinds {
		bound := mustBind(t, push, "tcp://127.0.0.1:0")
		return func() net.Conn { return rawPeer(t, bound, zmq4.Pull, "") }
	}
	endpoint, accept := rawListener(t)
	mustConnect(t, push, endpoint)
	return func() net.Conn {
		conn := accept()
		shakeHands(t, conn, zmq4.Pull, "")
		return conn
	}
}

// readBody reads a message of one frame.
func readBody(t *testing.T, conn net.Conn, size int) string {
	t.Helper()
	conn.SetReadDeadline(time.Now().Add(patience))
	wantBytes(t, conn, zmtp.AppendHead(nil, 0, size))
	body := make([]byte, size)
	if _, err := io.ReadFull(conn, body); err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// A PUSH with two peers, one of which resets: of what was meant for it only that
// is lost which was written whole, and none comes twice.
func TestResetOfOneOfTwoPulls(t *testing.T) {
	const size, count, read = 50000, 1000, 5
	push := newSocket(t, zmq4.Push, WithHWM(0))
	bound := mustBind(t, push, "tcp://127.0.0.1:0")
	bad := rawPeer(t, bound, zmq4.Pull, "")
	mustWaitPeers(t, push, 1)
	pull := newSocket(t, zmq4.Pull, WithHWM(0))
	mustConnect(t, pull, bound)
	mustWaitPeers(t, push, 2)
	for i := range count {
		mustSend(t, push, filled(i, size))
	}
	// They take turns, and the first to come is the first.
	for i := range read {
		if got := readBody(t, bad, size); got != filled(2*i, size) {
			t.Fatalf("%.20q is not number %d", got, 2*i)
		}
	}
	reset(t, bad)
	eventually(t, "it is noticed", func() bool { return push.locked(func() bool { return push.peers() == 1 }) })
	mustSend(t, push, filled(count, size))
	got := make(map[int]bool)
	for !got[count] {
		body := mustRecv(t, pull)[0]
		n := numberOf(t, body)
		if got[n] || body != filled(n, size) {
			t.Fatalf("message %d came twice or torn", n)
		}
		got[n] = true
	}
	for i := range count {
		switch lost := !got[i]; {
		case i%2 == 1 && lost, i%2 == 0 && i/2 < read && !lost, i%2 == 0 && i > 0 && lost && got[i-2]:
			t.Fatalf("message %d: lost %v, and the one before it: %v", i, lost, !got[i-2])
		}
	}
	if got, want := push.Stats().MsgsOut, uint64(count+1); got != want {
		t.Errorf("%d messages are booked as written, want %d", got, want)
	}
}

// A REP that owes a reply to a peer that resets goes on, and so does a REQ whose
// REP resets inside the reply.
func TestResetBetweenRequestAndReply(t *testing.T) {
	rep := newSocket(t, zmq4.Rep)
	bound := mustBind(t, rep, "tcp://127.0.0.1:0")
	conn := rawPeer(t, bound, zmq4.Req, "")
	mustWrite(t, conn, enveloped("owed"))
	wantRecv(t, rep, "owed")
	reset(t, conn)
	eventually(t, "it is noticed", func() bool { return rep.locked(func() bool { return rep.peers() == 0 }) })
	mustSend(t, rep, "to nobody")
	conn = rawPeer(t, bound, zmq4.Req, "")
	mustWrite(t, conn, enveloped("next"))
	wantRecv(t, rep, "next")
	mustSend(t, rep, "reply")
	wantBytes(t, conn, enveloped("reply"))

	req := newSocket(t, zmq4.Req)
	endpoint, accept := rawListener(t)
	mustConnect(t, req, endpoint)
	conn = accept()
	shakeHands(t, conn, zmq4.Rep, "")
	mustSend(t, req, "question")
	wantBytes(t, conn, enveloped("question"))
	mustWrite(t, conn, enveloped("an answer")[:7])
	awaitTaken(t, conn)
	reset(t, conn)
	_, err := req.RecvContext(within(t, patience))
	wantErr(t, "the reply", err, ErrRequestLost)
	conn = accept()
	shakeHands(t, conn, zmq4.Rep, "")
	mustSend(t, req, "again")
	wantBytes(t, conn, enveloped("again"))
	mustWrite(t, conn, enveloped("answer"))
	wantRecv(t, req, "answer")
}

// A PUB goes on for the others when a subscriber resets in the middle of a
// message that is being written to it.
func TestResetOfASubscriber(t *testing.T) {
	pub := newSocket(t, zmq4.Pub)
	bound := mustBind(t, pub, "tcp://127.0.0.1:0")
	sub := newSocket(t, zmq4.Sub, WithHWM(0))
	sub.Subscribe("")
	mustConnect(t, sub, bound)
	bad := rawPeer(t, bound, zmq4.Sub, "")
	mustWrite(t, bad, frame("\x01"))
	mustWaitSubscribers(t, pub, 2)
	big := strings.Repeat("x", 8<<20)
	mustSend(t, pub, "big", big)
	io.ReadFull(bad, make([]byte, 1<<20))
	reset(t, bad)
	want := slices.Repeat([]string{"small"}, 10)
	for _, text := range want {
		mustSend(t, pub, text)
	}
	wantRecv(t, sub, "big", big)
	for _, text := range want {
		wantRecv(t, sub, text)
	}
	eventually(t, "it is noticed", func() bool { return pub.locked(func() bool { return len(pub.pipes) == 1 }) })
}
