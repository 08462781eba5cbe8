package zmtp

import (
	"context"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A PLAIN client that sends any HELLO: what is malformed is refused and nobody is
// asked about it; what is well formed is checked as it is, whatever its bytes.
func TestPlainHello(t *testing.T) {
	for _, c := range []struct {
		name, hello string
		asked, in   bool
	}{
		{"the right user", "\x02pi\x09raspberry", true, true},
		{"a wrong password", "\x02pi\x09raspberrY", true, false},
		{"half a password", "\x02pi\x04rasp", true, false},
		{"an empty password", "\x02pi\x00", true, false},
		{"another user", "\x02po\x09raspberry", true, false},
		{"nobody", "\x00\x00", true, false},
		{"control characters", "\x02\x1b[\x01\x00", true, false},
		{"255 bytes each", "\xff" + strings.Repeat("n", 255) + "\xff" + strings.Repeat("p", 255), true, false},
		{"empty", "", false, false},
		{"no password", "\x02pi", false, false},
		{"a name cut short", "\x05pi", false, false},
		{"a password cut short", "\x02pi\x0araspberry", false, false},
		{"a byte more", "\x02pi\x09raspberry\x00", false, false},
		{"only a length", "\xff", false, false},
		{"CURVE's", strings.Repeat("\x01", 194), false, false},
	} {
		var asked atomic.Bool
		check := func(ctx context.Context, name, password string) error {
			asked.Store(true)
			return onlyUser("pi", "raspberry")(ctx, name, password)
		}
		sent := join(greeting(3, 1, "PLAIN", 0), AppendCommand(nil, "HELLO", []byte(c.hello)), AppendCommand(nil, "INITIATE", metadata("PUSH", "me")))
		conn := newScript(false, sent)
		peer, err := Open(t.Context(), conn, Config{Type: "PULL", Security: PlainServer(check)})
		switch {
		case c.in && (err != nil || peer.User != "pi" || string(peer.ID) != "me"):
			t.Errorf("%s: %+v, %v", c.name, peer, err)
		case !c.in && c.asked && !isA[*DeniedError](err), !c.asked && !isProtocol(err), asked.Load() != c.asked:
			t.Errorf("%s: asked %v, %v", c.name, asked.Load(), err)
		}
		if err != nil && (strings.Contains(err.Error(), "rasp") || strings.ContainsAny(err.Error(), "\x1b\x00")) {
			t.Errorf("%s: %q", c.name, err)
		}
		if !c.in && conn.written.Len() != greetingLen {
			t.Errorf("%s: it was told %q", c.name, conn.written.Bytes()[greetingLen:])
		}
	}
}

// What a PLAIN server says instead of what is due ends in an error that says so.
func TestPlainServersThatAreWrong(t *testing.T) {
	client := newPlain(t).client
	welcome, good := AppendCommand(nil, "WELCOME", nil), ready(metadata("PULL", ""))
	for _, c := range []struct {
		name string
		sent [][]byte
		is   func(error) bool
		text string
	}{
		{"no forgery", [][]byte{welcome, good}, nil, ""},
		{"READY at once", [][]byte{good}, isProtocol, "where WELCOME was due"},
		{"WELCOME twice", [][]byte{welcome, welcome}, isProtocol, "where READY was due"},
		{"HELLO", [][]byte{AppendCommand(nil, "HELLO", []byte("\x00\x00"))}, isA[*RoleError], "a PLAIN client, as we are"},
		{"HELLO later", [][]byte{welcome, AppendCommand(nil, "HELLO", []byte("\x00\x00"))}, isProtocol, "HELLO"},
		{"a message", [][]byte{AppendFrame(nil, 0, []byte("hello"))}, isProtocol, "due"},
		{"ERROR to HELLO", [][]byte{AppendCommand(nil, "ERROR", []byte("\x03400"))}, isA[*RefusedError], "does not let us in"},
		{"ERROR to INITIATE", [][]byte{welcome, AppendCommand(nil, "ERROR", []byte("\x03500"))}, isA[*RefusedError], "its authenticator failed"},
		{"hang-up on HELLO", nil, isA[*UnansweredError], "hung up on our HELLO: it does not let in this user with this password, or"},
		{"hang-up on INITIATE", [][]byte{welcome}, isA[*UnansweredError], "hung up on our INITIATE: it talks to no PUSH socket, or"},
		{"metadata cut short", [][]byte{welcome, ready(metadata("PULL", "")[:9])}, isProtocol, "metadata"},
	} {
		_, err := Open(t.Context(), newScript(false, slices.Insert(c.sent, 0, greeting(3, 1, "PLAIN", 1))...), client)
		if c.is == nil && err != nil || c.is != nil && (!c.is(err) || !strings.Contains(err.Error(), c.text)) {
			t.Errorf("%s: %v, want %s", c.name, err, c.text)
		}
		if err != nil && strings.Contains(err.Error(), "raspberry") {
			t.Errorf("%s: the password is in %v", c.name, err)
		}
	}
}

// Whatever byte of a PLAIN handshake is changed, what comes of it is a peer or an
// error of ours, no panic; the client never takes what is no server's answer.
func TestPlainEveryByteFlipped(t *testing.T) {
	m := newPlain(t)
	for step := range steps {
		for size, i := 1, 0; i < size; i++ {
			r, end := outcome(t, m, step, func(frame []byte) [][]byte {
				size = len(frame)
				bad := slices.Clone(frame)
				bad[i] ^= 1 << (i * 5 % 8)
				return [][]byte{bad}
			})
			end()
			if r.err != nil && !isProtocol(r.err) && !isHangUpOf(r.err) && !isA[*DeniedError](r.err) && !isA[*IncompatibleError](r.err) {
				t.Errorf("%s, byte %d: %T %v", steps[step].name, i, r.err, r.err)
			}
		}
	}
}

// Names and passwords that PLAIN has no room for are refused before anything is
// sent, and not shown.
func TestPlainClientLimits(t *testing.T) {
	long := strings.Repeat("secret", 50)
	for _, c := range [][2]string{{long, ""}, {"", long}} {
		if _, err := PlainClient(c[0], c[1]); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v", err)
		}
	}
	if _, err := PlainClient(long[:255], long[:255]); err != nil {
		t.Error(err)
	}
}

