package patterns

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// An endpoint that nobody is at is tried again, ever more slowly up to the
// bound, and connected once somebody is there.
func TestReconnectBacksOff(t *testing.T) {
	for _, transport := range []string{TransportTCP, TransportIPC} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			var seen events
			const first, most = 4 * time.Millisecond, 16 * time.Millisecond
			push := newSocket(t, zmq4.Push, WithDialerRetry(first), WithReconnectMax(most), seen.option())
			endpoint := freeEndpoint(t, transport)
			mustConnect(t, push, endpoint)
			for i, base := range []time.Duration{first, 2 * first, most, most, most} {
				e := seen.wait(t, EventConnectRetried, i+1)
				if e.Delay < base || e.Delay > base+base/4 || e.Err == nil || e.Endpoint != endpoint {
					t.Errorf("try %d: %v, want a delay of %v and up to a quarter more", i, e, base)
				}
			}
			mustSend(t, push, "late")
			pull := newSocket(t, zmq4.Pull)
			mustBind(t, pull, endpoint)
			wantRecv(t, pull, "late")
		})
	}
}

// The events of a connection's life, in their order.
func TestEvents(t *testing.T) {
	var binder, connecter events
	pull := newSocket(t, zmq4.Pull, binder.option())
	push := newSocket(t, zmq4.Push, connecter.option())
	bound := mustBind(t, pull, "tcp://127.0.0.1:0")
	mustConnect(t, push, bound)
	binder.wait(t, EventHandshakeSucceeded, 1)
	connecter.wait(t, EventHandshakeSucceeded, 1)
	pull.Close()
	connecter.wait(t, EventConnectRetried, 1)
	push.Close()
	kinds := func(e *events) (s string) {
		e.mu.Lock()
		defer e.mu.Unlock()
		for _, event := range e.all {
			if event.Endpoint != bound {
				t.Errorf("%v: endpoint %s, want %s", event, event.Endpoint, bound)
			}
			s += event.Kind.String() + " "
		}
		return s
	}
	if got := kinds(&binder); !strings.HasPrefix(got, "LISTENING ACCEPTED HANDSHAKE_SUCCEEDED ") || !strings.Contains(got, "DISCONNECTED ") || !strings.Contains(got, "CLOSED ") {
		t.Errorf("who binds: %s", got)
	}
	if got := kinds(&connecter); !strings.HasPrefix(got, "CONNECTED HANDSHAKE_SUCCEEDED DISCONNECTED CONNECT_RETRIED ") {
		t.Errorf("who connects: %s", got)
	}
}

// Without automatic reconnection a lost endpoint's messages go to the others,
// at once.
func TestLostEndpointLeavesItsMessages(t *testing.T) {
	var seen events
	push := newSocket(t, zmq4.Push, WithAutomaticReconnect(false), seen.option())
	endpoint, accept := rawListener(t)
	mustConnect(t, push, endpoint)
	conn := accept()
	shakeHands(t, conn, zmq4.Pull, "")
	mustWaitPeers(t, push, 1)
	const n = 300
	for i := range n {
		mustSend(t, push, filled(i, 50000))
	}
	pull := newSocket(t, zmq4.Pull)
	mustConnect(t, push, mustBind(t, pull, "tcp://127.0.0.1:0"))
	mustWaitPeers(t, push, 2)
	conn.Close()
	seen.wait(t, EventDisconnected, 1)
	first := numberOf(t, mustRecv(t, pull)[0])
	for i := first + 1; i < n; i++ {
		if got := numberOf(t, mustRecv(t, pull)[0]); got != i {
			t.Fatalf("message %d, want %d", got, i)
		}
	}
}

// A port or path in use, and an address that this machine has not, are named.
func TestBindErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	taken := newSocket(t, zmq4.Pull)
	tests := map[string]string{
		mustBind(t, taken, "tcp://127.0.0.1:0"):                         "the port is in use",
		mustBind(t, taken, freeEndpoint(t, TransportIPC)):               "somebody is bound to it",
		mustBind(t, taken, fmt.Sprintf("ipc://@fogmq-%d", os.Getpid())): "somebody is bound to it",
		mustBind(t, taken, freeEndpoint(t, TransportInproc)):            "somebody is bound to it",
		"ipc://" + file:                     "can't bind",
		"tcp://203.0.113.1:0":               "no such address",
		"tcp://no-such-interface.invalid:0": "no interface and no host",
		"ipc:///no/such/folder/s":           "no such file or directory",
		"tcp://127.0.0.1":                   "the port is missing",
	}
	for endpoint, want := range tests {
		_, err := newSocket(t, zmq4.Pull).Bind(endpoint)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", endpoint, err, want)
		}
	}
	if _, err := os.Stat(file); err != nil {
		t.Errorf("the file in the way: %v", err)
	}
}

// The endpoint that Bind returns is the real one.
func TestBindReturnsTheRealEndpoint(t *testing.T) {
	for in, prefix := range map[string]string{
		":0": "tcp://0.0.0.0:", "tcp://*:*": "tcp://0.0.0.0:", "127.0.0.1:0": "tcp://127.0.0.1:", "tcp://lo:*": "tcp://127.0.0.1:",
		"tcp://[::1]:0": "tcp://[::1]:", "ipc://*": "ipc:///",
	} {
		pull, push := newSocket(t, zmq4.Pull), newSocket(t, zmq4.Push)
		bound, err := pull.Bind(in)
		if err != nil && strings.Contains(in, "::1") {
			t.Logf("no IPv6 here: %v", err)
			continue
		}
		if err != nil || !strings.HasPrefix(bound, prefix) || strings.HasSuffix(bound, ":0") {
			t.Errorf("%s: %s, %v", in, bound, err)
			continue
		}
		mustConnect(t, push, strings.Replace(bound, "0.0.0.0", "127.0.0.1", 1))
		mustSend(t, push, "x")
		wantRecv(t, pull, "x")
	}
}

// A socket file that a process left behind is replaced, and ours is removed.
func TestStaleSocketFile(t *testing.T) {
	endpoint := freeEndpoint(t, TransportIPC)
	path := strings.TrimPrefix(endpoint, "ipc://")
	leaveSocketFile(t, path)
	s := newSocket(t, zmq4.Pull)
	mustBind(t, s, endpoint)
	s.Close()
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("the socket file after Close: %v", err)
	}
	s = newSocket(t, zmq4.Pull)
	dir := filepath.Dir(strings.TrimPrefix(mustBind(t, s, "ipc://*"), "ipc://"))
	s.Close()
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder of ipc://* after Close: %v", err)
	}
}

// leaveSocketFile leaves a socket file behind which nobody listens.
func leaveSocketFile(t *testing.T, path string) {
	t.Helper()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
}
