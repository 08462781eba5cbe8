package zmtp

import "github.com/go-zeromq/zmq4"

// A Run is whole messages in the order in which they came. Most lie one behind
// the other in the memory they were read into, and stay there as they are until
// someone takes them: so many bytes to wait in a queue, and nothing for the
// garbage collector to look at. A Run is not safe for concurrent use.
type Run struct {
	wire []byte // messages as they are on the wire, without commands
	n    int    // so many

	msgs []zmq4.Msg // or messages whose frames lie apart
}

// NewRun returns a Run of messages. It keeps the slice.
func NewRun(msgs []zmq4.Msg) Run { return Run{msgs: msgs} }

// Len returns how many messages there are.
func (r *Run) Len() int { return r.n + len(r.msgs) }

// Pop takes the first message; there must be one. Its frames slice is room's.
func (r *Run) Pop(room *Slab) zmq4.Msg {
	var one [1]zmq4.Msg
	r.Take(one[:], room)
	return one[0]
}

// Take moves messages to dst, as many as there are and fit, and returns their
// number. Their frames slices are room's.
func (r *Run) Take(dst []zmq4.Msg, room *Slab) (n int) {
	if r.msgs != nil {
		n = copy(dst, r.msgs)
		clear(r.msgs[:n])
		r.msgs = r.msgs[n:]
		return n
	}
	if !room.recycles {
		// Who keeps one message shall not keep what came long before it.
		room.slices = make([][]byte, 0, min(len(dst), r.n))
		defer func() { room.slices = nil }()
	}
	for n < len(dst) && r.n > 0 {
		if taken := r.takeShort(dst[n:], room); taken > 0 {
			n += taken
			continue
		}
		dst[n] = zmq4.Msg{Frames: r.takeAny(room)}
		n++
	}
	return n
}

// takeShort is Take for messages of one short frame, which most are and of which
// there may be many millions a second, up to the first that is none.
func (r *Run) takeShort(dst []zmq4.Msg, room *Slab) (n int) {
	wire := r.wire
	slab := room.slices
	for n < len(dst) && n < r.n && wire[0] == 0 && len(slab) < cap(slab) {
		end := shortHead + int(wire[1])
		at := len(slab)
		slab = append(slab, wire[shortHead:end:end])
		dst[n] = zmq4.Msg{Frames: slab[at : at+1 : at+1]}
		wire = wire[end:]
		n++
	}
	room.slices = slab
	r.wire = wire
	r.n -= n
	return n
}

// takeAny takes the first message, whatever it is.
func (r *Run) takeAny(room *Slab) [][]byte {
	frames, size := message(r.wire)
	slices := room.take(frames, size)
	for i := range slices {
		slices[i], r.wire = firstFrame(r.wire)
	}
	r.n--
	return slices
}

// Messages takes all messages.
func (r *Run) Messages() []zmq4.Msg {
	if r.msgs != nil {
		msgs := r.msgs
		r.msgs = nil
		return msgs
	}
	msgs := make([]zmq4.Msg, r.n)
	r.Take(msgs, &Slab{})
	return msgs
}

// Filter gives emit the messages of whose first frame keep says yes, in order and
// as few runs as they can be, and leaves none.
func (r *Run) Filter(keep func(first []byte) bool, emit func(Run)) {
	if r.msgs != nil {
		kept := r.msgs[:0]
		for _, m := range r.msgs {
			if keep(m.Frames[0]) {
				kept = append(kept, m)
			}
		}
		if len(kept) > 0 {
			emit(Run{msgs: kept})
		}
		*r = Run{}
		return
	}
	wire, from, n := r.wire, r.wire, 0
	flush := func() {
		if n > 0 {
			emit(Run{wire: from[: len(from)-len(wire) : len(from)-len(wire)], n: n})
		}
	}
	for ; r.n > 0; r.n-- {
		first, _ := firstFrame(wire)
		_, size := message(wire)
		if keep(first) {
			wire = wire[size:]
			n++
			continue
		}
		flush()
		wire = wire[size:]
		from, n = wire, 0
	}
	flush()
	*r = Run{}
}

// firstFrame parts the body of the first frame from what follows it. wire must
// hold whole frames.
func firstFrame(wire []byte) (body, rest []byte) {
	h, _, _ := parseHead(wire)
	end := h.len + int(h.size)
	return wire[h.len:end:end], wire[end:]
}

// message gives how many frames the first message has, and how many bytes on the
// wire.
func message(wire []byte) (frames, size int) {
	for more := true; more; frames++ {
		var total int
		total, more = FrameLen(wire[size:])
		size += total
	}
	return frames, size
}

// The slices of frames are allocated together; those of messages over ownSlab
// bytes are not, unless they are recycled, for a slab keeps alive what any of its
// slices points to.
const (
	slabSize = 512
	ownSlab  = 4 << 10
)

// A Slab is room for the frames slices of messages. The zero value is ready for
// use. It is not safe for concurrent use.
type Slab struct {
	slices   [][]byte
	recycles bool
}

// take gives the frames slice for a message of size bytes.
func (s *Slab) take(frames, size int) [][]byte {
	if size >= ownSlab && !s.recycles {
		return make([][]byte, frames)
	}
	at := len(s.slices)
	if cap(s.slices)-at < frames {
		s.slices = make([][]byte, 0, max(slabSize, frames, min(2*cap(s.slices), maxSlab)))
		at = 0
	}
	s.slices = s.slices[:at+frames]
	return s.slices[at : at+frames : at+frames]
}

// maxSlab bounds how large a slab becomes for its own sake.
const maxSlab = 8 << 10

// Recycle says that nobody looks any more at any frames slice taken so far.
func (s *Slab) Recycle() {
	clear(s.slices)
	s.slices = s.slices[:0]
	s.recycles = true
}
