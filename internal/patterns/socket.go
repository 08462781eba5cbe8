package patterns

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// A Socket is a ZeroMQ socket of one of the eleven types. All its methods may be
// called from any number of goroutines at once.
type Socket struct {
	typ     zmq4.SocketType
	opt     options
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup // every goroutine of the socket
	bytesIn atomic.Uint64

	mu         sync.Mutex // guards all below, and every pipe
	pattern    pattern
	taker      taker   // the pattern, if it is one
	batcher    batcher // likewise
	pipes      map[*pipe]struct{}
	touched    []*pipe
	listeners  []net.Listener
	props      map[string]any
	stats      Stats
	unsent     int      // messages queued and in flight, all pipes
	reading    int      // connections that are read from
	accepted   int      // connections, shaking hands included
	shaking    []*guest // those of them that shake hands, the oldest first
	halted     bool
	recycles   bool          // somebody calls Recycle
	lent       []*zmtp.Block // whose messages were all received
	slab       zmtp.Slab     // for the frames of what is received
	closing    bool
	readable   notifier
	writable   notifier
	drained    notifier
	subscribed notifier
	attached   notifier
}

// Stats are a socket's totals since it was made. Bytes are those on the wire
// after the handshake, the heads of frames included.
type Stats struct {
	MsgsIn, MsgsOut, BytesIn, BytesOut uint64
	// Dropped counts messages that went nowhere because a queue was full,
	// nobody wanted them or whom they were for has gone.
	Dropped uint64
	// Peers is how many connections there are now, handshake done.
	Peers int
	// Queued is how many messages wait now to be written to a peer, or for a peer.
	Queued int
}

// New returns a socket of type typ, neither bound nor connected. It lives until
// Close is called or ctx ends; a nil ctx is context.Background(). New panics on
// a type that is none of the eleven.
func New(ctx context.Context, typ zmq4.SocketType, opts ...Option) *Socket {
	if ctx == nil {
		ctx = context.Background()
	}
	s := &Socket{
		typ:   typ,
		opt:   defaultOptions(),
		pipes: make(map[*pipe]struct{}),
		props: make(map[string]any),
	}
	for _, o := range opts {
		o(&s.opt)
	}
	s.ctx, s.cancel = context.WithCancel(ctx)
	s.pattern = newPattern(s)
	s.taker, _ = s.pattern.(taker)
	s.batcher, _ = s.pattern.(batcher)
	if s.opt.revoked != nil {
		s.spawn(s.revoke)
	}
	return s
}

// Type returns the socket's type.
func (s *Socket) Type() zmq4.SocketType { return s.typ }

// Addr returns the address of the first endpoint bound, or nil.
func (s *Socket) Addr() net.Addr {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.listeners) == 0 {
		return nil
	}
	return s.listeners[0].Addr()
}

// Stats returns the totals so far.
func (s *Socket) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	stats := s.stats
	stats.BytesIn = s.bytesIn.Load()
	stats.Peers, stats.Queued = s.reading, s.unsent
	return stats
}

// spawn runs f in a goroutine that Close waits for. It reports whether the
// socket still takes one.
func (s *Socket) spawn(f func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.usable() != nil {
		return false
	}
	s.running.Go(f)
	return true
}

// Send queues msg for the peer or peers that the pattern says. It waits where
// the pattern waits, no longer than WithTimeout allows.
func (s *Socket) Send(msg zmq4.Msg) error {
	ctx := s.ctx
	if s.opt.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.opt.timeout)
		defer cancel()
	}
	return s.SendContext(ctx, msg)
}

// SendMulti is Send: the frames of a message always stay together.
func (s *Socket) SendMulti(msg zmq4.Msg) error { return s.Send(msg) }

// SendContext is Send that waits until ctx ends, whose error it then returns.
func (s *Socket) SendContext(ctx context.Context, msg zmq4.Msg) error {
	_, err := s.SendBatch(ctx, []zmq4.Msg{msg})
	return err
}

// SendBatch is SendContext for each of msgs in order, at the cost of little more
// than one. It returns how many were queued before an error.
func (s *Socket) SendBatch(ctx context.Context, msgs []zmq4.Msg) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.flush()
	for sent := 0; sent < len(msgs); {
		if err := s.usable(); err != nil {
			return sent, err
		}
		n, err := s.queue(msgs[sent:])
		sent += n
		switch {
		case err == nil:
			continue
		case !errors.Is(err, errAgain):
			return sent, err
		}
		s.flush()
		if err := s.await(ctx, &s.writable); err != nil {
			return sent, err
		}
	}
	return len(msgs), nil
}

// queue queues as many messages as it can without waiting, and says why not the
// next.
func (s *Socket) queue(msgs []zmq4.Msg) (n int, err error) {
	for n < len(msgs) && len(msgs[n].Frames) > 0 {
		n++
	}
	if n == 0 {
		return 0, ErrNoFrames
	}
	msgs = msgs[:n]
	if s.batcher != nil {
		return s.batcher.sendBatch(msgs)
	}
	for i, msg := range msgs {
		if err := s.pattern.send(msg); err != nil {
			return i, err
		}
	}
	return n, nil
}

