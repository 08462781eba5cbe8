package zmtp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// handshakeTime bounds handshakes that are to end by themselves.
const handshakeTime = 20 * time.Second

// isA reports whether an error of type E is in err's chain.
func isA[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func isProtocol(err error) bool { return errors.Is(err, ErrProtocol) }

// badPeers are peers that Open must refuse, whatever comes after.
var badPeers = []struct {
	name string
	own  zmq4.SocketType
	sent []byte
	is   func(error) bool
	text string // part of the error
}{
	{"HTTP", zmq4.Sub, []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), isA[*NotZMTPError], `begins with "GET / HTTP/1.1\r`},
	{"HTTP answer", zmq4.Sub, []byte("HTTP/1.1 400 Bad Request\r\n\r\n"), isA[*NotZMTPError], "HTTP/1.1 400"},
	{"TLS", zmq4.Sub, []byte("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), isA[*NotZMTPError], `\x16\x03\x01`},
	{"SSH", zmq4.Sub, []byte("SSH-2.0-OpenSSH_9.2p1\r\n"), isA[*NotZMTPError], "SSH-2.0"},
	{"escapes", zmq4.Sub, []byte("\x1b[2J\x1b]0;title\x07"), isA[*NotZMTPError], `\x1b[2J`},
	{"ZMTP 1.0", zmq4.Sub, []byte("\x01\x00"), isA[*NotZMTPError], "the peer speaks ZMTP 1.0, too old"},
	{"ZMTP 1.0, named", zmq4.Sub, []byte("\x06\x00named"), isA[*NotZMTPError], "the peer speaks ZMTP 1.0, too old"},
	{"ZMTP 1.0, longest name", zmq4.Sub, append([]byte("\xfe\x00"), make([]byte, 253)...), isA[*NotZMTPError], "the peer speaks ZMTP 1.0, too old"},
	{"zeros", zmq4.Sub, make([]byte, 100), isA[*NotZMTPError], "not a ZMTP 3 peer"},
	{"ZMTP 1.0 signature", zmq4.Sub, []byte("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x00\x01"), isA[*NotZMTPError], "ZMTP 1.0"},
	{"ZMTP 2.0", zmq4.Sub, []byte("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x01\x01\x00\x00"), isA[*NotZMTPError], "ZMTP 2.0"},
	{"no signature", zmq4.Sub, []byte("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x00"), isA[*NotZMTPError], "no ZMTP signature"},
	{"PLAIN", zmq4.Sub, greeting(3, 1, "PLAIN", 0), isA[*MechanismError], "the peer uses the security mechanism PLAIN, we use NULL"},
	{"CURVE", zmq4.Sub, greeting(3, 1, "CURVE", 1), isA[*MechanismError], "CURVE"},
	{"no mechanism", zmq4.Sub, greeting(3, 1, "", 0), isA[*MechanismError], `mechanism ""`},
	{"unknown mechanism", zmq4.Sub, greeting(3, 1, "\x1b[31mNULL", 0), isA[*MechanismError], `"\x1b[31mNULL"`},
	{"mechanism without a NUL", zmq4.Sub, greeting(3, 1, strings.Repeat("N", 20), 0), isA[*MechanismError], "NNNN"},
	{"as-server flag", zmq4.Sub, greeting(3, 1, "NULL", 2), isProtocol, "as-server"},

	{"wrong type", zmq4.Sub, join(nullGreeting(), ready(metadata(zmq4.Rep, ""))), isA[*IncompatibleError],
		"the peer is a REP socket; SUB talks to PUB and XPUB"},
	{"wrong type XSUB", zmq4.Push, join(nullGreeting(), ready(metadata(zmq4.XSub, ""))), isA[*IncompatibleError], "is an XSUB socket"},
	{"unknown type", zmq4.Sub, join(nullGreeting(), ready(metadata("SERVER", ""))), isA[*IncompatibleError], `of type "SERVER", which there is not`},
	{"type in lower case", zmq4.Sub, join(nullGreeting(), ready(metadata("pub", ""))), isA[*IncompatibleError], `"pub"`},
	{"type with controls", zmq4.Sub, join(nullGreeting(), ready(metadata("\x1b[2J\n", ""))), isA[*IncompatibleError], `"\x1b[2J\n"`},
	{"long type", zmq4.Sub, join(nullGreeting(), ready(metadata(zmq4.SocketType(strings.Repeat("P", 60000)), ""))), isA[*IncompatibleError], "which there is not"},
	{"empty type", zmq4.Sub, join(nullGreeting(), ready(metadata("", ""))), isA[*IncompatibleError], "does not say what socket it is"},
	{"no metadata", zmq4.Sub, join(nullGreeting(), ready(nil)), isA[*IncompatibleError], "does not say what socket it is"},
	{"only an identity", zmq4.Sub, join(nullGreeting(), ready(appendProperty(nil, PropertyIdentity, "me"))), isA[*IncompatibleError], "does not say"},
	{"type twice", zmq4.Sub, join(nullGreeting(), ready(join(metadata(zmq4.Pub, ""), appendProperty(nil, "socket-type", "PUB")))), isProtocol, "Socket-Type comes twice"},
	{"identity twice", zmq4.Sub, join(nullGreeting(), ready(join(metadata(zmq4.Pub, "a"), appendProperty(nil, PropertyIdentity, "b")))), isProtocol, "Identity comes twice"},
	{"long identity", zmq4.Sub, join(nullGreeting(), ready(join(metadata(zmq4.Pub, "")[:19], appendProperty(nil, PropertyIdentity, strings.Repeat("i", 256))))), isProtocol, "an identity of 256 bytes"},
	{"endless properties", zmq4.Sub, join(nullGreeting(), ready(join(metadata(zmq4.Pub, ""), manyProperties(257)))), isProtocol, "more than 256 properties"},
	{"nameless property", zmq4.Sub, join(nullGreeting(), ready(appendProperty(nil, "", "PUB"))), isProtocol, "without a name"},
	{"value of 2^32-1 bytes", zmq4.Sub, join(nullGreeting(), ready([]byte("\x01a\xff\xff\xff\xff"))), isProtocol, "4294967295 bytes, 0 follow"},

	{"ERROR", zmq4.Sub, join(nullGreeting(), AppendCommand(nil, zmq4.CmdError, []byte("\x0bgo\x1b[2J away"))), isA[*RefusedError], `"go\x1b[2J away"`},
	{"ERROR without a reason", zmq4.Sub, join(nullGreeting(), AppendCommand(nil, zmq4.CmdError, nil)), isA[*RefusedError], "refused the connection"},
	{"ERROR cut short", zmq4.Sub, join(nullGreeting(), AppendCommand(nil, zmq4.CmdError, []byte("\xffgo"))), isA[*RefusedError], "refused the connection"},
	{"ERROR of libzmq's PLAIN servers", zmq4.Sub, join(nullGreeting(), AppendFrame(nil, FlagCommand, []byte("^RROR\x03400"))), isA[*RefusedError], "does not let us in (400)"},
	{"ERROR of theirs cut short", zmq4.Sub, join(nullGreeting(), AppendFrame(nil, FlagCommand, []byte("^RROR"))), isA[*RefusedError], "refused the connection"},
	{"another command", zmq4.Sub, join(nullGreeting(), AppendCommand(nil, "HELLO", nil)), isProtocol, `"HELLO" where READY was due`},
	{"PING first", zmq4.Sub, join(nullGreeting(), AppendCommand(nil, zmq4.CmdPing, []byte{0, 0})), isProtocol, "PING"},
	{"command with no bytes", zmq4.Sub, join(nullGreeting(), []byte{FlagCommand, 0}), isProtocol, "command"},
	{"command with no name", zmq4.Sub, join(nullGreeting(), []byte{FlagCommand, 1, 0}), isProtocol, "READY"},
	{"command name cut short", zmq4.Sub, join(nullGreeting(), []byte{FlagCommand, 3, 5, 'R', 'E'}), isProtocol, "command"},
	{"a message", zmq4.Sub, join(nullGreeting(), AppendFrame(nil, 0, []byte("hello"))), isProtocol, "handshake command was due"},
	{"MORE", zmq4.Sub, join(nullGreeting(), AppendFrame(nil, FlagCommand|FlagMore, []byte("\x05READY"))), isProtocol, "handshake command was due"},
	{"endless MORE", zmq4.Sub, join(nullGreeting(), bytes.Repeat([]byte{FlagCommand | FlagMore, 0}, 1000)), isProtocol, "due"},
	{"reserved flags", zmq4.Sub, join(nullGreeting(), []byte{0x0c, 5}), isProtocol, "reserved bits"},
	{"all flags", zmq4.Sub, join(nullGreeting(), []byte{0xff, 5}), isProtocol, "reserved bits"},
	{"long 64 KiB + 1", zmq4.Sub, join(nullGreeting(), longHeadOf(FlagCommand, 64<<10+1)), isProtocol, "65537 bytes"},
	{"long 2^31", zmq4.Sub, join(nullGreeting(), longHeadOf(FlagCommand, 1<<31)), isProtocol, "2147483648 bytes"},
	{"long 2^40", zmq4.Sub, join(nullGreeting(), longHeadOf(FlagCommand, 1<<40)), isProtocol, "bytes"},
	{"long 2^63-16", zmq4.Sub, join(nullGreeting(), longHeadOf(FlagCommand, 1<<63-16)), isProtocol, "9223372036854775792 bytes"},
	{"long 2^63-1", zmq4.Sub, join(nullGreeting(), longHeadOf(FlagCommand, 1<<63-1)), isProtocol, "9223372036854775807 bytes"},
	{"long 2^64-1", zmq4.Sub, join(nullGreeting(), longHeadOf(FlagCommand, 1<<64-1)), isProtocol, "18446744073709551615 bytes"},
}

// manyProperties is metadata of n properties, each of another name.
func manyProperties(n int) (b []byte) {
	for i := range n {
		b = appendProperty(b, fmt.Sprintf("X-%d", i), "")
	}
	return b
}

// Every bad peer is refused over a real connection while it still holds the
// connection open: nothing waits for more than it needs to see.
func TestOpenRefusesBadPeers(t *testing.T) {
	for _, c := range badPeers {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ours, theirs := connPair(t)
			if _, err := theirs.Write(c.sent); err != nil {
				t.Fatal(err)
			}
			_, err := Open(t.Context(), ours, Config{Type: c.own, Timeout: handshakeTime})
			checkRefusal(t, err, c.is, c.text)
		})
	}
}

