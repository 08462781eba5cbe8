package zmtp

import (
	"fmt"
	"io"
	"slices"

	"github.com/go-zeromq/zmq4"
)

// The read buffer grows from the smaller to the larger size on a connection
// that fills it, so that an idle connection costs little and a busy one few
// system calls.
const (
	minBuffer = 4 << 10
	maxBuffer = 256 << 10
)

// peek is what is read behind a large frame: another is likely to follow, of
// which little shall come into a buffer that does not hold it.
const peek = 8 << 10

// Frame slices are allocated together, the more the more come at a time.
const (
	minSlab = 32
	maxSlab = 1024
)

// ownSlab is the size of the messages whose frame slices lie alone: a slab keeps
// alive what any of its slices points to.
const ownSlab = 4 << 10

// frameCost is what a frame takes beside its body: it keeps a message of
// endless empty frames within the limit.
const frameCost = 32

// A Decoder reads the traffic of one connection after the handshake. Frames are
// slices of the buffer they were read into, which is not written again until
// whoever took its block by Retired frees it. It is not safe for concurrent use.
type Decoder struct {
	r         io.Reader
	max       int64                                // bytes of a message, all frames
	onCommand func(name string, body []byte) error // may be nil

	block      *Block // that buf is of
	buf        []byte
	start, end int // what is read but not decoded
	size       int // of the next buffer

	aside   *Block // the buffer that a large frame began in
	asideAt int    // from where on it is free
	peeks   bool   // the last frame was large

	slab     *Block // room for frame slices
	slabSize int    // of the next one
	slabNew  bool   // it was made for what the last read brought
	first    int    // of the message that is not whole yet, in slab
	got      int64  // the bytes of its frames

	retired []*Block // nothing more will lie in them
	free    int      // so many of them hold nothing of the unfinished message

	failed error // of a command: nothing comes after it
}

// NewDecoder returns a Decoder of what r gives. A message over maxMessage
// bytes, all its frames together, ends it with ErrTooLarge; 0 is no limit.
// Commands are handed to onCommand as they come, in the reading goroutine; an
// error of it ends the connection.
func NewDecoder(r io.Reader, maxMessage int64, onCommand func(name string, body []byte) error) *Decoder {
	return &Decoder{r: r, max: maxMessage, onCommand: onCommand, size: minBuffer, slabSize: minSlab}
}

// Decode appends to dst the whole messages that have been read, up to limit of
// them. Where none is there it reads first, and waits until one is; what the
// read brought together is returned together. An error comes only when no
// message is left to return, and stays.
func (d *Decoder) Decode(dst []zmq4.Msg, limit int) ([]zmq4.Msg, error) {
	had := len(dst)
	for {
		var err error
		dst, err = d.decodeBuffered(dst, had+limit)
		if len(dst) > had {
			return dst, nil
		}
		if err != nil {
			return dst, err
		}
		if err := d.fill(); err != nil {
			return dst, err
		}
	}
}

// Buffered appends to dst every whole message that needs no further read.
func (d *Decoder) Buffered(dst []zmq4.Msg) ([]zmq4.Msg, error) {
	const all = int(^uint(0) >> 1)
	return d.decodeBuffered(dst, all)
}

func (d *Decoder) decodeBuffered(dst []zmq4.Msg, limit int) ([]zmq4.Msg, error) {
	if d.failed != nil {
		return dst, d.failed
	}
	for len(dst) < limit {
		dst = d.decodeShort(dst, limit)
		if len(dst) == limit {
			break
		}
		h, ok, err := parseHead(d.buf[d.start:d.end])
		if err != nil || !ok {
			return dst, err
		}
		if err := d.check(h); err != nil {
			return dst, err
		}
		bodyAt := d.start + h.len
		if h.size > uint64(d.end-bodyAt) {
			return dst, nil
		}
		bodyEnd := bodyAt + int(h.size)
		body := d.buf[bodyAt:bodyEnd:bodyEnd]
		d.start = bodyEnd
		if h.command() {
			if d.failed = d.command(h, body); d.failed != nil {
				return dst, d.failed
			}
			continue
		}
		d.frame(body)
		if h.more() {
			continue
		}
		dst = append(dst, zmq4.Msg{Frames: d.whole()})
	}
	return dst, nil
}

