package zmtp

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// steps are the commands of the handshake: who sends them, and as the how manyth
// of its own.
var steps = []struct {
	name       string
	fromClient bool
	n          int
}{{"HELLO", true, 0}, {"WELCOME", false, 0}, {"INITIATE", true, 1}, {"READY", false, 1}}

// at applies a change to one command of the handshake, behind which nothing comes.
func at(step int, change func(frame []byte) [][]byte) tamper {
	return func(fromClient bool, n int, frame []byte) ([][]byte, bool) {
		if fromClient == steps[step].fromClient && n == steps[step].n {
			return change(frame), true
		}
		return [][]byte{frame}, false
	}
}

// outcome runs a handshake with one command changed and gives what came of it
// for the command's receiver.
func outcome(t *testing.T, m secured, step int, change func(frame []byte) [][]byte) (receiver side, end func()) {
	t.Helper()
	c, s, end := shake(t, m.client, m.server, at(step, change))
	for _, err := range []error{c.err, s.err} {
		if err != nil && (strings.Contains(err.Error(), "runtime error") || strings.ContainsAny(err.Error(), "\x1b\n\x00")) {
			t.Errorf("%s: %q", steps[step].name, err)
		}
	}
	if steps[step].fromClient {
		return s, end
	}
	return c, end
}

// Whatever byte of whatever command of the CURVE handshake is changed, its receiver
// ends the connection and says that the bytes are wrong.
func TestCurveEveryByteFlipped(t *testing.T) {
	for step := range steps {
		t.Run(steps[step].name, func(t *testing.T) {
			t.Parallel()
			m := newCurve(t)
			for size, i := 1, 0; i < size; i++ {
				mask := byte(1) << (i * 5 % 8)
				h := 0
				r, end := outcome(t, m, step, func(frame []byte) [][]byte {
					size = len(frame)
					head, _, _ := parseHead(frame)
					h = head.len
					bad := bytes.Clone(frame)
					bad[i] ^= mask
					return [][]byte{bad}
				})
				end()
				// A length that became larger waits for what never comes.
				if !isProtocol(r.err) && !(i < h && isHangUpOf(r.err)) {
					t.Errorf("byte %d xor %#x: %v", i, mask, r.err)
				}
			}
		})
	}
}

func isHangUpOf(err error) bool { return err != nil && (isHangUp(err) || isA[*UnansweredError](err)) }

// rebody gives the command again with another body, under a head that agrees.
func rebody(frame []byte, change func(body []byte) []byte) []byte {
	h, _, _ := parseHead(frame)
	return AppendFrame(nil, FlagCommand, change(bytes.Clone(frame[h.len:])))
}

