package zmtp

import (
	"fmt"
	"io"

	"github.com/go-zeromq/zmq4"
)

// The read buffer grows from the smaller to the larger size on a connection
// that fills it, so that an idle connection costs little and a busy one few
// system calls.
const (
	minBuffer = 4 << 10
	maxBuffer = 64 << 10
)

// frameSlab is how many frame slices are allocated together.
const frameSlab = 512

// frameCost is what a frame takes beside its body: it keeps a message of
// endless empty frames within the limit.
const frameCost = 32

// A Decoder reads the traffic of one connection after the handshake. Frames are
// slices of the buffer they were read into; the buffer is never written again.
// It is not safe for concurrent use.
type Decoder struct {
	r         io.Reader
	max       int64                                // bytes of a message, all frames
	onCommand func(name string, body []byte) error // may be nil

	buf        []byte
	start, end int // what is read but not decoded
	size       int // of the next buffer

	slab    [][]byte // room for frame slices
	partial [][]byte // frames of a message that is not whole yet
	got     int64    // their bytes
	frames  int64    // their number

	failed error // of a command: nothing comes after it
}

// NewDecoder returns a Decoder of what r gives. A message over maxMessage
// bytes, all its frames together, ends it with ErrTooLarge; 0 is no limit.
// Commands are handed to onCommand as they come, in the reading goroutine; an
// error of it ends the connection.
func NewDecoder(r io.Reader, maxMessage int64, onCommand func(name string, body []byte) error) *Decoder {
	return &Decoder{r: r, max: maxMessage, onCommand: onCommand, size: minBuffer}
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
		if msg, whole := d.frame(h, body); whole {
			dst = append(dst, msg)
		}
	}
	return dst, nil
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
	case d.frames*frameCost > d.max+maxHandshakeFrame:
		return fmt.Errorf("%w: more than %d frames", ErrTooLarge, d.frames)
	}
	return nil
}

// frame adds a body to the message it belongs to.
func (d *Decoder) frame(h head, body []byte) (msg zmq4.Msg, whole bool) {
	if d.partial == nil && !h.more() {
		if len(d.slab) == cap(d.slab) {
			d.slab = make([][]byte, 0, frameSlab)
		}
		n := len(d.slab)
		d.slab = append(d.slab, body)
		return zmq4.Msg{Frames: d.slab[n : n+1 : n+1]}, true
	}
	d.partial = append(d.partial, body)
	d.got += int64(h.size)
	d.frames++
	if h.more() {
		return zmq4.Msg{}, false
	}
	msg = zmq4.Msg{Frames: d.partial[:len(d.partial):len(d.partial)]}
	d.partial, d.got, d.frames = nil, 0, 0
	return msg, true
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
	if room := len(d.buf) - d.start; room < need || len(d.buf)-d.end < len(d.buf)/4 {
		for d.size < need {
			d.size *= 2
		}
		next := make([]byte, d.size)
		d.end = copy(next, pending)
		d.buf, d.start = next, 0
	}
	n, err := d.r.Read(d.buf[d.end:])
	d.end += n
	if d.end == len(d.buf) && d.size < maxBuffer {
		d.size *= 2
	}
	return readError(n, err)
}

// fillLarge reads a frame that no buffer holds, into memory of its own that
// grows with what has come and is never larger than twice that.
func (d *Decoder) fillLarge(h head, pending []byte) error {
	total := h.len + int(h.size)
	large := make([]byte, max(min(total, 4*maxBuffer), len(pending)))
	n := copy(large, pending)
	for n < total {
		if n == len(large) {
			grown := make([]byte, min(total, 2*len(large)))
			copy(grown, large)
			large = grown
		}
		m, err := d.r.Read(large[n:])
		n += m
		if err := readError(m, err); err != nil {
			d.buf, d.start, d.end = large, 0, n
			return err
		}
	}
	d.buf, d.start, d.end = large, 0, n
	return nil
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
