package patterns

import (
	"sync"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// CopiedBody is the length from which on a body is not copied when it is queued:
// it is written from where it is, and must stay what it is until then. Shorter
// ones share the memory that one write takes. A REQ keeps all of its request.
const CopiedBody = 4 << 10

const (
	segmentSize = 64 << 10
	// writeSize is what one write takes from a queue, about: the sender gets
	// room in its queue again before a long queue is written whole.
	writeSize = 512 << 10
)

var segmentPool = sync.Pool{New: func() any { b := make([]byte, 0, segmentSize); return &b }}

// A segment is a run of bytes as ZMTP has them on the wire. The heads of frames
// are always whole in a segment of our own; a body is either behind its head or
// a segment of its own that belongs to the message.
type segment struct {
	buf  []byte
	own  *[]byte // the pooled buffer under buf; nil when buf is a message's
	msgs int     // that end in this segment
	open bool    // the last message goes on in the next segment
}

func newSegment() segment {
	own := segmentPool.Get().(*[]byte)
	return segment{buf: (*own)[:0], own: own}
}

func (g *segment) free() {
	if g.own != nil {
		segmentPool.Put(g.own)
	}
}

// An outbox is the queue of what is to be written to one peer. Its owner's lock
// guards it.
type outbox struct {
	control []byte        // goes first: subscriptions, PONG
	queue   ring[segment] // whole messages in order
	flight  []segment     // taken by the writer, written or not
	msgs    int           // in queue and flight
	flying  int           // in flight
	doomed  bool          // what is in flight is not to be sent again
}

func (o *outbox) empty() bool { return o.queue.len() == 0 && len(o.control) == 0 }

// push queues a message; envelope, where there is one, goes in front of it.
func (o *outbox) push(envelope, frames [][]byte) {
	last := len(envelope) + len(frames) - 1
	for i, body := range envelope {
		o.pushFrame(body, i < last)
	}
	for i, body := range frames {
		o.pushFrame(body, len(envelope)+i < last)
	}
	tail := o.queue.back()
	tail.open = false
	tail.msgs++
	o.msgs++
}

// pushBatch is push for each of msgs.
func (o *outbox) pushBatch(msgs []zmq4.Msg) {
	for len(msgs) > 0 {
		n := o.pushShort(msgs)
		if n == 0 {
			o.push(nil, msgs[0].Frames)
			n = 1
		}
		msgs = msgs[n:]
	}
}

// pushShort queues the first of msgs, as many as are of one short frame and fit
// into the last segment: what most messages are, and most of the work.
func (o *outbox) pushShort(msgs []zmq4.Msg) (n int) {
	if o.queue.len() == 0 {
		return 0
	}
	tail := o.queue.back()
	if tail.own == nil {
		return 0
	}
	buf := tail.buf
	for n < len(msgs) && len(msgs[n].Frames) == 1 {
		body := msgs[n].Frames[0]
		if len(body) > zmtp.MaxShort || cap(buf)-len(buf) < len(body)+shortHead {
			break
		}
		buf = append(buf, 0, byte(len(body)))
		buf = append(buf, body...)
		n++
	}
	tail.buf = buf
	tail.msgs += n
	o.msgs += n
	return n
}

// shortHead is the length of the head of a frame of at most zmtp.MaxShort bytes.
const shortHead = 2

// pushFrame leaves the segment that the frame ends in open: push closes it.
func (o *outbox) pushFrame(body []byte, more bool) {
	var flags byte
	if more {
		flags = zmtp.FlagMore
	}
	const head = 9
	inline := len(body) < CopiedBody
	need := head
	if inline {
		need += len(body)
	}
	if o.queue.len() == 0 || o.queue.back().own == nil || cap(o.queue.back().buf)-len(o.queue.back().buf) < need {
		o.queue.push(newSegment())
	}
	tail := o.queue.back()
	tail.buf = zmtp.AppendHead(tail.buf, flags, len(body))
	tail.open = true
	if inline {
		tail.buf = append(tail.buf, body...)
		return
	}
	o.queue.push(segment{buf: body, open: true})
}

// take moves what the next write shall carry into flight and returns its
// buffers, control first, appended to dst. It takes whole messages: what a
// broken connection got the first part of is sent again from its start, and
// control bytes never come inside a message.
func (o *outbox) take(dst [][]byte) [][]byte {
	if len(o.control) > 0 {
		dst = append(dst, o.control)
		o.control = nil
	}
	for size, open := 0, false; o.queue.len() > 0 && (open || size < writeSize); {
		g := o.queue.pop()
		size += len(g.buf)
		open = g.open
		o.flying += g.msgs
		o.flight = append(o.flight, g)
		dst = append(dst, g.buf)
	}
	return dst
}

// written tells that all that was taken was written.
func (o *outbox) written() (msgs int) {
	for i := range o.flight {
		msgs += o.flight[i].msgs
		o.flight[i].free()
		o.flight[i] = segment{}
	}
	o.flight, o.doomed = o.flight[:0], false
	o.msgs -= msgs
	o.flying = 0
	return msgs
}

// cut tells that only n bytes of what was in flight were written. The messages
// that went out whole are gone; the others are in the queue again, in front.
func (o *outbox) cut(n int) (msgs int) {
	if o.doomed {
		return o.written()
	}
	at, off, done := 0, 0, 0 // the first message that did not go out whole
	for i, pos, walked := 0, 0, 0; i < len(o.flight); {
		total, more := zmtp.FrameLen(o.flight[i].buf[pos:])
		walked += total
		if walked > n {
			break
		}
		pos += total
		if over := pos - len(o.flight[i].buf); over > 0 { // the body is the next segment
			i++
			pos = over
		}
		if pos == len(o.flight[i].buf) {
			i, pos = i+1, 0
		}
		if !more {
			at, off, done = i, pos, done+1
		}
	}
	o.requeue(at, off, done)
	o.msgs -= done
	o.flying = 0
	return done
}

// requeue puts what is in flight from byte off of segment at onwards in front
// of the queue. skipped messages ended before it.
func (o *outbox) requeue(at, off, skipped int) {
	var back ring[segment]
	for i, g := range o.flight {
		if i < at {
			skipped -= g.msgs
			g.free()
			continue
		}
		if i == at {
			// The buffer no longer starts where its pool gave it out, but
			// own still does.
			g.buf = g.buf[off:]
			g.msgs -= skipped
		}
		back.push(g)
	}
	for o.queue.len() > 0 {
		back.push(o.queue.pop())
	}
	o.queue, o.flight = back, nil
}

// takeAll moves every message of from behind those of o. Nothing of from may be
// in flight.
func (o *outbox) takeAll(from *outbox) {
	for from.queue.len() > 0 {
		o.queue.push(from.queue.pop())
	}
	o.msgs += from.msgs
	from.msgs = 0
}

// clear drops all that is queued and not in flight, and says how many messages
// that were.
func (o *outbox) clear() (msgs int) {
	for o.queue.len() > 0 {
		g := o.queue.pop()
		msgs += g.msgs
		g.free()
	}
	o.msgs -= msgs
	o.control = nil
	return msgs
}