// Commands that are cut, under a length that agrees and one that doesn't, that
// have a byte too many, come twice, or take another's place.
func TestCurveCommandsChanged(t *testing.T) {
	for step := range steps {
		t.Run(steps[step].name, func(t *testing.T) {
			t.Parallel()
			m := newCurve(t)
			for size, cut := 1, 0; cut < size; cut += 1 + cut/20 {
				r, end := outcome(t, m, step, func(frame []byte) [][]byte {
					return [][]byte{rebody(frame, func(b []byte) []byte {
						size = len(b)
						return b[:cut]
					})}
				})
				end()
				if !isProtocol(r.err) {
					t.Errorf("cut after %d bytes: %v", cut, r.err)
				}
				r, end = outcome(t, m, step, func(frame []byte) [][]byte { return [][]byte{frame[:cut]} })
				end()
				if !isHangUpOf(r.err) {
					t.Errorf("hung up after %d bytes: %v", cut, r.err)
				}
			}
			for name, change := range map[string]func(frame []byte) [][]byte{
				"a byte more":    func(f []byte) [][]byte { return [][]byte{rebody(f, func(b []byte) []byte { return append(b, 0) })} },
				"as a message":   func(f []byte) [][]byte { return [][]byte{append([]byte{f[0] &^ FlagCommand}, f[1:]...)} },
				"with MORE":      func(f []byte) [][]byte { return [][]byte{append([]byte{f[0] | FlagMore}, f[1:]...)} },
				"too large":      func([]byte) [][]byte { return [][]byte{longHeadOf(FlagCommand, maxHandshakeFrame+1)} },
				"2^63-1 bytes":   func([]byte) [][]byte { return [][]byte{longHeadOf(FlagCommand, 1<<63-1)} },
				"PING first":     func(f []byte) [][]byte { return [][]byte{AppendCommand(nil, "PING", []byte{0, 0}), f} },
				"a traffic's":    func([]byte) [][]byte { return [][]byte{sealRaw(&sharedKey{}, messageOfClient, 3, []byte{0})} },
				"empty READY":    func([]byte) [][]byte { return [][]byte{AppendCommand(nil, "READY", nil)} },
				"NULL's READY":   func([]byte) [][]byte { return [][]byte{ready(metadata("PUSH", ""))} },
				"PLAIN's HELLO":  func([]byte) [][]byte { return [][]byte{AppendCommand(nil, "HELLO", []byte("\x02pi\x01x"))} },
				"empty WELCOME":  func([]byte) [][]byte { return [][]byte{AppendCommand(nil, "WELCOME", nil)} },
				"empty INITIATE": func([]byte) [][]byte { return [][]byte{AppendCommand(nil, "INITIATE", nil)} },
			} {
				r, end := outcome(t, m, step, change)
				end()
				if !isProtocol(r.err) {
					t.Errorf("%s: %v", name, r.err)
				}
			}
			for reason, want := range map[string]string{"300": "can't tell", "400": "does not let us in", "500": "failed", "": "refused", "\x1b[2J": `\x1b[2J`} {
				r, end := outcome(t, m, step, func([]byte) [][]byte {
					return [][]byte{AppendCommand(nil, "ERROR", append([]byte{byte(len(reason))}, reason...))}
				})
				end()
				if !isA[*RefusedError](r.err) || !strings.Contains(r.err.Error(), want) {
					t.Errorf("ERROR %q: %v", reason, r.err)
				}
			}
		})
	}
}

// A command that comes twice ends the handshake or, where it was over, the first
// read of the traffic.
func TestCurveCommandsDoubled(t *testing.T) {
	m := newCurve(t)
	for step, s := range steps {
		client, server, end := shake(t, m.client, m.server, at(step, func(f []byte) [][]byte { return [][]byte{f, f} }))
		r := client
		if s.fromClient {
			r = server
		}
		if r.err == nil && step >= 2 {
			_, r.err = r.peer.Conn.Read(make([]byte, 100))
		}
		if !isProtocol(r.err) {
			t.Errorf("%s: %v", s.name, r.err)
		}
		end()
	}
}

// recorded runs a good session and gives its frames, of both directions, some
// traffic included.
func recorded(t *testing.T, m secured) (fromClient, fromServer [][]byte) {
	t.Helper()
	c, s, end := shake(t, m.client, m.server, func(client bool, _ int, frame []byte) ([][]byte, bool) {
		if client {
			fromClient = append(fromClient, frame)
		} else {
			fromServer = append(fromServer, frame)
		}
		return [][]byte{frame}, false
	})
	if c.err != nil || s.err != nil {
		t.Fatal(c.err, s.err)
	}
	for _, way := range [][2]side{{c, s}, {s, c}} {
		f := AppendFrame(nil, 0, []byte("recorded"))
		if _, err := way[0].peer.Conn.Write(f); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(way[1].peer.Conn, f); err != nil {
			t.Fatal(err)
		}
	}
	end()
	if len(fromClient) != 3 || len(fromServer) != 3 {
		t.Fatalf("%d and %d frames", len(fromClient), len(fromServer))
	}
	return fromClient, fromServer
}

