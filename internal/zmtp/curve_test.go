package zmtp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"
)

var errUnknownKey = errors.New("an unknown key")

// onlyKey lets one client in.
func onlyKey(key [32]byte) func([32]byte) error {
	return func(client [32]byte) error {
		if client != key {
			return errUnknownKey
		}
		return nil
	}
}

func newPlain(t testing.TB) secured {
	t.Helper()
	client, err := PlainClient("pi", "raspberry")
	if err != nil {
		t.Fatal(err)
	}
	return secured{
		client: Config{Type: zmq4.Push, ID: zmq4.SocketIdentity("client's id"), Security: client, Timeout: handshakeTime},
		server: Config{Type: zmq4.Pull, ID: zmq4.SocketIdentity("server's id"), Security: PlainServer(onlyUser("pi", "raspberry")), Timeout: handshakeTime},
		user:   "pi",
	}
}

func newNull(testing.TB) secured {
	return secured{
		client: Config{Type: zmq4.Push, ID: zmq4.SocketIdentity("client's id"), Timeout: handshakeTime},
		server: Config{Type: zmq4.Pull, ID: zmq4.SocketIdentity("server's id"), Timeout: handshakeTime},
	}
}

func onlyUser(name, password string) func(context.Context, string, string) error {
	return func(_ context.Context, n, p string) error {
		if n != name || p != password {
			return errors.New("unknown user or wrong password")
		}
		return nil
	}
}

var mechanisms = map[string]func(testing.TB) secured{"NULL": newNull, "PLAIN": newPlain, "CURVE": newCurve}

// The two sides of every mechanism find each other's type, id and, the server,
// whom it talks to; then frames of all kinds pass both ways.
func TestMechanisms(t *testing.T) {
	for name, mechanism := range mechanisms {
		t.Run(name, func(t *testing.T) {
			m := mechanism(t)
			c, s, end := shake(t, m.client, m.server, pass)
			defer end()
			if c.err != nil || s.err != nil {
				t.Fatalf("%v, %v", c.err, s.err)
			}
			if c.peer.Type != zmq4.Pull || string(c.peer.ID) != "server's id" || c.peer.User != "" || string(c.peer.Mechanism) != name {
				t.Errorf("the client found %+v", c.peer)
			}
			if s.peer.Type != zmq4.Push || string(s.peer.ID) != "client's id" || s.peer.User != m.user || string(s.peer.Mechanism) != name {
				t.Errorf("the server found %+v", s.peer)
			}
			converse(t, c.peer.Conn, s.peer.Conn)
			converse(t, s.peer.Conn, c.peer.Conn)
		})
	}
}

