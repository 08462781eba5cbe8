package patterns

import (
	"errors"
	"net"
	"slices"
	"syscall"
	"time"
)

// shakeTime is what a connection may shake hands for in peace, though others
// wait for its place.
const shakeTime = time.Second

// ErrDisplaced ends a handshake that took longer than a second while others
// waited for the connection's place, or for its file descriptor.
var ErrDisplaced = errors.New("its handshake took long, and others wait for its place")

// A guest is an accepted connection. Its socket's lock guards it.
type guest struct {
	conn  net.Conn
	since int64 // when it was accepted, by clock
	moved bool  // its place is another's
}

// place gives an accepted connection a place: a free one, or that of the
// connection which has been shaking hands for longest. It is nil where all are
// taken by peers, or have been for no more than a moment.
func (s *Socket) place(conn net.Conn) *guest {
	s.mu.Lock()
	defer s.mu.Unlock()
	full := s.opt.maxConnections > 0 && s.accepted >= s.opt.maxConnections
	if full && !s.displace() {
		return nil
	}
	g := &guest{conn: conn, since: clock()}
	s.accepted++
	s.shaking = append(s.shaking, g)
	return g
}

// displaceOne has the connection that has been shaking hands for longest leave,
// for others wait for what it takes.
func (s *Socket) displaceOne() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.displace()
}

// displace takes a place from the connection that has been shaking hands for
// longest, if there is one that has had its time.
func (s *Socket) displace() bool {
	if len(s.shaking) == 0 || clock()-s.shaking[0].since < int64(s.opt.shakeTime) {
		return false
	}
	g := s.shaking[0]
	s.shaking = slices.Delete(s.shaking, 0, 1)
	g.moved = true
	s.accepted--
	g.conn.Close()
	return true
}

// arrived is told that a guest shakes hands no more, and reports whether it
// still has its place.
func (s *Socket) arrived(g *guest) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.shaking, g); i >= 0 {
		s.shaking = slices.Delete(s.shaking, i, i+1)
	}
	return !g.moved
}

// leave gives a guest's place back, if it has one.
func (s *Socket) leave(g *guest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !g.moved {
		s.accepted--
	}
}

// isOutOfFiles tells whether there was no file descriptor to be had.
func isOutOfFiles(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}
