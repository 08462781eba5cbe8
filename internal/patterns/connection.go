package patterns

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// goodbye is how long a closing connection waits for the peer to have read
// everything: closing earlier could have the kernel throw it away.
const goodbye = 100 * time.Millisecond

// lastWords is how long what a peer has sent may take to be read once writing to
// it failed.
const lastWords = time.Second

// errHalted ends reading on a socket that was halted.
var errHalted = errors.New("halted")

// appendMessage appends a message of one frame as it is on the wire.
func appendMessage(dst, frame []byte) []byte { return zmtp.AppendFrame(dst, 0, frame) }

// serve runs an attached connection until it ends, and says why it did.
func (s *Socket) serve(p *pipe, conn net.Conn) error {
	stop := context.AfterFunc(s.ctx, func() { s.interrupt(conn) })
	defer stop()

	gone := make(chan struct{})
	var writeErr error
	written := make(chan struct{})
	go func() {
		defer close(written)
		if writeErr = s.write(p, conn, gone); writeErr != nil {
			s.writeEnded(p, conn)
		}
	}()
	s.beat(p, conn, gone)
	err := s.read(p, conn, gone)
	s.readEnded()
	if errors.Is(err, errHalted) {
		select {
		case <-s.ctx.Done():
			sayGoodbye(conn)
		case <-written:
		}
	}
	conn.Close()
	close(gone)
	<-written
	if silent := p.silent.Swap(0); silent > 0 {
		err = &SilentError{time.Duration(silent)}
	}
	if offence := s.detach(p); offence != nil {
		return offence
	}
	if writeErr != nil && (errors.Is(err, net.ErrClosed) || errors.Is(err, os.ErrDeadlineExceeded)) {
		err = writeErr
	}
	return err
}

// sayGoodbye reads, and throws away, what comes until the peer hangs up too: a
// connection closed with something unread loses what we wrote last.
func sayGoodbye(conn net.Conn) {
	if err := conn.SetReadDeadline(time.Now().Add(goodbye)); err == nil {
		_, _ = io.Copy(io.Discard, conn) // either way it is over
	}
}

// interrupt ends what a connection waits for when its socket ends: at once, but
// for a socket that was closed and gives the peer its goodbye.
func (s *Socket) interrupt(conn net.Conn) {
	if s.isClosing() {
		conn.SetDeadline(time.Now().Add(goodbye))
		return
	}
	conn.Close()
}

// attach gives a pipe its connection, unless the pattern refuses the peer.
func (s *Socket) attach(p *pipe, peer zmtp.Peer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(); err != nil {
		return err
	}
	p.conn, p.peer, p.addr, p.dying = peer.Conn, peer, peerAddr(peer.Conn), false
	err := s.pattern.up(p)
	if err == nil && !p.lasting {
		err = s.pattern.add(p)
	}
	if err != nil {
		s.pattern.down(p)
		p.conn = nil
		return err
	}
	s.pipes[p] = struct{}{}
	s.reading++
	if s.halted {
		peer.Conn.SetReadDeadline(time.Unix(1, 0))
	}
	s.writable.notify()
	s.attached.notify()
	s.flush()
	return nil
}

// writeEnded is told that p can't be written to any more. What the peer sent
// before it went is still read, at once and to its end, which is near.
func (s *Socket) writeEnded(p *pipe, conn net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.dying = true
	conn.SetReadDeadline(time.Now().Add(lastWords))
	signal(p.room)
}

func (s *Socket) readEnded() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reading--
	if s.halted && s.reading == 0 {
		s.readable.notify()
	}
}

// expel ends a peer's connection for what it sent, or because it is let in no
// more. What else came of it is not looked at.
func (s *Socket) expel(p *pipe, offence error) {
	if p.offence == nil && p.conn != nil {
		p.offence = offence
		p.conn.Close()
	}
}

// detach takes a pipe's connection away, and tells for what it was expelled, if
// it was.
func (s *Socket) detach(p *pipe) (offence error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	offence, p.offence = p.offence, nil
	p.conn = nil
	p.out.control = nil
	for x, ok := s.pattern.(*xpub); ok && x.forget(p); {
		s.mu.Unlock()
		runtime.Gosched()
		s.mu.Lock()
	}
	s.pattern.down(p)
	if !p.lasting {
		s.remove(p)
	}
	// Who waits for this peer, to send to it or to see its queue written, waits
	// in vain.
	s.writable.notify()
	s.drained.notify()
	s.flush()
	return offence
}

// remove takes a pipe out for good.
func (s *Socket) remove(p *pipe) {
	p.gone = true
	s.pattern.remove(p)
	delete(s.pipes, p)
	s.discard(p)
	s.writable.notify()
}

// read hands what comes from the peer to the pattern, batch by batch.
func (s *Socket) read(p *pipe, conn net.Conn, gone <-chan struct{}) error {
	dec := zmtp.NewDecoder(countedReader{s, p, conn}, s.opt.maxMessage, func(name string, body []byte) error {
		return s.command(p, conn, name, body, gone)
	})
	var retired []*zmtp.Block
	for {
		run, err := dec.Read(s.room(p))
		if err != nil && s.isHalted() && errors.Is(err, os.ErrDeadlineExceeded) {
			err = errHalted
		}
		retired = dec.Retired(retired[:0])
		if s.delivered(p, run, retired) {
			s.deliverRest(p, dec)
			return errHalted
		}
		if len(retired) > 0 {
			// The receiver had better take the messages while they are in a cache.
			runtime.Gosched()
		}
		if err != nil {
			return err
		}
		if s.opt.lull > 0 && run.Len() < fewMessages {
			s.pause(s.opt.lull)
		}
	}
}