// decodeShort decodes messages of one short frame, which most are and of which
// there may be many millions a second, up to the first that is none.
func (d *Decoder) decodeShort(dst []zmq4.Msg, limit int) []zmq4.Msg {
	if d.unfinished() > 0 || d.slab == nil || 0 < d.max && d.max < MaxShort {
		return dst
	}
	buf, slab := d.buf[d.start:d.end], d.slab.slab
	dst = slices.Grow(dst, min(limit-len(dst), len(buf)/usualShort+1))
	for len(dst) < limit && len(slab) < cap(slab) && len(buf) >= shortHead && buf[0] == 0 {
		end := shortHead + int(buf[1])
		if end > len(buf) {
			break
		}
		n := len(slab)
		slab = append(slab, buf[shortHead:end:end])
		dst = append(dst, zmq4.Msg{Frames: slab[n : n+1 : n+1]})
		buf = buf[end:]
	}
	d.start = d.end - len(buf)
	d.slab.slab, d.first = slab, len(slab)
	return dst
}

// usualShort is about what a short message takes.
const usualShort = 24

// whole gives the frames of the message that the last frame finished.
func (d *Decoder) whole() [][]byte {
	slab := d.slab.slab
	frames := slab[d.first:len(slab):len(slab)]
	if d.got < ownSlab {
		d.first, d.got = len(slab), 0
		return frames
	}
	own := slices.Clone(frames)
	clear(frames)
	d.slab.slab, d.got = slab[:d.first], 0
	return own
}

// frame adds a body to the message it belongs to.
func (d *Decoder) frame(body []byte) {
	if d.slab == nil || len(d.slab.slab) == cap(d.slab.slab) {
		d.nextSlab()
	}
	if len(d.slab.slab) == d.first {
		d.free = len(d.retired)
	}
	d.slab.slab = append(d.slab.slab, body)
	d.got += int64(len(body))
}

// nextSlab makes room for frame slices; those of one message stay together.
func (d *Decoder) nextSlab() {
	var begun [][]byte
	if d.slab != nil {
		begun = d.slab.slab[d.first:]
	}
	if d.slabNew && d.slabSize < maxSlab {
		d.slabSize *= 2
	}
	d.slabNew = true
	next := newSlab(max(d.slabSize, 2*len(begun)))
	next.slab = append(next.slab, begun...)
	if d.slab != nil {
		d.retire(d.slab)
	}
	d.slab, d.first = next, 0
}

// unfinished gives how many frames there are of a message that is not whole.
func (d *Decoder) unfinished() int {
	if d.slab == nil {
		return 0
	}
	return len(d.slab.slab) - d.first
}

func (d *Decoder) retire(b *Block) { d.retired = append(d.retired, b) }

// Retired appends to dst the blocks that hold nothing but messages which were
// returned before, and hands them over to be freed. Without it they are left to
// the garbage collector.
func (d *Decoder) Retired(dst []*Block) []*Block {
	n := len(d.retired)
	if d.unfinished() > 0 {
		n = d.free
	}
	dst = append(dst, d.retired[:n]...)
	rest := copy(d.retired, d.retired[n:])
	clear(d.retired[rest:])
	d.retired, d.free = d.retired[:rest], 0
	return dst
}

// check refuses a frame before its body is read, let alone allocated.
func (d *Decoder) check(h head) error {
	const absurd = 1 << 62
	size := int64(min(h.size, absurd))
	switch {
	case h.size > absurd, int64(int(size)) != size:
		return fmt.Errorf("%w: a frame of %d bytes is announced", ErrTooLarge, h.size)
	case h.command() && h.size > maxHandshakeFrame:
		return fmt.Errorf("%w: a command of %d bytes", ErrProtocol, h.size)
	case h.command() || d.max <= 0:
		return nil
	case size > d.max-d.got:
		return fmt.Errorf("%w: %d bytes or more, %d are allowed", ErrTooLarge, d.got+size, d.max)
	case int64(d.unfinished())*frameCost > d.max+maxHandshakeFrame:
		return fmt.Errorf("%w: more than %d frames", ErrTooLarge, d.unfinished())
	}
	return nil
}

