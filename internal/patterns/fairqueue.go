package patterns

import "github.com/go-zeromq/zmq4"

// A fairQueue takes one message from each peer that has some, in turn, so that
// a busy peer can't starve the others (RFC 28, RFC 30).
type fairQueue struct {
	s     *Socket
	turns ring[*pipe] // those with messages
}

// deliver queues what came from p.
func (q *fairQueue) deliver(p *pipe, batch []zmq4.Msg) {
	p.in.push(batch)
	if p.in.msgs > 0 && !p.queued {
		p.queued = true
		q.turns.push(p)
		q.s.readable.notify()
	}
}

// take moves messages to dst, as many as are there and fit, and returns their
// number.
func (q *fairQueue) take(dst []zmq4.Msg) (n int) {
	for n < len(dst) && q.turns.len() > 1 {
		_, dst[n] = q.next()
		n++
	}
	if n == len(dst) || q.turns.len() == 0 {
		return n
	}
	p := *q.turns.front()
	n += p.in.take(dst[n:], q.s.recycles)
	q.s.pulled(p)
	if p.in.msgs == 0 {
		q.turns.pop()
		p.queued = false
	}
	return n
}

// next takes the next message and tells whose it is; nil when there is none.
func (q *fairQueue) next() (*pipe, zmq4.Msg) {
	if q.turns.len() == 0 {
		return nil, zmq4.Msg{}
	}
	p := *q.turns.front()
	msg := p.in.pop()
	q.s.pulled(p)
	switch {
	case p.in.msgs == 0:
		q.turns.pop()
		p.queued = false
	case q.turns.len() > 1:
		q.turns.push(q.turns.pop())
	}
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
