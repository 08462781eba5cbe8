package zmtp

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"
)

// A driver passes bytes on in a way of its own.
type driver struct {
	rnd          *rand.Rand
	split, delay bool // harmless
	repeat, cut  bool
	left         int // until it cuts
	repeatLeft   int // until it repeats
	piece        int
}

func newDriver(rnd *rand.Rand, harmless bool) *driver {
	d := &driver{rnd: rnd, split: rnd.IntN(4) > 0, delay: rnd.IntN(2) == 0, piece: 1 + rnd.IntN(1+rnd.IntN(300))}
	if !harmless {
		d.repeat, d.cut = rnd.IntN(2) == 0, rnd.IntN(2) == 0
	}
	d.left, d.repeatLeft = rnd.IntN(600), rnd.IntN(500)
	return d
}

// pass passes on what comes until one of the two ends, or it cuts.
func (d *driver) pass(to, from *net.UnixConn) {
	defer to.CloseWrite()
	buf := make([]byte, 4096)
	for {
		room := buf
		if d.split {
			room = buf[:min(len(buf), d.piece)]
		}
		n, err := from.Read(room)
		if err != nil {
			return
		}
		if d.delay && d.rnd.IntN(3) == 0 {
			time.Sleep(time.Duration(d.rnd.IntN(int(time.Millisecond)))) // of the network, that nobody waits for
		}
		if d.cut && d.left < n {
			to.Write(room[:d.left])
			return
		}
		d.left -= n
		sent := room[:n]
		if d.repeat && d.repeatLeft < n {
			sent = join(sent, sent[d.repeatLeft:])
			d.repeat = false
		}
		d.repeatLeft -= n
		if _, err := to.Write(sent); err != nil {
			return
		}
	}
}

// drive has two peers shake hands through drivers, one for each direction.
func drive(t *testing.T, client, server Config, rnd *rand.Rand, harmless bool) (c, s side, end func()) {
	t.Helper()
	up, down := newDriver(rand.New(rand.NewPCG(rnd.Uint64(), 1)), harmless), newDriver(rand.New(rand.NewPCG(rnd.Uint64(), 2)), harmless)
	return shakeThrough(t, client, server, func(_, _ net.Conn) {}, func(to, from *net.UnixConn, isUp bool) {
		if isUp {
			up.pass(to, from)
			return
		}
		down.pass(to, from)
	})
}

// Bytes that are split and delayed are the same bytes; bytes that are cut or come
// twice end the handshake with an error that says what is wrong, in time.
func TestHandshakeUnderADriver(t *testing.T) {
	for name, mechanism := range mechanisms {
		for seed := range uint64(30) {
			t.Run(fmt.Sprintf("%s %d", name, seed), func(t *testing.T) {
				t.Parallel()
				m := mechanism(t)
				rnd := rand.New(rand.NewPCG(seed, 77))
				c, s, end := drive(t, m.client, m.server, rnd, true)
				if c.err != nil || s.err != nil || s.peer.User != m.user || c.peer.Type != m.server.Type {
					t.Errorf("split and delayed: %v, %v", c.err, s.err)
				}
				end()

				m.client.Timeout, m.server.Timeout = 100*time.Millisecond, 100*time.Millisecond
				c, s, end = drive(t, m.client, m.server, rnd, false)
				end()
				for _, err := range []error{c.err, s.err} {
					if err != nil && !isOurs(err) {
						t.Errorf("cut and repeated: %T %v", err, err)
					}
				}
			})
		}
	}
}

// isOurs tells whether an error is one that Open promises.
func isOurs(err error) bool {
	for _, is := range []func(error) bool{isProtocol, isHangUp, isA[*UnansweredError], isA[*DeniedError], isA[*IncompatibleError], isA[*RefusedError], isA[*MechanismError]} {
		if is(err) {
			return !strings.Contains(err.Error(), "runtime error") && !strings.ContainsAny(err.Error(), "\x1b\n\x00")
		}
	}
	return errors.Is(err, context.DeadlineExceeded) && strings.HasPrefix(err.Error(), "no handshake within ")
}
