package patterns

import (
	"errors"
	"fmt"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// A pattern is how one socket type routes messages between its peers. Every
// method is called with the socket's lock held and must not wait.
type pattern interface {
	// add is told of a pipe that may be queued for: a connecting endpoint's
	// at once, an accepted peer's when the handshake is done. An error
	// refuses it.
	add(p *pipe) error
	// remove is told that nothing will come or go through p any more. What
	// was delivered from it may still be received.
	remove(p *pipe)
	// up is told that p has a connection; an error refuses the peer.
	up(p *pipe) error
	// down is told that p lost its connection.
	down(p *pipe)
	// ready is told that p, which had been full, has room.
	ready(p *pipe)
	// deliver takes what came from p.
	deliver(p *pipe, run zmtp.Run)
	// send queues a message, or fails with errAgain when it must wait.
	send(msg zmq4.Msg) error
	// receive gives the next message, or errAgain when there is none.
	receive() (zmq4.Msg, error)
}

// A taker is a pattern that gives many messages at the cost of little more than
// one. It always may be received from.
type taker interface{ take(dst []zmq4.Msg) int }

// A batcher is a pattern that queues many messages likewise. It returns how many
// it queued, and why not the next. None of them is without frames.
type batcher interface {
	sendBatch(msgs []zmq4.Msg) (int, error)
}

func newPattern(s *Socket) pattern {
	switch s.typ {
	case zmq4.Pub, zmq4.XPub:
		return newXPub(s)
	case zmq4.Sub, zmq4.XSub:
		return newXSub(s)
	case zmq4.Push:
		return &push{roundRobin: roundRobin{s: s}}
	case zmq4.Pull:
		return &pull{fairQueue: fairQueue{s: s}}
	case zmq4.Req:
		return newReq(s)
	case zmq4.Rep:
		return newRep(s)
	case zmq4.Dealer:
		return newDealer(s)
	case zmq4.Router:
		return newRouter(s)
	case zmq4.Pair:
		return newPair(s)
	}
	panic(fmt.Sprintf("patterns: unknown socket type %q", s.typ))
}

// base is a pattern that does nothing: the others embed it.
type base struct{ typ zmq4.SocketType }

func (base) add(*pipe) error         { return nil }
func (base) remove(*pipe)            {}
func (base) up(*pipe) error          { return nil }
func (base) down(*pipe)              {}
func (base) ready(*pipe)             {}
func (base) deliver(*pipe, zmtp.Run) {}

func (b base) send(zmq4.Msg) error {
	return fmt.Errorf("%w: a %s socket does not send", errors.ErrUnsupported, b.typ)
}

func (b base) receive() (zmq4.Msg, error) {
	return zmq4.Msg{}, fmt.Errorf("%w: a %s socket does not receive", errors.ErrUnsupported, b.typ)
}