// Recv waits for the next message.
func (s *Socket) Recv() (zmq4.Msg, error) { return s.RecvContext(s.ctx) }

// RecvContext is Recv that waits until ctx ends, whose error it then returns. A
// message that is there is given even then.
func (s *Socket) RecvContext(ctx context.Context) (zmq4.Msg, error) {
	var one [1]zmq4.Msg
	_, err := s.RecvBatch(ctx, one[:])
	return one[0], err
}

// RecvBatch waits for a message, then takes as many as are there and fit into
// dst, and returns their number. Errors are RecvContext's.
func (s *Socket) RecvBatch(ctx context.Context, dst []zmq4.Msg) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		if err := s.usable(); err != nil {
			return 0, err
		}
		n, err := s.collect(dst)
		s.stats.MsgsIn += uint64(n)
		switch {
		case n > 0 || len(dst) == 0:
			return n, nil
		case err != nil && !errors.Is(err, errAgain):
			return 0, err
		case s.halted && s.reading == 0:
			return 0, ErrClosed
		}
		if err := s.await(ctx, &s.readable); err != nil {
			return 0, err
		}
	}
}

// collect takes what is there; an error says why that is nothing.
func (s *Socket) collect(dst []zmq4.Msg) (n int, err error) {
	if s.taker != nil {
		return s.taker.take(dst), nil
	}
	for n < len(dst) {
		msg, err := s.pattern.receive()
		if err != nil {
			return n, err
		}
		dst[n] = msg
		n++
	}
	return n, nil
}

// usable reports why the socket can't be used, if it can't.
func (s *Socket) usable() error {
	switch {
	case s.closing:
		return ErrClosed
	case s.ctx.Err() != nil:
		return s.ctx.Err()
	}
	return nil
}

// await leaves the lock until n is notified or ctx or the socket ends.
func (s *Socket) await(ctx context.Context, n *notifier) error {
	woken := n.wait()
	s.mu.Unlock()
	defer s.mu.Lock()
	select {
	case <-woken:
		return nil
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
	// The socket's own end comes first: a call's context is often its child.
	if s.ctx.Err() != nil {
		if s.isClosing() {
			return ErrClosed
		}
		return s.ctx.Err()
	}
	return ctx.Err()
}

func (s *Socket) isClosing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

// config is what a peer is told of us.
func (s *Socket) config(server bool) zmtp.Config {
	return zmtp.Config{
		Type:       s.typ,
		ID:         s.opt.id,
		Security:   s.opt.security,
		Server:     server,
		Timeout:    s.opt.handshakeTimeout,
		MaxMessage: s.opt.maxMessage,
	}
}

// Drain waits until all that was sent is written to peers, or ctx ends, and
// returns how many messages are left.
func (s *Socket) Drain(ctx context.Context) (left int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.unsent > 0 && s.await(ctx, &s.drained) == nil {
	}
	return s.unsent
}

// Halt takes nothing more from the network. What came before can still be
// received; then receiving fails with ErrClosed. Sending goes on.
func (s *Socket) Halt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.halted = true
	for p := range s.pipes {
		if p.conn != nil {
			p.conn.SetReadDeadline(time.Unix(1, 0))
		}
		signal(p.room)
	}
	s.readable.notify()
}

// WaitSubscribers waits until n peers of a PUB or XPUB have a subscription each.
func (s *Socket) WaitSubscribers(ctx context.Context, n int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.pattern.(*xpub)
	if !ok {
		return errors.ErrUnsupported
	}
	for x.subscribers() < n {
		if err := s.await(ctx, &s.subscribed); err != nil {
			return err
		}
	}
	return nil
}

// WaitPeers waits until n peers are connected.
func (s *Socket) WaitPeers(ctx context.Context, n int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.peers() < n {
		if err := s.await(ctx, &s.attached); err != nil {
			return err
		}
	}
	return nil
}

func (s *Socket) peers() (n int) {
	for p := range s.pipes {
		if p.conn != nil {
			n++
		}
	}
	return n
}

// Reset has a REQ give up its request: it is not sent any more, its reply is
// not taken any more, and the connection that it went through is made anew. The
// socket may send again.
func (s *Socket) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.pattern.(*req); ok {
		r.reset()
	}
}

// Close ends the socket: what is queued for connected peers is written first,
// for WithLinger's time at most, then every connection, listener and goroutine
// of the socket is gone. A second Close does nothing.
func (s *Socket) Close() error {
	s.mu.Lock()
	if s.closing {
		s.mu.Unlock()
		s.running.Wait()
		return nil
	}
	s.linger()
	s.closing = true
	err := s.closeListeners()
	s.hangUp()
	s.mu.Unlock()
	s.cancel()
	s.running.Wait()
	return err
}
