package patterns

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// NewPub returns a PUB socket: each message goes to every peer that subscribed
// to a prefix of its first frame. It never waits: a peer that is absent or
// whose queue is full misses the message (RFC 29).
func NewPub(ctx context.Context, opts ...Option) zmq4.Socket { return New(ctx, zmq4.Pub, opts...) }

// NewXPub returns an XPUB socket: a PUB that also receives its peers'
// subscriptions, as one frame of the byte 1 (or 0 to cancel) and the prefix.
func NewXPub(ctx context.Context, opts ...Option) zmq4.Socket { return New(ctx, zmq4.XPub, opts...) }

// NewSub returns a SUB socket: it receives what its peers publish under the
// prefixes it subscribed to (RFC 29). Without one it receives nothing.
func NewSub(ctx context.Context, opts ...Option) zmq4.Socket { return New(ctx, zmq4.Sub, opts...) }

// NewXSub returns an XSUB socket: a SUB whose subscriptions are also sent as
// messages, and which sends other messages to all its peers.
func NewXSub(ctx context.Context, opts ...Option) zmq4.Socket { return New(ctx, zmq4.XSub, opts...) }

// The first byte of a subscription message (RFC 29).
const (
	cancelByte    = 0
	subscribeByte = 1
)

// What one peer may have of subscriptions: so many, and so many bytes in all of
// them. Far beyond what a subscriber needs, they bound the memory that a hostile
// one takes.
const (
	MaxSubscriptions     = 1_000_000
	MaxSubscriptionBytes = 64 << 20
)

// ErrSubscriptions is wrapped by the error that ends the connection of a peer
// which subscribes to more than MaxSubscriptions or MaxSubscriptionBytes allow.
var ErrSubscriptions = errors.New("more subscriptions than are allowed")

// checkSubscription refuses to take one more subscription of p's.
func (x *xpub) checkSubscription(p *pipe, prefix string) error {
	switch {
	case len(p.topics) >= x.s.opt.maxSubs:
		return fmt.Errorf("%w: the peer has %d of them", ErrSubscriptions, len(p.topics))
	case p.topicBytes+len(prefix) > x.s.opt.maxSubBytes:
		return fmt.Errorf("%w: %d bytes in all of them", ErrSubscriptions, p.topicBytes+len(prefix))
	}
	return nil
}

// subscription reads a subscription message.
func subscription(msg zmq4.Msg) (prefix string, subscribe, ok bool) {
	if len(msg.Frames) != 1 || len(msg.Frames[0]) == 0 || msg.Frames[0][0] > subscribeByte {
		return "", false, false
	}
	frame := msg.Frames[0]
	return string(frame[1:]), frame[0] == subscribeByte, true
}

func subscriptionFrame(first byte, prefix string) []byte {
	return append([]byte{first}, prefix...)
}

type xpub struct {
	base
	s       *Socket
	in      fairQueue // what an XPUB receives
	subs    subscriptions
	matched []*pipe
	mark    uint64
}

func newXPub(s *Socket) *xpub { return &xpub{base: base{s.typ}, s: s, in: fairQueue{s: s}} }

func (x *xpub) deliver(p *pipe, run zmtp.Run) {
	var up []zmq4.Msg
	for _, msg := range run.Messages() {
		prefix, subscribe, ok := subscription(msg)
		if !ok || x.apply(p, prefix, subscribe) {
			up = append(up, msg)
		}
	}
	if x.typ == zmq4.XPub {
		x.in.deliver(p, zmtp.NewRun(up))
	}
}

// apply does what a subscription says, and reports whether an XPUB's user is to
// be told.
func (x *xpub) apply(p *pipe, prefix string, subscribe bool) (tell bool) {
	had := len(p.topics)
	_, known := p.topics[prefix]
	switch {
	case !subscribe && !known:
		return false
	case !subscribe:
		delete(p.topics, prefix)
		p.topicBytes -= len(prefix)
		tell = x.subs.remove(prefix, p)
	case !known:
		if err := x.checkSubscription(p, prefix); err != nil {
			x.s.expel(p, err)
			return false
		}
		if p.topics == nil {
			p.topics = make(map[string]struct{})
		}
		p.topics[prefix] = struct{}{}
		p.topicBytes += len(prefix)
		tell = x.subs.add(prefix, p)
	}
	if (had == 0) != (len(p.topics) == 0) {
		x.s.subscribed.notify()
	}
	return tell || x.s.opt.verboseSubs
}

func (x *xpub) down(p *pipe) {
	for x.forget(p) {
	}
	p.topics = nil // a map keeps the room that it once needed
	x.s.discard(p)
}