// Nothing of one connection is any good on another between the same two: no
// command of the handshake, no traffic, nor the whole of it.
func TestCurveReplay(t *testing.T) {
	m := newCurve(t)
	fromClient, fromServer := recorded(t, m)
	for step, s := range steps {
		if s.name == "HELLO" {
			continue // anybody may show one again: the answer is of use only to who made it
		}
		from := fromServer
		if s.fromClient {
			from = fromClient
		}
		r, end := outcome(t, m, step, func([]byte) [][]byte { return [][]byte{from[s.n]} })
		end()
		if !isProtocol(r.err) {
			t.Errorf("%s of another connection: %v", s.name, r.err)
		}
	}
	for name, rule := range map[string]tamper{
		"the whole client": func(client bool, n int, f []byte) ([][]byte, bool) {
			if client {
				return [][]byte{fromClient[min(n, 2)]}, false
			}
			return [][]byte{f}, false
		},
		"the whole server": func(client bool, n int, f []byte) ([][]byte, bool) {
			if !client {
				return [][]byte{fromServer[min(n, 2)]}, false
			}
			return [][]byte{f}, false
		},
	} {
		c, s, end := shake(t, m.client, m.server, rule)
		end()
		if c.err == nil || s.err == nil || !isProtocol(c.err) && !isProtocol(s.err) {
			t.Errorf("%s again: %v, %v", name, c.err, s.err)
		}
	}
	// The traffic of another connection, in its very place.
	c, s, end := shake(t, m.client, m.server, func(_ bool, n int, f []byte) ([][]byte, bool) {
		if n == 2 {
			f = fromClient[2]
		}
		return [][]byte{f}, false
	})
	defer end()
	if c.err != nil || s.err != nil {
		t.Fatal(c.err, s.err)
	}
	c.peer.Conn.Write(AppendFrame(nil, 0, []byte("mine")))
	if n, err := s.peer.Conn.Read(make([]byte, 100)); n != 0 || !isProtocol(err) {
		t.Errorf("the traffic of another connection: %d bytes, %v", n, err)
	}
}

// Traffic sent back to who sent it is not taken for the peer's.
func TestCurveReflection(t *testing.T) {
	m := newCurve(t)
	seen := make(chan []byte, 10)
	c, s, end := shake(t, m.client, m.server, func(fromClient bool, n int, f []byte) ([][]byte, bool) {
		if fromClient && n == 2 {
			seen <- f
		}
		if !fromClient && n == 2 {
			return [][]byte{<-seen}, false
		}
		return [][]byte{f}, false
	})
	defer end()
	if c.err != nil || s.err != nil {
		t.Fatal(c.err, s.err)
	}
	c.peer.Conn.Write(AppendFrame(nil, 0, []byte("mine")))
	s.peer.Conn.Write(AppendFrame(nil, 0, []byte("back")))
	if n, err := c.peer.Conn.Read(make([]byte, 100)); n != 0 || !isProtocol(err) {
		t.Errorf("%d bytes, %v", n, err)
	}
}

// forge has a client made by hand shake hands with a server of ours, and returns
// what the server makes of it.
func forge(t *testing.T, server Config, h *handClient) (Peer, error) {
	t.Helper()
	ours, theirs := socketPair(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer theirs.Close()
		theirs.Write(join(curveGreeting(0), AppendCommand(nil, "HELLO", h.hello())))
		io.ReadFull(theirs, make([]byte, greetingLen))
		_, welcome, err := readCommand(theirs)
		if err != nil || h.takeWelcome(welcome) != nil {
			return
		}
		theirs.Write(AppendCommand(nil, "INITIATE", h.initiate(h.inside())))
		if _, ready, err := readCommand(theirs); err == nil {
			if _, ok := h.openReady(ready); !ok {
				t.Error("READY does not open")
			}
		}
	}()
	peer, err := Open(t.Context(), ours, server)
	ours.Close()
	<-done
	return peer, err
}

// lowOrder are points that share the same with every key (RFC 7748, section 6.1),
// and other forms of them.
var lowOrder = func() (points [][32]byte) {
	for _, digits := range []string{
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	} {
		b, err := hex.DecodeString(digits)
		if err != nil {
			panic(err)
		}
		p := [32]byte(b)
		high := p
		high[31] |= 0x80 // which is not looked at
		points = append(points, p, high)
	}
	return points
}()

