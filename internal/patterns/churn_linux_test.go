package patterns

import (
	"fmt"
	"net"
	"os"
	"runtime"
	"testing"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/peertest"
	"fogmq/internal/zmtp"
)

// A footprint is what a process has that leaks.
type footprint struct {
	goroutines, descriptors int
	heap                    int64
}

func footprintNow(t *testing.T) footprint {
	t.Helper()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		peertest.Lack(t, fmt.Errorf("no way to count descriptors: %w", err))
	}
	return footprint{runtime.NumGoroutine(), len(fds), heap()}
}

// wantNoGrowth waits until goroutines and descriptors are as few as before, and
// checks the heap.
func wantNoGrowth(t *testing.T, before footprint) {
	t.Helper()
	eventually(t, "no more goroutines and descriptors are left than before", func() bool {
		now := footprintNow(t)
		return now.goroutines <= before.goroutines && now.descriptors <= before.descriptors
	})
	const most = 1 << 20 // 2000 connections that left 1 KiB each would be more
	grown := footprintNow(t).heap - before.heap
	t.Logf("the heap has grown by %d KiB", grown>>10)
	if grown > most {
		t.Errorf("the heap has grown by more than %d KiB", most>>10)
	}
}

// Two thousand peers come and go, half of them in the middle of a handshake, half
// of those with RST; nothing grows.
func TestChurnOfPeers(t *testing.T) {
	const rounds = 2000
	pull := newSocket(t, zmq4.Pull)
	bound := mustBind(t, pull, "tcp://127.0.0.1:0")
	hello := handshakeOf(zmq4.Push)
	one := func(i int) {
		conn := rawDialOnly(t, bound)
		defer conn.Close()
		if i%2 == 0 {
			// shakeHands would leave a context behind until the test's end.
			if _, err := zmtp.Open(t.Context(), conn, zmtp.Config{Type: zmq4.Push, Timeout: patience}); err != nil {
				t.Fatal(err)
			}
			mustWrite(t, conn, frame(sequence(i)), torn["a body"][:i%8])
			wantRecv(t, pull, sequence(i))
		} else {
			mustWrite(t, conn, hello[:i%len(hello)])
		}
		if i%4 < 2 {
			reset(t, conn)
		}
	}
	for i := range 100 { // what is kept for later is there then
		one(i)
	}
	gone := func() bool { return pull.locked(func() bool { return pull.accepted == 0 && len(pull.pipes) == 0 }) }
	eventually(t, "all are gone", gone)
	before := footprintNow(t)
	for i := range rounds {
		one(i)
	}
	eventually(t, "all are gone", gone)
	wantNoGrowth(t, before)
}

// rawDialOnly is rawDial for one of many: nothing of it stays until the test's
// end.
func rawDialOnly(t *testing.T, endpoint string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", endpoint[len("tcp://"):])
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// A peer is started again two hundred times, and the socket that connects comes
// back each time; nothing grows.
func TestChurnOfAnEndpoint(t *testing.T) {
	const rounds = 200
	push := newSocket(t, zmq4.Push)
	endpoint := freeEndpoint(t, TransportTCP)
	mustConnect(t, push, endpoint)
	restart := func(i int) {
		pull := New(t.Context(), zmq4.Pull)
		defer pull.Close()
		mustBind(t, pull, endpoint)
		mustWaitPeers(t, pull, 1)
		mustSend(t, push, sequence(i))
		// What was sent as the one before went may be lost with it.
		for got := mustRecv(t, pull)[0]; got != sequence(i); got = mustRecv(t, pull)[0] {
			t.Logf("round %d: %s came", i, got)
		}
		pull.Close()
		eventually(t, "its end is noticed", func() bool { return push.locked(func() bool { return push.peers() == 0 }) })
	}
	for i := range 20 {
		restart(i)
	}
	before := footprintNow(t)
	for i := range rounds {
		restart(i)
	}
	wantNoGrowth(t, before)
}