// atATime is how many subscriptions are forgotten before others have a turn: a
// peer may leave a million behind.
const atATime = 5000

// forget cancels some subscriptions of a peer that has gone, and reports whether
// there are more.
func (x *xpub) forget(p *pipe) bool {
	prefixes := make([]string, 0, min(len(p.topics), atATime))
	for prefix := range p.topics {
		if prefixes = append(prefixes, prefix); len(prefixes) == atATime {
			break
		}
	}
	slices.Sort(prefixes)
	var up []zmq4.Msg
	for _, prefix := range prefixes {
		if x.apply(p, prefix, false) && x.typ == zmq4.XPub {
			up = append(up, zmq4.NewMsg(subscriptionFrame(cancelByte, prefix)))
		}
	}
	x.in.deliver(p, zmtp.NewRun(up))
	return len(p.topics) > 0
}

func (x *xpub) send(msg zmq4.Msg) error {
	if len(msg.Frames) == 0 {
		return nil
	}
	x.mark++
	x.matched = x.subs.match(x.matched[:0], msg.Frames[0], x.mark)
	for _, p := range x.matched {
		if x.s.isFull(p) {
			x.s.stats.Dropped++
			continue
		}
		x.s.enqueue(p, nil, msg.Frames)
	}
	return nil
}

func (x *xpub) receive() (zmq4.Msg, error) {
	if x.typ == zmq4.Pub {
		return x.base.receive()
	}
	return x.in.receive()
}

// subscribers counts the peers with a subscription.
func (x *xpub) subscribers() (n int) {
	for p := range x.s.pipes {
		if len(p.topics) > 0 {
			n++
		}
	}
	return n
}

func (x *xpub) topics() []string {
	all := make(map[string]struct{})
	for p := range x.s.pipes {
		maps.Copy(all, p.topics)
	}
	return slices.Sorted(maps.Keys(all))
}

type xsub struct {
	base
	s       *Socket
	in      fairQueue
	counted map[string]int // how often each prefix was subscribed to
	subs    subscriptions
	self    *pipe // stands for this socket in subs
}

func newXSub(s *Socket) *xsub {
	return &xsub{
		base:    base{s.typ},
		s:       s,
		in:      fairQueue{s: s},
		counted: make(map[string]int),
		self:    &pipe{},
	}
}

// up sends a new connection all the subscriptions that stand.
func (x *xsub) up(p *pipe) error {
	for _, prefix := range x.topics() {
		x.tell(p, subscribeByte, prefix)
	}
	return nil
}

func (x *xsub) down(p *pipe) { x.s.discard(p) }

func (x *xsub) deliver(p *pipe, run zmtp.Run) {
	// A publisher may send more than was asked for: it learns late of a
	// subscription that was cancelled.
	run.Filter(x.subs.matches, func(wanted zmtp.Run) { x.in.deliver(p, wanted) })
}

func (x *xsub) receive() (zmq4.Msg, error) { return x.in.receive() }
func (x *xsub) take(dst []zmq4.Msg) int    { return x.in.take(dst) }

func (x *xsub) send(msg zmq4.Msg) error {
	if x.typ == zmq4.Sub {
		return x.base.send(msg)
	}
	if prefix, subscribe, ok := subscription(msg); ok {
		x.subscribe(prefix, subscribe)
		return nil
	}
	for p := range x.s.pipes {
		switch {
		case p.conn == nil:
		case x.s.isFull(p):
			x.s.stats.Dropped++
		default:
			x.s.enqueue(p, nil, msg.Frames)
		}
	}
	return nil
}

// subscribe counts how often a prefix was subscribed to; the peers hear of the
// first time and of the last cancellation.
func (x *xsub) subscribe(prefix string, subscribe bool) {
	first := byte(subscribeByte)
	if subscribe {
		x.counted[prefix]++
		if x.counted[prefix] > 1 {
			return
		}
		x.subs.add(prefix, x.self)
	} else {
		switch x.counted[prefix] {
		case 0:
			return
		case 1:
			first = cancelByte
			delete(x.counted, prefix)
			x.subs.remove(prefix, x.self)
		default:
			x.counted[prefix]--
			return
		}
	}
	for p := range x.s.pipes {
		if p.conn != nil {
			x.tell(p, first, prefix)
		}
	}
}

func (x *xsub) tell(p *pipe, first byte, prefix string) {
	x.s.control(p, appendMessage(nil, subscriptionFrame(first, prefix)))
}

func (x *xsub) topics() []string { return slices.Sorted(maps.Keys(x.counted)) }
