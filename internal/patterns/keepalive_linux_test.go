package patterns

import (
	"net"
	"testing"

	"github.com/go-zeromq/zmq4"
	"golang.org/x/sys/unix"
)

// TCP keepalive is on at both ends: a peer whose machine lost its power is found
// out on an idle connection too, within minutes and not within two hours.
func TestTCPKeepalive(t *testing.T) {
	pull, push := newSocket(t, zmq4.Pull), newSocket(t, zmq4.Push)
	mustConnect(t, push, mustBind(t, pull, "tcp://127.0.0.1:0"))
	for _, s := range []*Socket{pull, push} {
		mustWaitPeers(t, s, 1)
		s.mu.Lock()
		conn := onlyPipe(s).conn
		s.mu.Unlock()
		if on := sockopt(t, conn, unix.SOL_SOCKET, unix.SO_KEEPALIVE); on == 0 {
			t.Errorf("%s: keepalive is off", s)
		}
		idle := sockopt(t, conn, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE)
		every := sockopt(t, conn, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL)
		probes := sockopt(t, conn, unix.IPPROTO_TCP, unix.TCP_KEEPCNT)
		if seconds := idle + every*probes; seconds > 300 {
			t.Errorf("%s: a dead peer is found out after %d seconds", s, seconds)
		}
	}
}

func sockopt(t *testing.T, conn net.Conn, level, name int) (value int) {
	t.Helper()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var optErr error
	if err := raw.Control(func(fd uintptr) { value, optErr = unix.GetsockoptInt(int(fd), level, name) }); err != nil || optErr != nil {
		t.Fatal(err, optErr)
	}
	return value
}
