package zmtp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/peertest"
)

// soon is the time of a probe whose peer is silent for all of it.
const soon = 200 * time.Millisecond

// listenFor serves every connection to an address by serve, and gives what dials it.
func listenFor(t *testing.T, serve func(net.Conn)) func(context.Context) (net.Conn, error) {
	t.Helper()
	address := peertest.Serve(t, serve)
	return func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", address)
	}
}

// saying sends bytes, and then holds the connection until the other side ends it.
func saying(b []byte) func(net.Conn) {
	return func(conn net.Conn) {
		conn.Write(b)
		io.Copy(io.Discard, conn)
	}
}

func probeFor(t *testing.T, within time.Duration, cfg ProbeConfig, serve func(net.Conn)) (Probed, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	return Probe(ctx, listenFor(t, serve), cfg)
}

func greeting20(typ byte, id string) []byte {
	return join([]byte("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x01"), []byte{typ, 0, byte(len(id))}, []byte(id))
}

// Peers of each ZMTP tell what theirs has to tell, and nothing is sent to them that
// would make them a peer of ours.
func TestProbeTellsWhoAnswers(t *testing.T) {
	property := appendProperty(metadata(zmq4.Push, "\x01me"), "X-Site", "roof")
	tests := []struct {
		name string
		sent []byte
		want Probed
	}{
		{"NULL 3.1", join(nullGreeting(), ready(property)), Probed{Major: 3, Minor: 1, Mechanism: "NULL", Type: "PUSH", ID: []byte("\x01me"),
			Meta: zmq4.Metadata{"Socket-Type": "PUSH", "Identity": "\x01me", "X-Site": "roof"}, NoPings: ErrWouldSend}},
		{"NULL 3.0", join(greeting(3, 0, "NULL", 0), ready(metadata(zmq4.Pub, ""))), Probed{Major: 3, Mechanism: "NULL", Type: "PUB",
			Meta: zmq4.Metadata{"Socket-Type": "PUB", "Identity": ""}, NoPings: ErrNoPing}},
		{"a draft type", join(nullGreeting(), ready(appendProperty(nil, PropertySocketType, "SERVER"))), Probed{Major: 3, Minor: 1, Mechanism: "NULL",
			Type: "SERVER", Meta: zmq4.Metadata{"Socket-Type": "SERVER"}, NoPings: ErrWouldSend}},
		{"no type", join(nullGreeting(), ready(nil)), Probed{Major: 3, Minor: 1, Mechanism: "NULL", Meta: zmq4.Metadata{}, NoPings: ErrWouldSend}},
		{"CURVE without keys", greeting(3, 1, "CURVE", 1), Probed{Major: 3, Minor: 1, Mechanism: "CURVE", Server: true}},
		{"PLAIN without a user", greeting(3, 0, "PLAIN", 0), Probed{Major: 3, Mechanism: "PLAIN"}},
		{"GSSAPI", greeting(3, 1, "GSSAPI", 0), Probed{Major: 3, Minor: 1, Mechanism: "GSSAPI"}},
		{"controls for a mechanism", greeting(3, 1, "\x1b[2J", 0), Probed{Major: 3, Minor: 1, Mechanism: "\x1b[2J"}},
		{"2.0", greeting20(8, ""), Probed{Major: 2, Type: "PUSH"}},
		{"2.0, named", greeting20(5, "worker"), Probed{Major: 2, Type: "DEALER", ID: []byte("worker")}},
		{"2.0 of an unknown type", greeting20(77, ""), Probed{Major: 2}},
		{"1.0", []byte("\x01\x00"), Probed{Major: 1}},
		{"1.0, named", []byte("\x06\x00named"), Probed{Major: 1, ID: []byte("named")}},
		{"1.0 with a signature", []byte("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x00\x01"), Probed{Major: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			heard := make(chan []byte, 1)
			got, err := probeFor(t, handshakeTime, ProbeConfig{Pings: 3}, func(conn net.Conn) {
				conn.Write(tt.sent)
				b, _ := io.ReadAll(conn)
				heard <- b
			})
			if err != nil {
				t.Fatal(err)
			}
			if b := <-heard; len(b) > greetingLen {
				t.Errorf("the peer was sent %q behind the greeting", b[greetingLen:])
			}
			if (got.Handshake > 0) != (tt.want.Type != "" || tt.want.Meta != nil || tt.want.Major < 3) {
				t.Errorf("a handshake of %v", got.Handshake)
			}
			got.Handshake = 0
			if a, b := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", tt.want); a != b {
				t.Errorf("%s\nwant %s", a, b)
			}
		})
	}
}

