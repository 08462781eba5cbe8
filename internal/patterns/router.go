package patterns

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// ErrUnroutable is wrapped by the error of a mandatory ROUTER's Send for a
// routing id that no peer has.
var ErrUnroutable = errors.New("no peer has this routing id")

// ErrNoRoutingID is a ROUTER's answer to a message without an id frame, or with
// nothing behind it.
var ErrNoRoutingID = errors.New("a ROUTER message begins with a routing id frame and has at least one more")

// NewRouter returns a ROUTER socket: it puts the routing id of the peer in
// front of what it receives, and takes it off what it sends to know whom
// to send it to (RFC 28). A message for an id that it doesn't know, or for a
// peer whose queue is full, is dropped.
func NewRouter(ctx context.Context, opts ...Option) zmq4.Socket {
	return New(ctx, zmq4.Router, opts...)
}

type router struct {
	base
	s    *Socket
	in   fairQueue
	byID map[string]*pipe
	made uint32 // the last routing id that was made up
}

func newRouter(s *Socket) *router {
	return &router{s: s, in: fairQueue{s: s}, byID: make(map[string]*pipe), made: rand.Uint32()}
}

func (r *router) up(p *pipe) error {
	id := string(p.peer.ID)
	for id == "" || r.byID[id] != nil && len(p.peer.ID) == 0 {
		r.made++
		id = string(binary.BigEndian.AppendUint32([]byte{0}, r.made))
	}
	if other := r.byID[id]; other != nil {
		if !r.s.opt.handover {
			return fmt.Errorf("the routing id %s is another peer's", describeID([]byte(id)))
		}
		other.conn.Close()
	}
	p.id = id
	r.byID[id] = p
	return nil
}

func (r *router) down(p *pipe) {
	if r.byID[p.id] == p {
		delete(r.byID, p.id)
	}
	r.s.discard(p)
}

func (r *router) deliver(p *pipe, run zmtp.Run) {
	id := []byte(p.id)
	msgs := run.Messages()
	for i, msg := range msgs {
		msgs[i].Frames = append([][]byte{id}, msg.Frames...)
	}
	r.in.deliver(p, zmtp.NewRun(msgs))
}

func (r *router) send(msg zmq4.Msg) error {
	if len(msg.Frames) < 2 {
		return ErrNoRoutingID
	}
	p := r.byID[string(msg.Frames[0])]
	mandatory := r.s.opt.mandatory
	switch {
	case p == nil && mandatory:
		return fmt.Errorf("%w: %s", ErrUnroutable, describeID(msg.Frames[0]))
	case p == nil:
		r.s.stats.Dropped++
		return nil
	case r.s.isFull(p) && mandatory:
		p.full = true
		return errAgain
	case r.s.isFull(p):
		r.s.stats.Dropped++
		return nil
	}
	r.s.enqueue(p, nil, msg.Frames[1:])
	return nil
}

func (r *router) receive() (zmq4.Msg, error) { return r.in.receive() }
func (r *router) take(dst []zmq4.Msg) int    { return r.in.take(dst) }

// describeID shows a routing id to people: quoted where it is text, else in hex.
func describeID(id []byte) string {
	if bytes.ContainsFunc(id, func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }) {
		return fmt.Sprintf("0x%x", id)
	}
	return strconv.Quote(string(id))
}
