package patterns

import (
	"bytes"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// A relay passes on connections to an endpoint, and is a man in the middle: it
// keeps what passes, and changes it when told to.
type relay struct {
	endpoint string // to connect to
	flipUp   atomic.Bool
	flipDown atomic.Bool

	mu    sync.Mutex
	kept  bytes.Buffer // of both directions
	conns map[net.Conn]struct{}
}

// keptAtMost bounds what a relay keeps.
const keptAtMost = 1 << 20

// startRelay relays to a TCP endpoint until the test ends.
func startRelay(t *testing.T, endpoint string) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{endpoint: "tcp://" + l.Addr().String(), conns: make(map[net.Conn]struct{})}
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
			r.mu.Lock()
			r.conns[near], r.conns[far] = struct{}{}, struct{}{}
			r.mu.Unlock()
			running.Go(func() { r.pass(far, near, &r.flipUp) })
			running.Go(func() { r.pass(near, far, &r.flipDown) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		r.hangUp()
		running.Wait()
	})
	return r
}

// flipOneIn is how many pieces there are for one that has a bit flipped.
const flipOneIn = 30

// pass copies until either connection ends, and ends both.
func (r *relay) pass(to, from net.Conn, flip *atomic.Bool) {
	defer r.end(to)
	defer r.end(from)
	buf := make([]byte, 4<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		r.keep(buf[:n])
		if flip.Load() && rand.IntN(flipOneIn) == 0 {
			buf[rand.IntN(n)] ^= 1 << rand.IntN(8)
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (r *relay) keep(b []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept.Len() < keptAtMost {
		r.kept.Write(b)
	}
}

func (r *relay) end(conn net.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.conns, conn)
	conn.Close()
}

// hangUp ends the connections that there are.
func (r *relay) hangUp() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for conn := range r.conns {
		conn.Close()
	}
}

// saw tells whether some text passed.
func (r *relay) saw(text string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bytes.Contains(r.kept.Bytes(), []byte(text))
}