// A client that knows the server's key, and may have a key that is let in, but
// does not keep to RFC 26.
func TestCurveForgedClients(t *testing.T) {
	ours, theirs, other := handKeys(t), handKeys(t), handKeys(t)
	server := Config{Type: "PULL", Security: CurveServer(ours, onlyKey(theirs.Public)), Timeout: handshakeTime}
	type forgery struct {
		name   string
		change func(h *handClient)
		is     func(error) bool
		text   string
	}
	cases := []forgery{
		{"no forgery", func(*handClient) {}, nil, ""},
		{"nonces that leave some out", func(h *handClient) { h.helloNonce, h.initNonce = 7, 1<<64-2 }, nil, ""},
		{"another version", func(h *handClient) { h.version = [2]byte{1, 1} }, isProtocol, "malformed HELLO"},
		{"version 2", func(h *handClient) { h.version = [2]byte{2, 0} }, isProtocol, "malformed HELLO"},
		{"version 0", func(h *handClient) { h.version = [2]byte{} }, isProtocol, "malformed HELLO"},
		{"padding", func(h *handClient) { h.padding[71] = 1 }, isProtocol, "HELLO"},
		{"signed with other bytes", func(h *handClient) { h.signed[63] = 1 }, isProtocol, "HELLO"},
		{"signed with fewer", func(h *handClient) { h.signed = h.signed[1:] }, isProtocol, "malformed HELLO"},
		{"another's transient key", func(h *handClient) { h.showKey = &other.Public }, isProtocol, "HELLO"},
		{"for another server", func(h *handClient) { h.server = other.Public }, isProtocol, "HELLO is not meant for our key"},
		{"nonce 0", func(h *handClient) { h.helloNonce = 0 }, isProtocol, "nonce was used again"},
		{"the same nonce again", func(h *handClient) { h.initNonce = 1 }, isProtocol, "nonce was used again"},
		{"a nonce before", func(h *handClient) { h.helloNonce, h.initNonce = 9, 8 }, isProtocol, "nonce was used again"},
		{"another's public key", func(h *handClient) { h.own = other; h.claim = &theirs.Public }, isProtocol, "has not the secret key"},
		{"vouched by another", func(h *handClient) { h.vouchKey = &other.Secret }, isProtocol, "has not the secret key"},
		{"vouched by the transient key", func(h *handClient) { h.vouchKey = &h.transient.Secret }, isProtocol, "has not the secret key"},
		{"vouched for another transient key", func(h *handClient) { copy(h.vouchFor[:32], other.Public[:]) }, isProtocol, "has not the secret key"},
		{"vouched for another server", func(h *handClient) { copy(h.vouchFor[32:], other.Public[:]) }, isProtocol, "has not the secret key"},
		{"not let in", func(h *handClient) { h.own = other }, isA[*DeniedError], "an unknown key"},
		{"no metadata", func(h *handClient) { h.metadata = nil }, isA[*IncompatibleError], "does not say"},
		{"another type", func(h *handClient) { h.metadata = metadata("SUB", "") }, isA[*IncompatibleError], "SUB"},
		{"an unknown type", func(h *handClient) { h.metadata = metadata("\x1b[2J", "") }, isA[*IncompatibleError], `\x1b[2J`},
		{"metadata cut short", func(h *handClient) { h.metadata = h.metadata[:len(h.metadata)-1] }, isProtocol, "metadata"},
		{"a value of 2^32-1 bytes", func(h *handClient) { h.metadata = []byte("\x01a\xff\xff\xff\xff") }, isProtocol, "metadata"},
		{"all the metadata that fits", func(h *handClient) {
			h.metadata = append(metadata("PUSH", ""), appendProperty(nil, "X", strings.Repeat("x", maxHandshakeFrame-330))...)
		}, nil, ""},
		{"more metadata than fits", func(h *handClient) { h.metadata = make([]byte, maxHandshakeFrame) }, isProtocol, "are allowed"},
	}
	for i := range lowOrder {
		cases = append(cases,
			forgery{fmt.Sprintf("C' of low order %d", i), func(h *handClient) { h.showKey = &lowOrder[i] }, isProtocol, "HELLO"},
			forgery{fmt.Sprintf("C of low order %d", i), func(h *handClient) { h.claim = &lowOrder[i] }, isProtocol, "has not the secret key"})
	}
	for _, c := range cases {
		h := newHandClient(t, theirs, ours.Public)
		c.change(h)
		peer, err := forge(t, server, h)
		switch {
		case c.is == nil && (err != nil || peer.User != string(theirs.Public[:])):
			t.Errorf("%s: %v, %+v", c.name, err, peer)
		case c.is != nil && (!c.is(err) || !strings.Contains(err.Error(), c.text)):
			t.Errorf("%s: %v, want %s", c.name, err, c.text)
		}
	}
}

