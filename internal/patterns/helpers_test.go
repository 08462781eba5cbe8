package patterns

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// patience ends a test that hangs. Nothing that passes waits for it.
const patience = 30 * time.Second

// short is a wait that a test knows to be in vain.
const short = 20 * time.Millisecond

// quick is for sockets that connect before their peer binds, or many times.
var quick = func(o *options) { o.reconnect, o.reconnectMax = 2*time.Millisecond, 10*time.Millisecond }

func within(t testing.TB, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// newSocket returns a socket that is closed, without linger, when the test ends.
func newSocket(t testing.TB, typ zmq4.SocketType, opts ...Option) *Socket {
	t.Helper()
	s := New(context.Background(), typ, append([]Option{WithLinger(0), quick}, opts...)...)
	t.Cleanup(func() { s.Close() })
	return s
}

func mustBind(t testing.TB, s *Socket, endpoint string) string {
	t.Helper()
	bound, err := s.Bind(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	return bound
}

func mustConnect(t testing.TB, s *Socket, endpoint string) {
	t.Helper()
	if err := s.Connect(endpoint); err != nil {
		t.Fatal(err)
	}
}

func message(frames ...string) zmq4.Msg { return zmq4.NewMsgFromString(frames) }

// A talker is one side of a conversation: a socket of ours or of libzmq. Its
// methods end the test where they fail.
type talker interface {
	send(t testing.TB, frames []string)
	receive(t testing.TB) []string
	String() string
}

func (s *Socket) String() string { return string(s.typ) }

func (s *Socket) send(t testing.TB, frames []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := s.SendContext(ctx, message(frames...)); err != nil {
		t.Fatalf("%s sends %.50q: %v", s.Type(), frames, err)
	}
}

func (s *Socket) receive(t testing.TB) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	msg, err := s.RecvContext(ctx)
	if err != nil {
		t.Fatalf("%s receives: %v", s.Type(), err)
	}
	frames := make([]string, len(msg.Frames))
	for i, f := range msg.Frames {
		frames[i] = string(f)
	}
	return frames
}

func mustSend(t testing.TB, s talker, frames ...string) {
	t.Helper()
	s.send(t, frames)
}

func mustRecv(t testing.TB, s talker) []string {
	t.Helper()
	return s.receive(t)
}

// wantRecv receives a message and checks its frames.
func wantRecv(t testing.TB, s talker, want ...string) {
	t.Helper()
	if got := mustRecv(t, s); !slices.Equal(got, want) {
		t.Fatalf("%s received %.100q, want %.100q", s, got, want)
	}
}

// mustWaitPeers waits until n peers are there.
func mustWaitPeers(t testing.TB, s *Socket, n int) {
	t.Helper()
	if err := s.WaitPeers(within(t, patience), n); err != nil {
		t.Fatalf("%s waits for %d peers: %v", s.Type(), n, err)
	}
}

func mustWaitSubscribers(t testing.TB, s *Socket, n int) {
	t.Helper()
	if err := s.WaitSubscribers(within(t, patience), n); err != nil {
		t.Fatalf("waiting for %d subscribers: %v", n, err)
	}
}

// eventually waits for a state that nothing announces.
func eventually(t testing.TB, what string, state func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !state(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("it never came that %s", what)
		}
	}
}

// locked evaluates a state under the socket's lock.
func (s *Socket) locked(state func() bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return state()
}

// events records what a socket's monitor is told.
type events struct {
	mu      sync.Mutex
	all     []Event
	changed notifier
}

func (e *events) option() Option {
	return WithMonitor(func(event Event) {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.all = append(e.all, event)
		e.changed.notify()
	})
}

func (e *events) of(kind EventKind) (found []Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, event := range e.all {
		if event.Kind == kind {
			found = append(found, event)
		}
	}
	return found
}

// wait waits for the nth event of a kind.
func (e *events) wait(t testing.TB, kind EventKind, nth int) Event {
	t.Helper()
	timeout := time.After(patience)
	for {
		e.mu.Lock()
		changed := e.changed.wait()
		e.mu.Unlock()
		if found := e.of(kind); len(found) >= nth {
			return found[nth-1]
		}
		select {
		case <-changed:
		case <-timeout:
			e.mu.Lock()
			defer e.mu.Unlock()
			t.Fatalf("%d times %v never came, but %v", nth, kind, e.all)
		}
	}
}