// The same, a byte at a time: the answer must not depend on how bytes come.
func TestOpenRefusesBadPeersByteByByte(t *testing.T) {
	for _, c := range badPeers {
		t.Run(c.name, func(t *testing.T) {
			conn := newScript(true, each(c.sent)...)
			_, err := Open(t.Context(), conn, Config{Type: c.own, Timeout: handshakeTime})
			text := c.text
			if strings.Contains(text, "HTTP") || strings.Contains(text, `\x16`) || strings.Contains(text, "SSH") || strings.Contains(text, "[2J") && isA[*NotZMTPError](err) {
				text = "not a ZMTP 3 peer" // what it begins with is one byte here
			}
			checkRefusal(t, err, c.is, text)
		})
	}
}

func checkRefusal(t *testing.T, err error, is func(error) bool, text string) {
	t.Helper()
	switch {
	case err == nil:
		t.Fatal("the peer was taken")
	case !is(err):
		t.Errorf("error of another kind: %T %v", err, err)
	case !strings.Contains(err.Error(), text):
		t.Errorf("error %q, want %q in it", err, text)
	case strings.ContainsAny(err.Error(), "\x1b\n\r"):
		t.Errorf("error %q has control characters of the peer's", err)
	case len(err.Error()) > 300:
		t.Errorf("error of %d bytes", len(err.Error()))
	}
}

