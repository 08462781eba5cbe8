package patterns

import (
	"encoding/binary"
	"fmt"
	"net"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// ttlUnit is the unit of a PING's time to live (RFC 37).
const ttlUnit = 100 * time.Millisecond

// maxPongs bounds the bytes of PONGs that wait to be written to one peer.
const maxPongs = 16 << 10

// A SilentError ends the connection of a peer that heartbeats found dead.
type SilentError struct{ For time.Duration }

func (e *SilentError) Error() string {
	return fmt.Sprintf("the peer was silent for %v", e.For.Round(time.Millisecond))
}

// Timeout makes the error a timeout to those who ask by net.Error's rules.
func (e *SilentError) Timeout() bool { return true }

// Temporary is false.
func (e *SilentError) Temporary() bool { return false }

// clock is what heartbeats go by: the time since this process began, which no
// clock that is set can change.
func clock() int64 { return int64(time.Since(start)) }

var start = time.Now()

// beat starts to watch a connection if the socket has heartbeats.
func (s *Socket) beat(p *pipe, conn net.Conn, gone <-chan struct{}) {
	p.heard.Store(clock())
	p.ttl.Store(0)
	p.watched = s.opt.heartbeat > 0
	if p.watched {
		s.running.Go(func() { s.watch(p, conn, gone) })
	}
}

// watch sends the heartbeats of a connection until it is gone, and closes it
// when the peer is silent for too long: by our own measure or by the time to
// live of its PINGs.
func (s *Socket) watch(p *pipe, conn net.Conn, gone <-chan struct{}) {
	every := s.opt.heartbeat
	tick := time.NewTicker(s.watchInterval(p))
	defer tick.Stop()
	for pinged := time.Now(); ; {
		select {
		case <-gone:
			return
		case <-tick.C:
		}
		silent := time.Duration(clock() - p.heard.Load())
		ttl := time.Duration(p.ttl.Load())
		switch {
		case s.isStalled(p):
			// It is we who do not read.
			p.heard.Store(clock())
		case every > 0 && silent >= 2*every, ttl > 0 && silent >= ttl:
			p.silent.Store(int64(silent))
			conn.Close()
			return
		case every > 0 && time.Since(pinged) >= every:
			pinged = time.Now()
			s.ping(p, 2*every)
		}
	}
}

// watchInterval is a quarter of the shortest time that watch must tell.
func (s *Socket) watchInterval(p *pipe) time.Duration {
	shortest := s.opt.heartbeat
	if ttl := time.Duration(p.ttl.Load()); shortest == 0 || ttl > 0 && ttl < shortest {
		shortest = ttl
	}
	return max(shortest/4, time.Millisecond)
}

func (s *Socket) isStalled(p *pipe) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return p.stalled || s.halted
}

func (s *Socket) ping(p *pipe, ttl time.Duration) {
	units := min((ttl+ttlUnit-1)/ttlUnit, 1<<16-1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.control(p, zmtp.AppendCommand(nil, zmq4.CmdPing, binary.BigEndian.AppendUint16(nil, uint16(units))))
	s.flush()
}

// pong answers a PING: 16 bits of time to live, then a context to give back
// (RFC 37). From then on a peer that is silent for its time to live is gone.
func (s *Socket) pong(p *pipe, conn net.Conn, ping []byte, gone <-chan struct{}) error {
	const ttlLen, maxContext = 2, 16
	if len(ping) < ttlLen || len(ping) > ttlLen+maxContext {
		return fmt.Errorf("%w: a malformed PING", zmtp.ErrProtocol)
	}
	ttl := time.Duration(binary.BigEndian.Uint16(ping)) * ttlUnit
	p.ttl.Store(int64(ttl))
	if ttl > 0 && !p.watched {
		p.watched = true
		s.spawn(func() { s.watch(p, conn, gone) })
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(p.out.control) > maxPongs {
		return nil // the peer does not read the PONGs that it has
	}
	s.control(p, zmtp.AppendCommand(nil, zmq4.CmdPong, ping[ttlLen:]))
	s.flush()
	return nil
}