// A peer that falls silent is given up in time, and the error says for what we
// waited; one that hangs up there is gone, and only a server that had seen who we
// are is said to have judged us.
func TestMechanismSilenceAndHangUp(t *testing.T) {
	for _, c := range []struct {
		mechanism string
		step      int
		silence   string
		hangUp    func(error) bool
	}{
		{"PLAIN", 0, "the peer has to begin it as the PLAIN client", isGone},
		{"PLAIN", 1, "the peer's WELCOME did not come", isA[*UnansweredError]},
		{"PLAIN", 2, "the peer's INITIATE did not come", isGone},
		{"PLAIN", 3, "the peer's READY did not come", isA[*UnansweredError]},
		{"CURVE", 0, "the peer has to begin it as the CURVE client", isGone},
		{"CURVE", 1, "the peer's WELCOME did not come", isA[*UnansweredError]},
		{"CURVE", 2, "the peer's INITIATE did not come", isGone},
		{"CURVE", 3, "the peer's READY did not come", isA[*UnansweredError]},
		{"NULL", 0, "the peer's READY did not come", isGone},
	} {
		m := mechanisms[c.mechanism](t)
		step := steps[c.step]
		if c.step == 0 {
			m.server.Timeout = 50 * time.Millisecond
			_, err := Open(t.Context(), newScript(true, greeting(3, 1, c.mechanism, 0)), m.server)
			if err == nil || !strings.Contains(err.Error(), "no handshake within 50ms, "+c.silence) {
				t.Errorf("%s, no %s: %v", c.mechanism, step.name, err)
			}
			m.server.Timeout = handshakeTime
		}
		for _, silent := range []bool{true, false} {
			if silent && c.step == 0 {
				continue // the server may not have read the greeting yet
			}
			client, server, end := shakeWith(t, m.client, m.server, func(client, server net.Conn) tamper {
				return func(fromClient bool, n int, f []byte) ([][]byte, bool) {
					if fromClient != step.fromClient || n != step.n {
						return [][]byte{f}, false
					}
					if silent { // and the time is out
						map[bool]net.Conn{true: server, false: client}[fromClient].SetDeadline(time.Unix(1, 0))
					}
					return nil, !silent
				}
			})
			end()
			r := client
			if step.fromClient {
				r = server
			}
			if silent && (r.err == nil || !strings.Contains(r.err.Error(), "no handshake within 20s, "+c.silence)) {
				t.Errorf("%s, no %s: %v", c.mechanism, step.name, r.err)
			}
			if !silent && !c.hangUp(r.err) {
				t.Errorf("%s, hung up instead of %s: %T %v", c.mechanism, step.name, r.err, r.err)
			}
		}
	}
}

func isGone(err error) bool { return isHangUp(err) && !isA[*UnansweredError](err) }