func TestOpen(t *testing.T) {
	long := strings.Repeat("i", 255)
	peers := []struct {
		name     string
		own      zmq4.SocketType
		sent     []byte
		wantType zmq4.SocketType
		wantID   string
	}{
		{"libzmq", zmq4.Sub, join(nullGreeting(), ready(metadata(zmq4.Pub, ""))), zmq4.Pub, ""},
		{"ZMTP 3.0", zmq4.Pull, join(greeting(3, 0, "NULL", 0), ready(metadata(zmq4.Push, ""))), zmq4.Push, ""},
		{"ZMTP 4.7", zmq4.Pull, join(greeting(4, 7, "NULL", 0), ready(metadata(zmq4.Push, ""))), zmq4.Push, ""},
		{"as server", zmq4.Pull, join(greeting(3, 1, "NULL", 1), ready(metadata(zmq4.Push, ""))), zmq4.Push, ""},
		{"identity", zmq4.Router, join(nullGreeting(), ready(metadata(zmq4.Dealer, "\x00\xffid"))), zmq4.Dealer, "\x00\xffid"},
		{"longest identity", zmq4.Router, join(nullGreeting(), ready(metadata(zmq4.Req, long))), zmq4.Req, long},
		{"names in any case", zmq4.Router, join(nullGreeting(),
			ready(join(appendProperty(nil, "sOCKET-tYPE", "DEALER"), appendProperty(nil, "IDENTITY", "x")))), zmq4.Dealer, "x"},
		{"other properties", zmq4.Sub, join(nullGreeting(),
			ready(join(appendProperty(nil, "X-App", strings.Repeat("v", 60000)), metadata(zmq4.XPub, "")))), zmq4.XPub, ""},
		{"READY under a long head", zmq4.Pair, join(nullGreeting(), longHeadOf(FlagCommand, uint64(6+len(metadata(zmq4.Pair, "")))),
			[]byte("\x05READY"), metadata(zmq4.Pair, "")), zmq4.Pair, ""},
	}
	for _, c := range peers {
		for _, hop := range []string{"whole", "byte by byte"} {
			t.Run(c.name+"/"+hop, func(t *testing.T) {
				const traffic = "\x00\x05first"
				conn := newScript(false, join(c.sent, []byte(traffic)))
				if hop != "whole" {
					conn = newScript(false, append(each(c.sent), []byte(traffic))...)
				}
				peer, err := Open(t.Context(), conn, Config{Type: c.own, ID: zmq4.SocketIdentity("own"), Timeout: handshakeTime})
				if err != nil {
					t.Fatal(err)
				}
				if peer.Type != c.wantType || string(peer.ID) != c.wantID || peer.Mechanism != zmq4.NullSecurity {
					t.Errorf("peer %+v", peer)
				}
				rest, _ := io.ReadAll(conn)
				if string(rest) != traffic {
					t.Errorf("the traffic begins with %q, want %q", rest, traffic)
				}
				if got, want := conn.written.Bytes(), join(greeting(3, 0, "NULL", 0), ready(metadata(c.own, "own"))); !bytes.Equal(got, want) {
					t.Errorf("we sent %q, want %q", got, want)
				}
			})
		}
	}
}

