package patterns

import (
	"slices"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// A fairQueue takes one message from each peer that has some, in turn, so that
// a busy peer can't starve the others (RFC 28, RFC 30).
type fairQueue struct {
	s      *Socket
	turns  ring[*pipe] // those with messages
	shares []share     // of the peers in the round that take deals out
	lot    []zmq4.Msg  // their messages
}

// A share is what one peer gives at a time.
type share struct{ from, to int }

// deliver queues what came from p.
func (q *fairQueue) deliver(p *pipe, run zmtp.Run) {
	p.in.push(run)
	if p.in.msgs > 0 && !p.queued {
		p.queued = true
		q.turns.push(p)
		q.s.readable.notify()
	}
}

// take moves messages to dst, as many as are there and fit, and returns their
// number. They are in the order in which next would give them.
func (q *fairQueue) take(dst []zmq4.Msg) (n int) {
	for n < len(dst) && q.turns.len() > 0 {
		if q.turns.len() == 1 {
			p := *q.turns.front()
			n += p.in.take(dst[n:], &q.s.slab)
			q.taken(p)
			continue
		}
		n += q.deal(dst[n:])
	}
	return n
}

// deal takes the same number from each peer, or what it has, and deals out one
// message of each in turn. That is next over and over, but looks up each peer's
// queue once: with many peers none of them is in the processor's cache.
func (q *fairQueue) deal(dst []zmq4.Msg) (n int) {
	peers := min(q.turns.len(), len(dst))
	each := min(len(dst)/peers, maxShare)
	q.shares, q.lot = q.shares[:0], slices.Grow(q.lot[:0], peers*each)
	for range peers {
		p := *q.turns.front()
		from := len(q.lot)
		q.lot = q.lot[:from+p.in.take(q.lot[from:from+each], &q.s.slab)]
		q.shares = append(q.shares, share{from, len(q.lot)})
		q.taken(p)
	}
	for n < len(q.lot) {
		for i := range q.shares {
			s := &q.shares[i]
			if s.from < s.to {
				dst[n] = q.lot[s.from]
				s.from++
				n++
			}
		}
	}
	clear(q.lot)
	return n
}

// maxShare bounds what deal takes of one peer.
const maxShare = 64

// taken books that messages were taken from the peer in front, which then is the
// last in turn, or in none.
func (q *fairQueue) taken(p *pipe) {
	q.s.pulled(p)
	q.turns.pop()
	if p.in.msgs == 0 {
		p.queued = false
		return
	}
	q.turns.push(p)
}

// next takes the next message and tells whose it is; nil when there is none.
func (q *fairQueue) next() (*pipe, zmq4.Msg) {
	if q.turns.len() == 0 {
		return nil, zmq4.Msg{}
	}
	p := *q.turns.front()
	msg := p.in.pop(&q.s.slab)
	q.taken(p)
	return p, msg
}

// bequeath moves what came from p and was not received to a pipe without a peer,
// at the same place in the queue.
func (q *fairQueue) bequeath(p *pipe) *pipe {
	ghost := &pipe{gone: true, in: p.in, queued: p.queued}
	p.in, p.queued = inbox{}, false
	if ghost.queued {
		for range q.turns.len() {
			r := q.turns.pop()
			if r == p {
				r = ghost
			}
			q.turns.push(r)
		}
	}
	return ghost
}

// receive is next for patterns that don't care for the peer.
func (q *fairQueue) receive() (zmq4.Msg, error) {
	p, msg := q.next()
	if p == nil {
		return zmq4.Msg{}, errAgain
	}
	return msg, nil
}
