package patterns

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// memoryBuffer is how many bytes one direction of a memoryConn holds.
const memoryBuffer = 256 << 10

// A memoryConn is one end of a connection inside this process: a net.Conn with
// buffers, which net.Pipe has not and a handshake in both directions needs.
type memoryConn struct {
	in, out *memoryStream
	addr    net.Addr
}

func newMemoryConns(addr net.Addr) (a, b *memoryConn) {
	x, y := newMemoryStream(), newMemoryStream()
	return &memoryConn{in: x, out: y, addr: addr}, &memoryConn{in: y, out: x, addr: addr}
}

func (c *memoryConn) Read(b []byte) (int, error)  { return c.in.read(b) }
func (c *memoryConn) Write(b []byte) (int, error) { return c.out.write(b) }
func (c *memoryConn) LocalAddr() net.Addr         { return c.addr }
func (c *memoryConn) RemoteAddr() net.Addr        { return c.addr }

// Close ends both directions; the peer still reads what was written.
func (c *memoryConn) Close() error {
	c.in.shut(true)
	c.out.shut(false)
	return nil
}

// CloseWrite tells the peer that nothing more will come.
func (c *memoryConn) CloseWrite() error {
	c.out.shut(false)
	return nil
}

func (c *memoryConn) SetDeadline(t time.Time) error {
	c.in.readBy.set(c.in, t)
	c.out.writeBy.set(c.out, t)
	return nil
}

func (c *memoryConn) SetReadDeadline(t time.Time) error {
	c.in.readBy.set(c.in, t)
	return nil
}

func (c *memoryConn) SetWriteDeadline(t time.Time) error {
	c.out.writeBy.set(c.out, t)
	return nil
}

// A memoryStream is one direction.
type memoryStream struct {
	mu      sync.Mutex
	changed sync.Cond
	buf     []byte // unread, from at on
	at      int
	ended   bool // nothing more is written
	unread  bool // nothing more is read
	readBy  deadline
	writeBy deadline
}

func newMemoryStream() *memoryStream {
	s := &memoryStream{}
	s.changed.L = &s.mu
	return s
}

func (s *memoryStream) read(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.at == len(s.buf) {
		switch {
		case s.unread:
			return 0, net.ErrClosed
		case s.readBy.passed():
			return 0, os.ErrDeadlineExceeded
		case s.ended:
			return 0, io.EOF
		case len(b) == 0:
			return 0, nil
		}
		s.changed.Wait()
	}
	if s.unread {
		return 0, net.ErrClosed
	}
	n := copy(b, s.buf[s.at:])
	s.at += n
	if s.at == len(s.buf) {
		s.buf, s.at = s.buf[:0], 0
	}
	s.changed.Broadcast()
	return n, nil
}

func (s *memoryStream) write(b []byte) (n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.ended:
			return n, net.ErrClosed
		case s.unread:
			return n, io.ErrClosedPipe
		case s.writeBy.passed():
			return n, os.ErrDeadlineExceeded
		case len(b) == 0:
			return n, nil
		}
		if room := memoryBuffer - (len(s.buf) - s.at); room > 0 {
			m := min(room, len(b))
			if s.at > 0 && len(s.buf)+m > cap(s.buf) {
				s.buf = s.buf[:copy(s.buf, s.buf[s.at:])]
				s.at = 0
			}
			s.buf = append(s.buf, b[:m]...)
			b, n = b[m:], n+m
			s.changed.Broadcast()
			continue
		}
		s.changed.Wait()
	}
}

// shut ends the stream from the reader's side or the writer's.
func (s *memoryStream) shut(byReader bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if byReader {
		s.unread = true
	} else {
		s.ended = true
	}
	s.readBy.stop()
	s.writeBy.stop()
	s.changed.Broadcast()
}

// A deadline of one kind of operation, guarded by its stream's lock.
type deadline struct {
	at    time.Time
	timer *time.Timer
}

func (d *deadline) passed() bool { return !d.at.IsZero() && !time.Now().Before(d.at) }

func (d *deadline) stop() {
	if d.timer != nil {
		d.timer.Stop()
	}
}

func (d *deadline) set(s *memoryStream, t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.stop()
	d.at = t
	if wait := time.Until(t); !t.IsZero() && wait > 0 {
		d.timer = time.AfterFunc(wait, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.changed.Broadcast()
		})
	}
	s.changed.Broadcast()
}