// Two of ours shake hands in every pairing of types: those that zmq4's table
// (RFC 23) names get each other, the others are refused on both sides.
func TestOpenPairsOfTypes(t *testing.T) {
	for _, a := range socketTypes {
		for _, b := range socketTypes {
			t.Run(fmt.Sprintf("%s-%s", a, b), func(t *testing.T) {
				x, y := connPair(t)
				errs := make(chan error, 1)
				go func() {
					_, err := Open(t.Context(), x, Config{Type: a, Server: true, Timeout: handshakeTime})
					errs <- err
				}()
				peer, err := Open(t.Context(), y, Config{Type: b, Timeout: handshakeTime})
				other := <-errs
				if a.IsCompatible(b) {
					if err != nil || other != nil || peer.Type != a {
						t.Fatalf("%v, %v, peer %q", err, other, peer.Type)
					}
					return
				}
				for _, err := range []error{err, other} {
					if !isA[*IncompatibleError](err) {
						t.Errorf("%v", err)
					}
				}
			})
		}
	}
}

// A peer that hangs up anywhere in its handshake is an error, at once.
func TestOpenCutAtEveryByte(t *testing.T) {
	whole := join(nullGreeting(), ready(metadata(zmq4.Pub, "id")))
	for n := range len(whole) {
		_, err := Open(t.Context(), newScript(false, whole[:n]), Config{Type: zmq4.Sub})
		if err == nil {
			t.Fatalf("cut after %d of %d bytes: taken", n, len(whole))
		}
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("cut after %d of %d bytes: %v", n, len(whole), err)
		}
	}
}

// READY whose metadata ends early, under a frame length that agrees.
func TestOpenMetadataCutAtEveryByte(t *testing.T) {
	whole := join(metadata(zmq4.Pub, "id"), appendProperty(nil, "X-Other", "value"))
	ends := map[int]bool{len(whole): true, len(metadata(zmq4.Pub, "id")): true, len(appendProperty(nil, PropertySocketType, "PUB")): true}
	for n := range len(whole) + 1 {
		_, err := Open(t.Context(), newScript(true, join(nullGreeting(), ready(whole[:n]))), Config{Type: zmq4.Sub, Timeout: handshakeTime})
		switch {
		case ends[n] && err != nil:
			t.Errorf("%d bytes are whole properties: %v", n, err)
		case n == 0 && !isA[*IncompatibleError](err):
			t.Errorf("no metadata: %v", err)
		case n > 0 && !ends[n] && !isProtocol(err):
			t.Errorf("cut after %d bytes: %v", n, err)
		}
	}
}

