package zmtp

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"

	"github.com/go-zeromq/zmq4"
)

// socketPair returns the two ends of a connection that is soon made and uses up no
// port.
func socketPair(t testing.TB) (a, b *net.UnixConn) {
	t.Helper()
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	end := func(fd int) *net.UnixConn {
		f := os.NewFile(uintptr(fd), "pair")
		defer f.Close()
		conn, err := net.FileConn(f)
		if err != nil {
			t.Fatal(err)
		}
		return conn.(*net.UnixConn)
	}
	return end(fds[0]), end(fds[1])
}

// A tamper is a man in the middle's rule: it is shown each frame of the handshake
// and of the traffic, numbered for each direction, and gives what is sent in its
// place. With last the direction ends behind it.
type tamper func(fromClient bool, n int, frame []byte) (sent [][]byte, last bool)

func pass(_ bool, _ int, frame []byte) ([][]byte, bool) { return [][]byte{frame}, false }

// A side is what came of the handshake for one of two peers.
type side struct {
	conn *net.UnixConn
	peer Peer
	err  error
}

// shake has a client and a server shake hands through a man in the middle. Both
// are done when it returns; end ends the connections, and the relay.
func shake(t testing.TB, client, server Config, rule tamper) (c, s side, end func()) {
	t.Helper()
	return shakeWith(t, client, server, func(_, _ net.Conn) tamper { return rule })
}

// shakeWith is shake with a rule that knows the connections of the two peers.
func shakeWith(t testing.TB, client, server Config, ruleOf func(client, server net.Conn) tamper) (c, s side, end func()) {
	t.Helper()
	var rule tamper
	return shakeThrough(t, client, server,
		func(client, server net.Conn) { rule = ruleOf(client, server) },
		func(to, from *net.UnixConn, up bool) { relayFrames(to, from, up, rule) })
}

// shakeThrough has a client and a server shake hands through something that
// carries bytes each way; begin is told of the connections of the two before.
func shakeThrough(t testing.TB, client, server Config, begin func(client, server net.Conn),
	carry func(to, from *net.UnixConn, up bool)) (c, s side, end func()) {
	t.Helper()
	var toClient, toServer *net.UnixConn
	c.conn, toClient = socketPair(t)
	s.conn, toServer = socketPair(t)
	begin(c.conn, s.conn)
	var carriers, peers sync.WaitGroup
	carriers.Go(func() { carry(toServer, toClient, true) })
	carriers.Go(func() { carry(toClient, toServer, false) })
	for _, p := range []struct {
		*side
		cfg Config
	}{{&c, client}, {&s, server}} {
		peers.Go(func() {
			if p.peer, p.err = Open(t.Context(), p.conn, p.cfg); p.err != nil {
				p.conn.Close()
			}
		})
	}
	peers.Wait()
	return c, s, func() {
		for _, conn := range []*net.UnixConn{c.conn, s.conn, toClient, toServer} {
			conn.Close()
		}
		carriers.Wait()
	}
}

// relayFrames passes on a greeting and then frames, as rule has it, until the
// connection ends or rule says so; then only the end is passed on.
func relayFrames(to, from *net.UnixConn, fromClient bool, rule tamper) {
	defer to.CloseWrite()
	greeting := make([]byte, greetingLen)
	if _, err := io.ReadFull(from, greeting); err != nil {
		return
	}
	if _, err := to.Write(greeting); err != nil {
		return
	}
	for n := 0; ; n++ {
		frame, err := readFrame(from)
		if err != nil {
			return
		}
		sent, last := rule(fromClient, n, frame)
		for _, f := range sent {
			if _, err := to.Write(f); err != nil {
				return
			}
		}
		if last {
			to.CloseWrite()
			io.Copy(io.Discard, from)
			return
		}
	}
}

// secured is a mechanism with both its sides.
type secured struct {
	client, server Config
	user           string // that the server is to find
}

func newCurve(t testing.TB) secured {
	ours, theirs := handKeys(t), handKeys(t)
	return secured{
		client: Config{Type: zmq4.Push, ID: zmq4.SocketIdentity("client's id"), Security: CurveClient(theirs, ours.Public), Timeout: handshakeTime},
		server: Config{Type: zmq4.Pull, ID: zmq4.SocketIdentity("server's id"), Security: CurveServer(ours, onlyKey(theirs.Public)), Timeout: handshakeTime},
		user:   string(theirs.Public[:]),
	}
}
