package patterns

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/go-zeromq/zmq4"
)

// crumble relays connections to an endpoint, each byte in a packet of its own,
// both ways. It returns the endpoint to connect to.
func crumble(t *testing.T, endpoint string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", strings.TrimPrefix(endpoint, "tcp://"))
			if err != nil {
				near.Close()
				continue
			}
			running.Go(func() { crumbs(near, far) })
			running.Go(func() { crumbs(far, near) })
		}
	})
	t.Cleanup(func() { l.Close(); running.Wait() })
	return "tcp://" + l.Addr().String()
}

// crumbs copies until either connection ends, and ends both. Go's connections
// have TCP_NODELAY set.
func crumbs(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buf := make([]byte, 4<<10)
	for {
		n, err := from.Read(buf)
		for i := range n {
			if _, err := to.Write(buf[i : i+1]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// crumbSizes are around all lengths at which something changes.
var crumbSizes = []int{0, 1, 2, 8, 9, 254, 255, 256, 257, 4095, 4096, 70000}

// varied is a body whose bytes tell where they belong.
func varied(size int) string {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(i ^ i>>8)
	}
	return string(b)
}

// Bytes that come one by one are the same bytes, to and from libzmq.
func TestFragmentsOfOneByte(t *testing.T) {
	for _, pair := range []struct {
		ours, theirs zmq4.SocketType
		weBind       bool
	}{
		{zmq4.Req, zmq4.Rep, true}, {zmq4.Rep, zmq4.Req, false}, {zmq4.Push, zmq4.Pull, false}, {zmq4.Pull, zmq4.Push, true},
	} {
		t.Run(fmt.Sprintf("%s to libzmq's %s", pair.ours, pair.theirs), func(t *testing.T) {
			t.Parallel()
			theirs := startLibzmq(t)
			endpoint := freeEndpoint(t, TransportTCP)
			relay := crumble(t, endpoint)
			ours := newSocket(t, pair.ours)
			if pair.weBind {
				mustBind(t, ours, endpoint)
				theirs.open(pair.theirs, "connect", relay)
			} else {
				theirs.open(pair.theirs, "bind", endpoint)
				mustConnect(t, ours, relay)
			}
			var first, second talker = ours, theirs
			if pair.ours == zmq4.Rep || pair.ours == zmq4.Pull {
				first, second = theirs, ours
			}
			for _, size := range crumbSizes {
				frames := []string{varied(size), "", varied(size % 300)}
				mustSend(t, first, frames...)
				wantRecv(t, second, frames...)
				if pair.ours == zmq4.Req || pair.ours == zmq4.Rep {
					mustSend(t, second, frames[2], frames[2])
					wantRecv(t, first, frames[2], frames[2])
				}
			}
			theirs.close()
			theirs.End()
		})
	}
}