// A C' of low order, sealed as anybody can who knows what all share with it, does
// not even show that the client knows the server's key.
func TestCurveWeakSharedKeysAreRefused(t *testing.T) {
	k := handKeys(t)
	for i := range lowOrder {
		if got, err := share(&lowOrder[i], &k.Secret); err == nil {
			t.Errorf("%x shares %x", lowOrder[i], *got)
		}
	}
	ours := handKeys(t)
	s := CurveServer(ours, onlyKey([32]byte{})).(*curve).session(t.Context()).(*curveSession)
	hello := join([]byte{1, 0}, make([]byte, 72), lowOrder[0][:], binary.BigEndian.AppendUint64(nil, 1))
	weak := weakKey()
	hello = weak.seal(hello, make([]byte, 64), shortNonce(nonceHello, 1))
	if _, _, err := s.answerHello(hello); !isProtocol(err) || !errors.Is(err, errWeakKey) {
		t.Errorf("%v", err)
	}
}

// What a client makes of a server that has the right key but does not keep to
// RFC 26.
func TestCurveForgedServers(t *testing.T) {
	ours, theirs, other := handKeys(t), handKeys(t), handKeys(t)
	client := Config{Type: "PUSH", Security: CurveClient(ours, theirs.Public), Timeout: handshakeTime}
	type forgery struct {
		name   string
		change func(h *handServer)
		is     func(error) bool
		text   string
	}
	cases := []forgery{
		{"no forgery", func(*handServer) {}, nil, ""},
		{"another key", func(h *handServer) { h.own = other }, isProtocol, "not of the server whose key we have"},
		{"another's transient key", func(h *handServer) { h.showKey = &other.Public }, isProtocol, "READY was tampered with"},
		{"nonce 0", func(h *handServer) { h.readyNonce = 0 }, isProtocol, "nonce"},
		{"no metadata", func(h *handServer) { h.metadata = nil }, isA[*IncompatibleError], "does not say"},
		{"metadata cut short", func(h *handServer) { h.metadata = h.metadata[:9] }, isProtocol, "metadata"},
		{"another type", func(h *handServer) { h.metadata = metadata("PUB", "") }, isA[*IncompatibleError], "PUB"},
	}
	for i := range lowOrder {
		cases = append(cases, forgery{fmt.Sprintf("S' of low order %d", i), func(h *handServer) { h.showKey = &lowOrder[i] }, isProtocol, "WELCOME"})
	}
	for _, c := range cases {
		h := newHandServer(t, theirs)
		c.change(h)
		near, far := socketPair(t)
		done := make(chan struct{})
		go func() {
			defer close(done)
			defer far.Close()
			far.Write(curveGreeting(1))
			io.ReadFull(far, make([]byte, greetingLen))
			_, hello, err := readCommand(far)
			if err != nil {
				return
			}
			far.Write(AppendCommand(nil, "WELCOME", h.welcome(hello, h.insideWelcome())))
			if _, initiate, err := readCommand(far); err != nil || !bytes.HasPrefix(initiate, h.cookie[:]) {
				return
			}
			far.Write(AppendCommand(nil, "READY", h.ready(h.metadata)))
		}()
		_, err := Open(t.Context(), near, client)
		near.Close()
		<-done
		if c.is == nil && err != nil || c.is != nil && (!c.is(err) || !strings.Contains(err.Error(), c.text)) {
			t.Errorf("%s: %v, want %s", c.name, err, c.text)
		}
	}
}
