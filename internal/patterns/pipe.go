package patterns

import (
	"math"
	"net"
	"sync/atomic"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// A pipe is what a socket has of one peer: a queue in each direction, and the
// connection under them while there is one. The pipe of a connecting endpoint
// outlives its connections; that of an accepted peer ends with the one it came
// with. Its socket's lock guards it.
type pipe struct {
	endpoint string
	lasting  bool // of a connecting endpoint

	conn net.Conn // nil while there is none
	peer zmtp.Peer
	addr string // of the peer

	// What heartbeats go by, in nanoseconds; see heartbeat.go.
	heard   atomic.Int64 // when the peer was last heard of, by clock
	ttl     atomic.Int64 // the silence that the peer bade us take for its end
	silent  atomic.Int64 // the silence that was taken for its end
	watched bool         // only the reader's goroutine touches it

	out     outbox
	wake    chan struct{} // tells an idle writer of work
	idle    bool          // the writer waits
	full    bool          // a sender found out full and is to be told of room
	touched bool          // out got something since the last flush
	gone    bool          // nothing will be written any more
	dying   bool          // the connection can't be written to any more

	in      inbox
	room    chan struct{} // tells a stalled reader of room
	stalled bool          // the reader waits
	queued  bool          // stands in its socket's fair-queue

	balanced   bool                // stands in its socket's round-robin
	id         string              // a ROUTER's routing id for the peer
	topics     map[string]struct{} // the peer's subscriptions
	topicBytes int                 // in all of them
	offence    error               // for which we ended the connection
	mark       uint64              // the last message that matched one of them
	stale      bool                // a REQ gave up what it asked over this connection
}

func newPipe(endpoint string, lasting bool) *pipe {
	return &pipe{
		endpoint: endpoint,
		lasting:  lasting,
		wake:     make(chan struct{}, 1),
		room:     make(chan struct{}, 1),
	}
}

// signal leaves a token in a channel of one place.
func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// isFull reports whether the pipe's peer has as much queued as it may.
func (s *Socket) isFull(p *pipe) bool { return s.space(p) <= 0 }

// space gives how many messages more may be queued for the pipe's peer. What the
// writer has taken is not in the queue any more (as in libzmq): the next lot is
// made up while it is written.
func (s *Socket) space(p *pipe) int {
	if s.opt.hwm <= 0 {
		return math.MaxInt
	}
	return s.opt.hwm - (p.out.msgs - p.out.flying)
}

// enqueue queues a message for p's peer, behind an envelope if there is one.
// The writer is told of it by the next flush.
func (s *Socket) enqueue(p *pipe, envelope, frames [][]byte) {
	p.out.push(envelope, frames)
	s.unsent++
	s.touch(p)
}

// enqueueBatch is enqueue for each of msgs.
func (s *Socket) enqueueBatch(p *pipe, msgs []zmq4.Msg) {
	p.out.pushBatch(msgs)
	s.unsent += len(msgs)
	s.touch(p)
}

// control queues bytes that go before all messages and count as none.
func (s *Socket) control(p *pipe, frame []byte) {
	p.out.control = append(p.out.control, frame...)
	s.touch(p)
}

func (s *Socket) touch(p *pipe) {
	if !p.touched {
		p.touched = true
		s.touched = append(s.touched, p)
	}
}

// flush wakes the writers of all pipes that got something. It comes last
// before the lock is left, so that one wake serves a whole batch.
func (s *Socket) flush() {
	for i, p := range s.touched {
		p.touched = false
		s.touched[i] = nil
		if p.idle {
			p.idle = false
			signal(p.wake)
		}
	}
	s.touched = s.touched[:0]
}

// sent books messages of p as written (or, with n 0, only that room may have
// come), and tells those who wait.
func (s *Socket) sent(p *pipe, n int) {
	s.stats.MsgsOut += uint64(n)
	s.settle(n)
	s.relieve(p)
	if p.out.msgs == 0 {
		s.drained.notify()
	}
}

// relieve lets senders go on when half of a full queue is free.
func (s *Socket) relieve(p *pipe) {
	if p.full && s.space(p) >= s.opt.hwm-s.opt.hwm/2 {
		p.full = false
		s.pattern.ready(p)
		s.writable.notify()
	}
}

// settle takes n messages off the count of what is unsent.
func (s *Socket) settle(n int) {
	s.unsent -= n
	if s.unsent == 0 {
		s.drained.notify()
	}
}

// discard drops what is queued for p and not in flight.
func (s *Socket) discard(p *pipe) {
	n := p.out.clear()
	s.stats.Dropped += uint64(n)
	s.settle(n)
}

// pulled books that messages were taken out of p's inbox, and lets a stalled
// reader go on when half of it is empty.
func (s *Socket) pulled(p *pipe) {
	s.unpin(p)
	if p.stalled && p.in.msgs <= s.opt.hwm/2 {
		p.stalled = false
		signal(p.room)
	}
}