// What is no ZeroMQ peer that can be talked to is told by what it does.
func TestProbeTellsWhyNot(t *testing.T) {
	silent := func(err error) bool { return isA[*MuteError](err) && errors.Is(err, context.DeadlineExceeded) }
	tests := []struct {
		name  string
		serve func(net.Conn)
		is    func(error) bool
		text  string
	}{
		{"silence", saying(nil), silent, "its greeting did not come"},
		{"part of a greeting", saying(nullGreeting()[:20]), silent, "all of its greeting"},
		{"part of a READY", saying(join(nullGreeting(), ready(metadata(zmq4.Pub, ""))[:9])), silent, "its READY"},
		{"a READY that is announced", saying(join(nullGreeting(), longHeadOf(FlagCommand, 64<<10))), silent, "its READY"},
		{"hangs up", func(net.Conn) {}, isA[*UnansweredError], "hung up on our greeting"},
		{"resets", func(c net.Conn) { io.ReadFull(c, make([]byte, 12)); c.(*net.TCPConn).SetLinger(0) }, isA[*UnansweredError], "hung up on our greeting"},
		{"hangs up in its greeting", func(c net.Conn) { c.Write(nullGreeting()[:20]); io.ReadFull(c, make([]byte, 12)) }, isA[*UnansweredError], "hung up on our greeting"},
		{"hangs up before READY", func(c net.Conn) { c.Write(nullGreeting()); io.ReadFull(c, make([]byte, 64)) }, isA[*UnansweredError], "its authenticator"},
		{"SSH", saying([]byte("SSH-2.0-Open\x1b[2JSSH\r\n")), isA[*NotZMTPError], `begins with "SSH-2.0-Open\x1b[2JSSH"`},
		{"a banner without an end", saying([]byte("220 mail")), isA[*NotZMTPError], `"220 mail"`},
		{"a flood", func(c net.Conn) { io.Copy(c, zeros{}) }, isA[*NotZMTPError], `"\x00\x00`},
		{"MySQL", saying([]byte("J\x00\x00\x00\x098.0.33")), isA[*NotZMTPError], "8.0.33"},
		{"no signature", saying([]byte("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x00")), isA[*NotZMTPError], "not ZeroMQ"},
		{"waits for a request to end", func(c net.Conn) { io.Copy(io.Discard, c); io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n") }, isA[*NotZMTPError], "HTTP/1.1 400 Bad Request"},
		{"a refusal", saying(join(nullGreeting(), AppendCommand(nil, zmq4.CmdError, []byte("\x03400")))), isA[*RefusedError], "(400)"},
		{"another command", saying(join(nullGreeting(), AppendCommand(nil, "\x1b[2J", nil))), isProtocol, `"\x1b[2J"`},
		{"a message", saying(join(nullGreeting(), AppendFrame(nil, 0, []byte("hello")))), isProtocol, "handshake command was due"},
		{"2^63 bytes of READY", saying(join(nullGreeting(), longHeadOf(FlagCommand, 1<<63))), isProtocol, "bytes"},
		{"malformed metadata", saying(join(nullGreeting(), ready([]byte("\x01a\xff\xff\xff\xff")))), isProtocol, "metadata"},
		{"2.0 cut short", func(c net.Conn) { c.Write(greeting20(8, "abc")[:15]); io.ReadFull(c, make([]byte, 12)) }, isA[*UnansweredError], "hung up"},
		{"as-server byte", saying(greeting(3, 1, "NULL", 9)), isProtocol, "as-server"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			within := handshakeTime
			if strings.Contains(tt.text, "come") || strings.Contains(tt.text, "all of") || tt.text == "its READY" || strings.HasPrefix(tt.name, "waits") {
				within = soon
			}
			_, err := probeFor(t, within, ProbeConfig{Pings: 3}, tt.serve)
			checkRefusal(t, err, tt.is, tt.text)
		})
	}
}

// zeros is endless.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

// A peer that begins its greeting and waits for all of ours gets it.
func TestProbeOfAPeerThatWaitsForOurs(t *testing.T) {
	got, err := probeFor(t, 2*time.Second, ProbeConfig{}, func(conn net.Conn) {
		conn.Write(nullGreeting()[:12])
		ours := make([]byte, greetingLen)
		if _, err := io.ReadFull(conn, ours); err == nil {
			conn.Write(join(nullGreeting()[12:], ready(metadata(zmq4.Pull, ""))))
		}
		io.Copy(io.Discard, conn)
	})
	if err != nil || got.Type != zmq4.Pull {
		t.Errorf("%+v, %v", got, err)
	}
}

// answering is a 3.1 peer that shakes hands with whoever comes, and then answers
// each of our commands with what reply makes of it.
func answering(typ zmq4.SocketType, claims chan<- string, reply func(name string, data []byte) []byte) func(net.Conn) {
	return func(conn net.Conn) {
		conn.Write(join(nullGreeting(), ready(metadata(typ, ""))))
		if _, err := io.ReadFull(conn, make([]byte, greetingLen)); err != nil {
			return
		}
		g := &guard{Conn: conn}
		for g.takeFrame() == nil {
			name, data, err := parseCommand(g.frame)
			if err != nil {
				return
			}
			if name == zmq4.CmdReady {
				md, _ := ParseMetadata(data)
				claims <- md[PropertySocketType]
				continue
			}
			if _, err := conn.Write(reply(name, data)); err != nil {
				return
			}
		}
	}
}

// Round trips are timed by PINGs that ask to be forgotten, as a type that the peer
// sends nothing to; whatever else the peer sends is read past.
func TestProbePings(t *testing.T) {
	for typ, claim := range map[zmq4.SocketType]string{
		zmq4.Pub: "SUB", zmq4.XPub: "SUB", zmq4.Sub: "PUB", zmq4.XSub: "PUB", zmq4.Pull: "PUSH", zmq4.Rep: "REQ", zmq4.Router: "REQ",
	} {
		t.Run(string(typ), func(t *testing.T) {
			t.Parallel()
			claims := make(chan string, 1)
			got, err := probeFor(t, handshakeTime, ProbeConfig{Pings: 4}, answering(typ, claims, func(name string, data []byte) []byte {
				if name != zmq4.CmdPing || !bytes.HasPrefix(data, []byte{0, 0}) || len(data) != 6 {
					t.Errorf("the peer was sent %s %q", name, data)
				}
				return join(AppendFrame(nil, FlagMore, make([]byte, 70000)), AppendFrame(nil, 0, nil), AppendCommand(nil, "SUBSCRIBE", []byte("a")),
					AppendCommand(nil, zmq4.CmdPong, []byte("else")), AppendCommand(nil, zmq4.CmdPong, data[2:]))
			}))
			if err != nil || len(got.RoundTrips) != 4 || got.NoPings != nil || slices.Min(got.RoundTrips) <= 0 {
				t.Errorf("%+v, %v", got, err)
			}
			if told := <-claims; told != claim {
				t.Errorf("%s was told of a %s", typ, told)
			}
		})
	}
}

// A peer that answers no PING, or with anything else, has answered all the same.
func TestProbeWithoutPongs(t *testing.T) {
	for name, reply := range map[string][]byte{
		"silence": nil, "a huge frame": longHeadOf(0, 1<<64-1), "a huge command": longHeadOf(FlagCommand, 1<<62), "no command": {FlagCommand, 1, 9},
		"reserved flags": {0xf0}, "PONGs without end": bytes.Repeat(AppendCommand(nil, zmq4.CmdPong, nil), 1000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := probeFor(t, soon, ProbeConfig{Pings: 2}, answering(zmq4.Pub, make(chan string, 1), func(string, []byte) []byte { return reply }))
			if err != nil || got.Type != zmq4.Pub || got.NoPings == nil || got.RoundTrips != nil {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

// twoRoles are the mechanisms that have a client and a server.
func twoRoles() map[string]func(testing.TB) secured {
	some := maps.Clone(mechanisms)
	delete(some, "NULL")
	return some
}

// Under a mechanism each peer is met as one of the types that talk to it; those of
// this package tell what they are even to others.
func TestProbeSecured(t *testing.T) {
	for name, mechanism := range twoRoles() {
		for _, typ := range socketTypes {
			t.Run(name+" "+string(typ), func(t *testing.T) {
				t.Parallel()
				m := mechanism(t)
				m.server.Type = typ
				m.server.ID = zmq4.SocketIdentity("it")
				got, err := probeFor(t, handshakeTime, ProbeConfig{Security: m.client.Security, Pings: 1}, func(conn net.Conn) {
					Open(t.Context(), conn, m.server) // the prober is whom it concerns
				})
				if err != nil || got.Type != typ || string(got.ID) != "it" || got.Mechanism != m.client.Security.Type() || !got.Server || got.Handshake <= 0 {
					t.Errorf("%+v, %v", got, err)
				}
			})
		}
	}
}

// Of a peer that hangs up on types which it doesn't talk to, as libzmq does, what is
// left is told. Under CURVE and ZMTP 3.0 that may be our key.
func TestProbeSecuredPeersThatDoNotTell(t *testing.T) {
	for name, mechanism := range twoRoles() {
		for _, minor := range []byte{0, 1} {
			t.Run(fmt.Sprintf("%s 3.%d", name, minor), func(t *testing.T) {
				t.Parallel()
				m := mechanism(t)
				m.server.Type = zmq4.Push
				got, err := probeFor(t, handshakeTime, ProbeConfig{Security: m.client.Security}, func(conn net.Conn) {
					Open(t.Context(), &untelling{Conn: conn, minor: minor}, m.server)
				})
				if want := name == "CURVE" && minor == 0; want != isA[*UnansweredError](err) || !want && err != nil {
					t.Fatal(err)
				} else if want {
					return
				}
				if !slices.Equal(got.OneOf, []zmq4.SocketType{"PUSH", "REQ", "DEALER", "PAIR"}) {
					t.Errorf("%+v", got)
				}
			})
		}
	}
}

// An untelling connection has another minor version in its greeting, and fails
// where READY is written, which under CURVE is sealed but for its name.
type untelling struct {
	net.Conn
	minor byte
	sent  int
}

func (c *untelling) Write(b []byte) (int, error) {
	if c.sent < greetingLen {
		b = bytes.Clone(b)
		if at := versionAt + 1 - c.sent; at >= 0 && at < len(b) {
			b[at] = c.minor
		}
		c.sent += len(b)
		return c.Conn.Write(b)
	}
	if bytes.Contains(b, []byte("\x05READY")) {
		return 0, io.ErrClosedPipe
	}
	return c.Conn.Write(b)
}

// An end from outside is no fault of the peer's.
func TestProbeInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	dial := listenFor(t, func(conn net.Conn) {
		cancel()
		io.Copy(io.Discard, conn)
	})
	if _, err := Probe(ctx, dial, ProbeConfig{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestCompatibleIsMutual(t *testing.T) {
	types := slices.Clone(socketTypes)
	for draft := range draftPeers {
		types = append(types, draft)
	}
	for _, a := range types {
		if len(Compatible(a)) == 0 {
			t.Errorf("%s talks to nobody", a)
		}
		for _, b := range Compatible(a) {
			if !slices.Contains(Compatible(b), a) {
				t.Errorf("%s talks to %s, and not the other way", a, b)
			}
		}
	}
	if got := Compatible("\x1b"); got != nil {
		t.Errorf("%q", got)
	}
}

// FuzzProbe has a peer say anything, cut in pieces, and then be silent or hang up.
func FuzzProbe(f *testing.F) {
	good := join(nullGreeting(), ready(metadata(zmq4.Pub, "id")), AppendCommand(nil, zmq4.CmdPong, []byte{0, 0, 0, 0}))
	f.Add(good, uint16(200), false)
	f.Add(good, uint16(1), true)
	f.Add(greeting20(8, "abc"), uint16(7), true)
	f.Add([]byte("\x06\x00named"), uint16(3), false)
	for _, c := range badPeers {
		f.Add(c.sent, uint16(50), true)
	}
	f.Fuzz(func(t *testing.T, sent []byte, chunk uint16, hang bool) {
		var chunks [][]byte
		for rest := sent; len(rest) > 0; {
			n := min(len(rest), 1+int(chunk))
			chunks, rest = append(chunks, rest[:n:n]), rest[n:]
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		done := make(chan struct{})
		go func() {
			defer close(done)
			got, err := Probe(ctx, func(context.Context) (net.Conn, error) { return newScript(hang, chunks...), nil }, ProbeConfig{Pings: 2})
			if err != nil && strings.ContainsAny(err.Error(), "\x1b\n") {
				t.Errorf("control characters of the peer's: %q", err)
			}
			if err == nil && got.Major == 0 {
				t.Errorf("an answer of no ZMTP: %+v", got)
			}
			if len(got.Said) > bannerLen || len(got.ID) > maxIdentity {
				t.Errorf("%d and %d bytes are kept", len(got.Said), len(got.ID))
			}
		}()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			t.Fatal("Probe hangs")
		}
	})
}