// fewMessages is up to how many a read may bring that WithLull has a lull behind it.
const fewMessages = 256

// deliverRest delivers what is there on a connection that is not read any more:
// what is whole was received.
func (s *Socket) deliverRest(p *pipe, dec *zmtp.Decoder) {
	for {
		run, _ := dec.Buffered()
		if run.Len() == 0 {
			return
		}
		s.delivered(p, run, nil)
	}
}

// room waits until p's inbox has some, and returns how many messages fit.
func (s *Socket) room(p *pipe) (limit int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.opt.hwm > 0 && p.in.msgs >= s.opt.hwm && !p.dying && !s.halted && s.usable() == nil {
		p.stalled = true
		s.mu.Unlock()
		select {
		case <-p.room:
		case <-s.ctx.Done():
		}
		s.mu.Lock()
	}
	p.stalled = false
	limit = maxBatch
	if s.opt.hwm > 0 {
		limit = max(1, min(limit, s.opt.hwm-p.in.msgs))
	}
	return limit
}

// maxBatch is how many messages cross from a connection to its socket at a time.
const maxBatch = 4096

// delivered hands a batch to the pattern, and reports whether reading is to end.
// Nothing that comes later lies in the retired blocks.
func (s *Socket) delivered(p *pipe, run zmtp.Run, retired []*zmtp.Block) (halted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if run.Len() > 0 && !s.closing && p.offence == nil {
		s.pattern.deliver(p, run)
		s.pin(p, retired)
		s.flush()
	}
	return s.halted
}

func (s *Socket) isHalted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.halted
}

// command does what a ZMTP command of the peer's asks.
func (s *Socket) command(p *pipe, conn net.Conn, name string, body []byte, gone <-chan struct{}) error {
	switch name {
	case zmq4.CmdPing:
		return s.pong(p, conn, body, gone)
	case zmq4.CmdSubscribe:
		s.subscribed31(p, subscribeByte, body)
	case zmq4.CmdCancel:
		s.subscribed31(p, cancelByte, body)
	}
	return nil
}

// subscribed31 takes a subscription in the form of ZMTP 3.1, which only a
// publisher has a use for.
func (s *Socket) subscribed31(p *pipe, first byte, prefix []byte) {
	if _, ok := s.pattern.(*xpub); ok {
		frame := subscriptionFrame(first, string(prefix))
		s.delivered(p, zmtp.NewRun([]zmq4.Msg{zmq4.NewMsg(frame)}), nil)
	}
}

// write writes what is queued for the peer until the connection ends.
func (s *Socket) write(p *pipe, conn net.Conn, gone <-chan struct{}) error {
	var bufs net.Buffers
	for {
		var control int
		bufs, control = s.work(p, bufs[:0], gone)
		if len(bufs) == 0 {
			return nil
		}
		n, err := writeAll(conn, bufs)
		s.wrote(p, int(n), control, err)
		if err != nil {
			return err
		}
	}
}

// work waits until there is something to write and takes it: first control bytes,
// whose number it says. Nothing is taken when the connection is gone.
func (s *Socket) work(p *pipe, bufs net.Buffers, gone <-chan struct{}) (taken net.Buffers, control int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p.out.empty() {
		p.idle = true
		s.mu.Unlock()
		select {
		case <-p.wake:
		case <-gone:
			s.mu.Lock()
			p.idle = false
			return nil, 0
		}
		s.mu.Lock()
	}
	p.idle = false
	control = len(p.out.control)
	bufs = p.out.take(bufs)
	s.relieve(p)
	return bufs, control
}

func (s *Socket) wrote(p *pipe, n, control int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.flush()
	s.stats.BytesOut += uint64(n)
	if err == nil {
		s.sent(p, p.out.written())
		return
	}
	s.sent(p, p.out.cut(max(0, n-control)))
}

// writeAll writes buffers without changing the slice that holds them.
func writeAll(conn net.Conn, bufs net.Buffers) (int64, error) {
	if len(bufs) == 1 {
		n, err := conn.Write(bufs[0])
		return int64(n), err
	}
	if w, ok := conn.(zmtp.BuffersWriter); ok {
		return w.WriteBuffers(bufs)
	}
	rest := bufs
	return rest.WriteTo(conn)
}

// A countedReader books what is read and when.
type countedReader struct {
	s *Socket
	p *pipe
	r net.Conn
}

func (c countedReader) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	if n > 0 {
		c.s.bytesIn.Add(uint64(n))
		c.p.heard.Store(clock())
	}
	return n, err
}

func peerAddr(conn net.Conn) string {
	if a := conn.RemoteAddr(); a != nil {
		return a.String()
	}
	return ""
}

// linger waits until what is queued for connected peers is written.
func (s *Socket) linger() {
	if s.opt.linger <= 0 || s.ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.opt.linger)
	defer cancel()
	for s.unsentConnected() && s.await(ctx, &s.drained) == nil {
	}
}

func (s *Socket) unsentConnected() bool {
	for p := range s.pipes {
		if p.conn != nil && p.out.msgs > 0 {
			return true
		}
	}
	return false
}

// hangUp tells every peer that nothing more will come, and lets stalled readers
// read on to the peer's own goodbye.
func (s *Socket) hangUp() {
	for p := range s.pipes {
		signal(p.room)
		signal(p.wake)
		if half, ok := p.conn.(interface{ CloseWrite() error }); ok && p.out.msgs == 0 {
			half.CloseWrite()
		}
	}
}

func (s *Socket) closeListeners() error {
	var errs []error
	for _, l := range s.listeners {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}
