package cmd

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/patterns"
	"fogmq/internal/zmtp"
)

// An animal is a peer that does anything but talk.
type animal struct {
	name   string
	opened bool // shakes hands first
	bytes  []byte
	stays  bool // for as long as it may
}

// zoo gives the animals that a socket of ours may meet.
func zoo() []animal {
	greeting := make([]byte, 64)
	copy(greeting, "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x01NULL")
	after := func(b ...byte) []byte { return append(bytes.Clone(greeting), b...) }
	announce := func(flags byte, size uint64) []byte {
		return binary.BigEndian.AppendUint64([]byte{flags | zmtp.FlagLong}, size)
	}
	ping := zmtp.AppendCommand(nil, zmq4.CmdPing, []byte("\x00\x00sixteen bytes ok"))
	return []animal{
		{"silent", false, nil, true},
		{"half a greeting", false, greeting[:20], true},
		{"announces 64 KiB", false, after(announce(zmtp.FlagCommand, 64<<10)...), true},
		{"HTTP", false, []byte("GET / HTTP/1.1\r\nHost: \x1b[2J\r\n\r\n"), false},
		{"TLS", false, []byte("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), false},
		{"ZMTP 1.0", false, []byte("\x01\x00"), false},
		{"ZMTP 2.0", false, []byte("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x01\x05\x00\x00"), false},
		{"type with controls", false, after(zmtp.AppendCommand(nil, zmq4.CmdReady, zmtp.AppendMetadata(nil, "\x1b[2J\r\n", nil))...), false},
		{"refuses", false, after(zmtp.AppendCommand(nil, zmq4.CmdError, []byte("\x08\x1b]0;x\x07\r\n"))...), false},
		{"2^63-1 in the handshake", false, after(announce(zmtp.FlagCommand, 1<<63-1)...), false},
		{"2^64-1", true, announce(0, 1<<64-1), false},
		{"2^62, and little of it", true, append(announce(0, 1<<62), make([]byte, 1000)...), false},
		{"1 GiB, and little of it", true, append(announce(0, 1<<30), make([]byte, 1000)...), true},
		{"empty frames", true, bytes.Repeat([]byte{zmtp.FlagMore, 0}, 1<<19), true},
		{"PINGs", true, bytes.Repeat(ping, 20000), true},
		{"malformed PING", true, zmtp.AppendCommand(nil, zmq4.CmdPing, []byte{1}), false},
		{"reserved flags in a message", true, []byte{zmtp.FlagMore, 1, 'a', 0x81, 0}, false},
		{"half a message", true, append(zmtp.AppendFrame(nil, zmtp.FlagMore, []byte("part")), 0, 9, 'p'), true},
	}
}

// attack does what the animal does, and tells whether the other side hung up
// when it should have.
func (a animal) attack(conn net.Conn, typ zmq4.SocketType) error {
	conn.SetDeadline(time.Now().Add(patience))
	if a.opened {
		if _, err := zmtp.Open(context.Background(), conn, zmtp.Config{Type: typ}); err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
		conn.SetDeadline(time.Now().Add(patience))
	}
	conn.Write(a.bytes) // it may be over before all is written
	if a.stays {
		return nil
	}
	if _, err := io.Copy(io.Discard, conn); err != nil && os.IsTimeout(err) {
		return fmt.Errorf("%s: the connection stays open", a.name)
	}
	return conn.Close()
}

// A genuine peer loses no message while a zoo of others, some of which stay,
// attack fogmq at the endpoint that it is bound to.
func TestZooAtABoundEndpoint(t *testing.T) {
	for _, line := range []string{"pull", "sub", "router"} {
		t.Run(line, func(t *testing.T) {
			typ := map[string]zmq4.SocketType{"pull": zmq4.Push, "sub": zmq4.Pub, "router": zmq4.Dealer}[line]
			endpoint := freeEndpoint(t)
			p, _ := fogmqTyped(t, line, "-b", endpoint)
			g := newGenuine(t, typ, endpoint, false)
			g.sends(p, "begin")
			before := measure(t, p)
			const each = 10
			var attackers sync.WaitGroup
			for _, a := range zoo() {
				attackers.Go(func() {
					for range each {
						conn, err := net.Dial("tcp", endpoint)
						if err == nil {
							t.Cleanup(func() { conn.Close() })
							err = a.attack(conn, typ)
						}
						if err != nil {
							t.Error(err)
						}
					}
				})
			}
			for i := range 500 {
				g.queue(fmt.Sprint(i))
			}
			attackers.Wait()
			g.sends(p, "end")
			g.check(p, before)
		})
	}
}

// The same where the zoo is at an endpoint that fogmq connects to.
func TestZooAtAConnectedEndpoint(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	endpoint := freeEndpoint(t)
	p := fogmq(t, "pull", "-c", endpoint, "-c", l.Addr().String(), "--reconnect-max", "100ms")
	g := newGenuine(t, zmq4.Push, endpoint, true)
	g.sends(p, "begin")
	before := measure(t, p)
	for i, a := range zoo() {
		l.(*net.TCPListener).SetDeadline(time.Now().Add(patience))
		conn, err := l.Accept()
		if err == nil {
			err = a.attack(conn, zmq4.Push)
			conn.Close()
		}
		if err != nil {
			t.Error(err)
		}
		g.queue(fmt.Sprint(i))
	}
	g.sends(p, "end")
	g.check(p, before)
}

// A genuine peer is a socket of ours that sends numbered messages.
type genuine struct {
	t    *testing.T
	sock *patterns.Socket
	sent []string
}

func newGenuine(t *testing.T, typ zmq4.SocketType, endpoint string, binds bool) *genuine {
	t.Helper()
	g := &genuine{t: t, sock: patterns.New(t.Context(), typ, patterns.WithID(zmq4.SocketIdentity("genuine")), patterns.WithLinger(0))}
	t.Cleanup(func() { g.sock.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var err error
	if binds {
		_, err = g.sock.Bind("tcp://" + endpoint)
	} else {
		err = g.sock.Connect("tcp://" + endpoint)
	}
	if err == nil {
		err = g.sock.WaitPeers(ctx, 1)
	}
	if err == nil && typ == zmq4.Pub {
		err = g.sock.WaitSubscribers(ctx, 1)
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *genuine) queue(text string) {
	g.t.Helper()
	if err := g.sock.Send(zmq4.NewMsgString(text)); err != nil {
		g.t.Fatal(err)
	}
	g.sent = append(g.sent, text)
}

// sends sends a message, and waits until it is printed.
func (g *genuine) sends(p *process, text string) {
	g.t.Helper()
	g.queue(text)
	p.saysLike(`(?m)^(genuine\t)?` + text + `$`)
}

// check looks at what the attacks left behind.
func (g *genuine) check(p *process, before footprint) {
	t := g.t
	t.Helper()
	if got := strings.ReplaceAll(p.out.text(), "genuine\t", ""); got != linesOf(g.sent...) {
		t.Errorf("%s printed %s", p, shorten(got))
	}
	told := p.err.text()
	if lines := strings.Count(told, "\n"); lines > 60 || len(told) > 20000 {
		t.Errorf("%d lines on stderr", lines)
	}
	if strings.ContainsAny(strings.ReplaceAll(told, "\n", ""), "\x1b\r\x07\x00") {
		t.Errorf("stderr has control characters: %q", told)
	}
	after := measure(t, p)
	if grown := after.resident - before.resident; grown > 150<<20 {
		t.Errorf("the process grew by %d MiB", grown>>20)
	}
	p.signal(syscall.SIGINT)
	if status := p.status(); status != 130 {
		t.Errorf("status %d", status)
	}
}

// A footprint is what a process has of the machine.
type footprint struct{ resident, files int }

func measure(t *testing.T, p *process) (f footprint) {
	t.Helper()
	proc := fmt.Sprintf("/proc/%d/", p.cmd.Process.Pid)
	status, err := os.ReadFile(proc + "status")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		t.Fatalf("no VmRSS in %s", status)
	}
	kib, _ := strconv.Atoi(string(found[1])) // it is digits
	files, err := os.ReadDir(proc + "fd")
	if err != nil {
		t.Fatal(err)
	}
	return footprint{kib << 10, len(files)}
}

// Two thousand connections that come and go leave no descriptor, and little
// memory.
func TestManyConnectionsLeaveNothing(t *testing.T) {
	endpoint := freeEndpoint(t)
	p := fogmq(t, "pull", "-b", endpoint)
	g := newGenuine(t, zmq4.Push, endpoint, false)
	g.sends(p, "begin")
	before := measure(t, p)
	for i := range 2000 {
		conn, err := net.Dial("tcp", endpoint)
		if err != nil {
			t.Fatal(err)
		}
		if i%4 == 0 {
			animal{opened: true, stays: true, bytes: []byte("\x00\x08part")}.attack(conn, zmq4.Push)
		}
		conn.Close()
	}
	g.sends(p, "end")
	awaitState(t, "the descriptors are free", func() bool { return measure(t, p).files <= before.files })
	g.check(p, before)
}

// awaitState waits for a state that nothing announces.
func awaitState(t *testing.T, what string, there func() bool) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for deadline := time.Now().Add(patience); !there(); <-look.C {
		if time.Now().After(deadline) {
			t.Fatalf("it never came that %s", what)
		}
	}
}

// Where silent peers take all file descriptors, those that are connected stay,
// and those that wait get in: the silent ones make room. It is told once.
func TestOutOfFileDescriptors(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	// Go raises the soft limit to the hard one, so that is what must be low.
	p := launch(t, nil, "sh", "-c", `ulimit -n 50 && exec fogmq "$@"`, "sh", "pull", "-b", endpoint)
	g := newGenuine(t, zmq4.Push, endpoint, false)
	g.sends(p, "begin")
	for range 80 {
		conn, err := net.Dial("tcp", endpoint)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	p.warns(`fogmq: tcp://` + endpoint + `: peers wait to be accepted: there are too many open files; raise the limit`)
	g.sends(p, "connected before")
	late := newGenuine(t, zmq4.Push, endpoint, false)
	late.sends(p, "came late")
	g.sends(p, "still connected")
	if n := strings.Count(p.err.text(), "too many open files"); n != 1 {
		t.Errorf("told %d times: %s", n, p.err.text())
	}
	p.signal(syscall.SIGINT)
	if status := p.status(); status != 130 {
		t.Errorf("status %d", status)
	}
}