// converse sends frames of all kinds from one to the other and closes that
// direction.
func converse(t *testing.T, from, to net.Conn) {
	t.Helper()
	frames := framesOfAllKinds()
	sent := make(chan error, 1)
	go func() {
		for i, f := range frames {
			if i%2 == 0 {
				if n, err := from.Write(f); err != nil || n != len(f) {
					sent <- fmt.Errorf("%d of %d bytes written: %w", n, len(f), err)
					return
				}
				continue
			}
			bufs := net.Buffers{f}
			var err error
			if w, ok := from.(BuffersWriter); ok {
				_, err = w.WriteBuffers(bufs)
			} else {
				_, err = bufs.WriteTo(from)
			}
			if err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	got := make([]byte, len(join(frames...)))
	_, err := io.ReadFull(to, got)
	if werr := <-sent; err != nil || werr != nil || !bytes.Equal(got, join(frames...)) {
		t.Errorf("other frames came out than went in: %v, %v", err, werr)
	}
	from.(interface{ CloseWrite() error }).CloseWrite()
	if n, err := to.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("behind the end: %d bytes, %v", n, err)
	}
}

// No nonce is used twice under a key, in either direction, the handshake included:
// what went over the wire says so. Nothing that is told in confidence is there.
func TestCurveWire(t *testing.T) {
	m := newCurve(t)
	var wires [2][][]byte
	done := make(chan struct{}, 1000)
	const messages = 50
	c, s, end := shake(t, m.client, m.server, func(fromClient bool, n int, frame []byte) ([][]byte, bool) {
		way := map[bool]int{true: 0, false: 1}[fromClient]
		wires[way] = append(wires[way], frame)
		done <- struct{}{}
		return pass(fromClient, n, frame)
	})
	defer end()
	if c.err != nil || s.err != nil {
		t.Fatal(c.err, s.err)
	}
	for i := range messages {
		for _, way := range []struct{ from, to net.Conn }{{c.peer.Conn, s.peer.Conn}, {s.peer.Conn, c.peer.Conn}} {
			f := AppendFrame(nil, 0, fmt.Appendf(nil, "recognisable %d", i))
			if _, err := way.from.Write(f); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(way.to, f); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 4 + 2*messages {
		<-done
	}
	checkNonces(t, wires[0], "\x05HELLO", 106, "\x08INITIATE", 96, messages)
	checkNonces(t, wires[1], "\x07WELCOME", -1, "\x05READY", 0, messages)
	for _, told := range []string{"recognisable", "Socket-Type", "PUSH", "PULL", "client's id", "server's id", m.user} {
		if bytes.Contains(join(slices.Concat(wires[0], wires[1])...), []byte(told)) {
			t.Errorf("%q can be read on the wire", told)
		}
	}
}

// checkNonces checks that the short nonces of one direction count from 1: those of
// the two commands of the handshake, which lie so far in their bodies, and those of
// the messages.
func checkNonces(t *testing.T, wire [][]byte, first string, firstAt int, second string, secondAt, messages int) {
	t.Helper()
	if len(wire) != 2+messages {
		t.Fatalf("%d frames, want %d", len(wire), 2+messages)
	}
	last := uint64(0)
	for i, c := range []struct {
		name string
		at   int
	}{{first, firstAt}, {second, secondAt}} {
		h, _, _ := parseHead(wire[i])
		body, ok := bytes.CutPrefix(wire[i][h.len:], []byte(c.name))
		if !ok || !h.command() {
			t.Fatalf("frame %d is %.10q, want %q", i, wire[i], c.name)
		}
		if c.at < 0 {
			continue
		}
		if n := bytesToUint(body[c.at:]); n != last+1 {
			t.Errorf("%s has nonce %d behind %d", c.name, n, last)
		}
		last++
	}
	for _, f := range wire[2:] {
		if n := nonceOf(t, f); n != last+1 {
			t.Fatalf("nonce %d behind %d", n, last)
		}
		last++
	}
}

func bytesToUint(b []byte) (n uint64) {
	for _, x := range b[:8] {
		n = n<<8 | uint64(x)
	}
	return n
}

// Who is not let in gets no word, and is told likely reasons; wrong keys are found
// out by whoever has them.
func TestCurveRefusals(t *testing.T) {
	ours, theirs, other := handKeys(t), handKeys(t), handKeys(t)
	forged := theirs
	forged.Secret = other.Secret // to whose public key it has not the secret one
	for name, c := range map[string]struct {
		client       zmq4.Security
		clientErr    string
		serverIs     func(error) bool
		serverErr    string
		serverAllows [32]byte
	}{
		"an unknown client": {CurveClient(other, ours.Public), "hung up on our INITIATE: it does not let our key in", isA[*DeniedError], "not let in: an unknown key", theirs.Public},
		"a wrong server":    {CurveClient(theirs, other.Public), "hung up on our HELLO: its key is not the one", isProtocol, "HELLO is not meant for our key", theirs.Public},
		"a forged client":   {CurveClient(forged, ours.Public), "hung up on our INITIATE", isProtocol, "has not the secret key", theirs.Public},
		"a weak server key": {CurveClient(theirs, [32]byte{1}), "none that two can share a secret with", func(err error) bool { return errors.Is(err, io.EOF) }, "EOF", theirs.Public},
	} {
		client := Config{Type: zmq4.Push, Security: c.client, Timeout: handshakeTime}
		server := Config{Type: zmq4.Pull, Security: CurveServer(ours, onlyKey(c.serverAllows)), Timeout: handshakeTime}
		cl, s, end := shake(t, client, server, pass)
		end()
		if cl.err == nil || !strings.Contains(cl.err.Error(), c.clientErr) {
			t.Errorf("%s: the client ends with %v, want %s", name, cl.err, c.clientErr)
		}
		if s.err == nil || !c.serverIs(s.err) || !strings.Contains(s.err.Error(), c.serverErr) {
			t.Errorf("%s: the server ends with %v, want %s", name, s.err, c.serverErr)
		}
		for _, err := range []error{cl.err, s.err} {
			for _, k := range []CurveKeys{ours, theirs, other} {
				if err != nil && strings.Contains(err.Error(), string(k.Secret[:8])) {
					t.Errorf("%s: a secret in %v", name, err)
				}
			}
		}
	}
}

// Two of the same role tell each other so; other mechanisms are named.
func TestMechanismsThatDoNotMatch(t *testing.T) {
	curve, plain, null := newCurve(t), newPlain(t), newNull(t)
	for name, c := range map[string]struct {
		a, b Config
		is   func(error) bool
	}{
		"two CURVE servers": {curve.server, curve.server, isA[*RoleError]},
		"two CURVE clients": {curve.client, curve.client, isA[*RoleError]},
		"two PLAIN servers": {plain.server, plain.server, isA[*RoleError]},
		"two PLAIN clients": {plain.client, plain.client, isA[*RoleError]},
		"CURVE and PLAIN":   {curve.client, plain.server, isA[*MechanismError]},
		"CURVE and NULL":    {null.client, curve.server, isA[*MechanismError]},
		"PLAIN and NULL":    {plain.client, null.server, isA[*MechanismError]},
	} {
		a, b, end := shake(t, c.a, c.b, pass)
		end()
		if !c.is(a.err) && !c.is(b.err) {
			t.Errorf("%s: %v, %v", name, a.err, b.err)
		}
		for _, err := range []error{a.err, b.err} {
			// One may find the other gone before it has read what it said.
			if err == nil || !c.is(err) && !isHangUp(err) && !isA[*UnansweredError](err) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