// Any one byte of a good handshake changed gives a peer or an error, no panic.
func TestOpenAnyByteChanged(t *testing.T) {
	whole := join(nullGreeting(), ready(metadata(zmq4.Pub, "id")))
	for i := range whole {
		for _, flip := range []byte{0x01, 0x02, 0x04, 0x80, 0xff} {
			sent := bytes.Clone(whole)
			sent[i] ^= flip
			_, err := Open(t.Context(), newScript(false, sent), Config{Type: zmq4.Sub})
			if err != nil && strings.Contains(err.Error(), "runtime error") {
				t.Errorf("byte %d xor %#x: %v", i, flip, err)
			}
		}
	}
}

func TestOpenSilentPeer(t *testing.T) {
	stages := map[string][]byte{
		"nothing":         nil,
		"half a greeting": nullGreeting()[:20],
		"no READY":        nullGreeting(),
		"half a READY":    join(nullGreeting(), ready(metadata(zmq4.Pub, ""))[:9]),
	}
	for name, sent := range stages {
		t.Run(name+"/timeout", func(t *testing.T) {
			t.Parallel()
			ours, theirs := connPair(t)
			theirs.Write(sent)
			_, err := Open(t.Context(), ours, Config{Type: zmq4.Sub, Timeout: 20 * time.Millisecond})
			if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "within 20ms") {
				t.Errorf("%v", err)
			}
		})
		t.Run(name+"/cancelled", func(t *testing.T) {
			t.Parallel()
			ours, theirs := connPair(t)
			theirs.Write(sent)
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				// Our greeting shows that Open is under way.
				io.ReadFull(theirs, make([]byte, greetingLen))
				cancel()
			}()
			if _, err := Open(ctx, ours, Config{Type: zmq4.Sub}); !errors.Is(err, context.Canceled) {
				t.Errorf("%v", err)
			}
		})
	}
}

// Open leaves the connection without a deadline, and a context that ends later
// does not touch it.
func TestOpenClearsTheDeadline(t *testing.T) {
	conn := newScript(false, join(nullGreeting(), ready(metadata(zmq4.Pub, ""))))
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := Open(ctx, conn, Config{Type: zmq4.Sub, Timeout: time.Hour}); err != nil {
		t.Fatal(err)
	}
	cancel()
	if got := conn.deadlines; len(got) != 2 || got[0].IsZero() || !got[1].IsZero() {
		t.Errorf("deadlines %v, want one and then none", got)
	}
}

// The handshake's memory follows what came, not what was announced.
func TestOpenMemory(t *testing.T) {
	sent := join(nullGreeting(), longHeadOf(FlagCommand, maxHandshakeFrame), []byte("\x05READY"))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const peers = 100
	for range peers {
		if _, err := Open(t.Context(), newScript(false, sent), Config{Type: zmq4.Sub}); err == nil {
			t.Fatal("taken")
		}
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / peers; each > 8<<10 {
		t.Errorf("a handshake allocated %d bytes", each)
	}
}

// A panic in a mechanism is the peer's failure, not the process's.
func TestOpenSurvivesAPanic(t *testing.T) {
	sec := panicking{Null()}
	_, err := Open(t.Context(), newScript(false, nullGreeting()), Config{Type: zmq4.Sub, Security: sec})
	if !isProtocol(err) {
		t.Errorf("%v", err)
	}
}

type panicking struct{ zmq4.Security }

func (panicking) Handshake(*zmq4.Conn, bool) error { panic("out of range") }

// A connection that fails gives its own error.
func TestOpenClosedConnection(t *testing.T) {
	ours, _ := connPair(t)
	ours.Close()
	if _, err := Open(t.Context(), ours, Config{Type: zmq4.Sub, Timeout: time.Second}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("%v", err)
	}
	if _, err := Open(t.Context(), newScript(false), Config{Type: zmq4.Sub}); errors.Is(err, os.ErrDeadlineExceeded) || !errors.Is(err, io.EOF) {
		t.Errorf("%v", err)
	}
}
