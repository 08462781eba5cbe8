package patterns

import "github.com/go-zeromq/zmq4"

// A roundRobin gives each message to the next peer that has room, in turn
// (RFC 28, RFC 30).
type roundRobin struct {
	s     *Socket
	turns ring[*pipe] // those that may have room
	// orphans are messages that were queued for a peer that went for good
	// before they were written. The next peer to come gets them.
	orphans outbox
}

// add puts p at the end of the turns and gives it the orphans.
func (r *roundRobin) add(p *pipe) {
	if r.orphans.msgs > 0 {
		p.out.takeAll(&r.orphans)
		r.s.touch(p)
	}
	r.ready(p)
}

// ready takes p, which had been full, into the turns again.
func (r *roundRobin) ready(p *pipe) {
	if !p.balanced && !p.gone {
		p.balanced = true
		r.turns.push(p)
	}
}

// drop takes p out of the turns.
func (r *roundRobin) drop(p *pipe) {
	if p.balanced {
		p.balanced = false
		r.turns.keep(func(q *pipe) bool { return q != p })
	}
}

// remove takes p out for good. Its unsent messages go to another peer, which it
// names, or wait for the next to come.
func (r *roundRobin) remove(p *pipe) (heir *pipe) {
	r.drop(p)
	switch {
	case p.out.msgs == 0:
		return nil
	case r.turns.len() == 0:
		r.orphans.takeAll(&p.out)
		return nil
	}
	heir = *r.turns.front()
	heir.out.takeAll(&p.out)
	r.s.touch(heir)
	return heir
}

// next gives the peer whose turn it is, or nil when none has room.
func (r *roundRobin) next() *pipe {
	for r.turns.len() > 0 {
		p := r.turns.pop()
		if r.s.space(p) > 0 {
			r.turns.push(p)
			return p
		}
		p.full, p.balanced = true, false
	}
	return nil
}

// sendBatch queues messages as send does.
func (r *roundRobin) sendBatch(msgs []zmq4.Msg) (sent int, err error) {
	for sent < len(msgs) {
		n := 1
		p := r.next()
		switch {
		case p == nil:
			if !r.queueAhead(nil, msgs[sent].Frames) {
				return sent, errAgain
			}
		case r.turns.len() == 1:
			n = min(r.s.space(p), len(msgs)-sent)
			r.s.enqueueBatch(p, msgs[sent:sent+n])
		default:
			r.s.enqueue(p, nil, msgs[sent].Frames)
		}
		sent += n
	}
	return sent, nil
}

// send queues msg for the next peer with room.
func (r *roundRobin) send(msg zmq4.Msg) error {
	p := r.next()
	switch {
	case p != nil:
		r.s.enqueue(p, nil, msg.Frames)
	case !r.queueAhead(nil, msg.Frames):
		return errAgain
	}
	return nil
}

// queueAhead queues a message for the first peer to come, where WithBacklog
// allows it, nobody is there and the queue has room.
func (r *roundRobin) queueAhead(envelope, frames [][]byte) bool {
	o := r.s.opt
	if !o.backlog || len(r.s.pipes) > 0 || o.hwm > 0 && r.orphans.msgs >= o.hwm {
		return false
	}
	r.orphans.push(envelope, frames)
	r.s.unsent++
	return true
}