// command splits a command's name from its body (RFC 23, "Commands").
func (d *Decoder) command(h head, body []byte) error {
	if h.more() || len(body) == 0 || int(body[0]) > len(body)-1 {
		return fmt.Errorf("%w: a malformed command", ErrProtocol)
	}
	if d.onCommand == nil {
		return nil
	}
	nameEnd := 1 + int(body[0])
	return d.onCommand(string(body[1:nameEnd]), body[nameEnd:])
}

// fill reads once, into a new buffer where the old one has no room for what is
// to come.
func (d *Decoder) fill() error {
	pending := d.buf[d.start:d.end]
	h, ok, _ := parseHead(pending)
	if ok && h.len+int(h.size) > maxBuffer {
		return d.fillLarge(h, pending)
	}
	need := longHead
	if ok {
		need = h.len + int(h.size)
	}
	d.resume()
	if room := len(d.buf) - d.start; room < need || len(d.buf)-d.end < len(d.buf)/4 {
		for d.size < need {
			d.size *= 2
		}
		d.swap(newBuffer(d.size), pending)
	}
	room := d.buf[d.end:]
	if d.peeks {
		room = room[:min(len(room), peek)]
	}
	d.peeks, d.slabNew = false, false
	n, err := d.r.Read(room)
	d.end += n
	if d.end == len(d.buf) && d.size < maxBuffer {
		d.size *= 2
	}
	return readError(n, err)
}

// swap goes on in another block, with the bytes that are pending in its front.
func (d *Decoder) swap(next *Block, pending []byte) {
	next.buf = next.buf[:cap(next.buf)]
	n := copy(next.buf, pending)
	if d.block != nil {
		d.retire(d.block)
	}
	d.block, d.buf, d.start, d.end = next, next.buf, 0, n
}

// resume goes back, from a block that a large frame filled, to the one that it
// began in.
func (d *Decoder) resume() {
	if d.aside == nil || d.start < d.end {
		return
	}
	d.retire(d.block)
	d.block, d.buf = d.aside, d.aside.buf
	d.start, d.end = d.asideAt, d.asideAt
	d.aside, d.peeks = nil, true
}

// fillLarge reads a frame that no buffer holds, into a block of its own that
// grows with what has come and is never larger than five times that, unless there
// is one to use again.
func (d *Decoder) fillLarge(h head, pending []byte) error {
	total := h.len + int(h.size)
	large := usedBuffer(total)
	if large == nil {
		large = newBuffer(max(min(total, 2*maxBuffer), len(pending)))
	}
	if d.aside == nil && d.block != nil {
		d.aside, d.asideAt, d.block = d.block, d.start, nil
	}
	d.swap(large, pending)
	for d.end < total {
		if d.end == len(d.buf) {
			d.grow(total)
		}
		n, err := d.r.Read(d.buf[d.end:min(total, len(d.buf))])
		d.end += n
		if err := readError(n, err); err != nil {
			return err
		}
	}
	return nil
}

// grow moves what a block holds, which no message has any of, to a larger one:
// of twice the size, or of all that is announced when a fifth has come. All the
// blocks of a frame together so take little more than half its size beside it.
func (d *Decoder) grow(total int) {
	size := 2 * len(d.buf)
	if total <= 5*len(d.buf) {
		size = total
	}
	larger := newBuffer(size)
	larger.buf = larger.buf[:cap(larger.buf)]
	copy(larger.buf, d.buf[:d.end])
	d.block.Free()
	d.block, d.buf = larger, larger.buf
}

// readError holds back an error that came together with bytes: the next read
// meets it again.
func readError(n int, err error) error {
	switch {
	case n > 0:
		return nil
	case err == nil:
		return io.ErrNoProgress
	}
	return err
}