var transports = []string{TransportTCP, TransportIPC, TransportInproc}

// ports are below those that the kernel hands out, and each is given to one test
// only: what is free stays so.
const (
	firstPort = 10000
	ports     = 20000
)

var lastPort atomic.Uint32

func init() { lastPort.Store(rand.Uint32N(ports)) }

// freeEndpoint returns an endpoint that nobody is bound to.
func freeEndpoint(t testing.TB, transport string) string {
	t.Helper()
	switch transport {
	case TransportIPC:
		dir, err := os.MkdirTemp("", "q")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(dir) })
		return "ipc://" + filepath.Join(dir, "s")
	case TransportInproc:
		return fmt.Sprintf("inproc://%s-%d", t.Name(), rand.Uint64())
	}
	for {
		address := fmt.Sprintf("127.0.0.1:%d", firstPort+lastPort.Add(1)%ports)
		// A listener would not do to find out: a process that another test
		// starts just now inherits it for a moment.
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return "tcp://" + address
		}
		conn.Close()
	}
}

// overTransports runs a test for each transport.
func overTransports(t *testing.T, test func(t *testing.T, endpoint string)) {
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			test(t, freeEndpoint(t, transport))
		})
	}
}

// rawDial opens a plain connection to a bound endpoint.
func rawDial(t testing.TB, endpoint string) net.Conn {
	t.Helper()
	ep, err := ParseEndpoint(endpoint, false)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := dial(within(t, patience), ep, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// rawPeer is a plain connection that has shaken hands as typ.
func rawPeer(t testing.TB, endpoint string, typ zmq4.SocketType, id string) net.Conn {
	t.Helper()
	conn := rawDial(t, endpoint)
	shakeHands(t, conn, typ, id)
	return conn
}

func shakeHands(t testing.TB, conn net.Conn, typ zmq4.SocketType, id string) {
	t.Helper()
	_, err := zmtp.Open(within(t, patience), conn, zmtp.Config{Type: typ, ID: zmq4.SocketIdentity(id), Timeout: patience})
	if err != nil {
		t.Fatal(err)
	}
}

func mustWrite(t testing.TB, conn net.Conn, parts ...[]byte) {
	t.Helper()
	if _, err := conn.Write(bytes.Join(parts, nil)); err != nil {
		t.Fatal(err)
	}
}

// settle returns when all that was written to conn has been delivered. conn must
// have nothing to read.
func settle(t testing.TB, conn net.Conn) {
	t.Helper()
	// A PING is answered as it is decoded, which may be before what came along
	// with it is delivered; but what a second read brings comes after that.
	for range 2 {
		mustWrite(t, conn, zmtp.AppendCommand(nil, zmq4.CmdPing, []byte("\x00\x00settle")))
		wantBytes(t, conn, zmtp.AppendCommand(nil, zmq4.CmdPong, []byte("settle")))
	}
}

// wantBytes reads what conn is to be sent next.
func wantBytes(t testing.TB, conn net.Conn, want []byte) {
	t.Helper()
	conn.SetReadDeadline(time.Now().Add(patience))
	got := make([]byte, len(want))
	if n, err := io.ReadFull(conn, got); err != nil || !bytes.Equal(got, want) {
		t.Fatalf("the wire has %q, %v, want %q", got[:n], err, want)
	}
	conn.SetReadDeadline(time.Time{})
}

// frame is a message of one frame on the wire.
func frame(body string) []byte { return zmtp.AppendFrame(nil, 0, []byte(body)) }

// rawListener accepts at a free TCP port.
func rawListener(t testing.TB) (endpoint string, accept func() net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return "tcp://" + l.Addr().String(), func() net.Conn {
		l.(*net.TCPListener).SetDeadline(time.Now().Add(patience))
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
}

// wantErr checks that err is want.
func wantErr(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) || want == nil && err != nil {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func sequence(i int) string { return fmt.Sprintf("%d", i) }

// filled is a body of size bytes that begins with a number.
func filled(i, size int) string {
	s := fmt.Sprintf("%d ", i)
	return s + strings.Repeat("x", max(0, size-len(s)))
}

func numberOf(t testing.TB, body string) (n int) {
	t.Helper()
	if _, err := fmt.Sscanf(body, "%d ", &n); err != nil {
		t.Fatalf("%.30q has no number", body)
	}
	return n
}
