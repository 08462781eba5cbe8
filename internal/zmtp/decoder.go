package zmtp

import (
	"fmt"
	"io"
)

// frameCost is what a frame takes beside its body: it keeps a message of
// endless empty frames within the limit.
const frameCost = 32

// MaxFrames is how many frames a message may have, whatever the limit of its
// bytes: a million empty frames are two megabytes on the wire, and many times as
// much for who takes the message.
const MaxFrames = 1 << 20

// A Decoder reads the traffic of one connection after the handshake. Messages
// stay in the buffer they were read into, which is not written again until
// whoever took its block by Retired frees it. It is not safe for concurrent use.
type Decoder struct {
	max       int64                                // bytes of a message, all frames
	onCommand func(name string, body []byte) error // may be nil
	buffer

	// The message that is not whole yet. Its frames lie from start to scan, behind
	// those that have been taken out.
	got    int64 // the bytes of their bodies
	frames int
	apart  [][]byte // pieces of the wire, whole frames each
	ours   bool     // the last piece is a copy that can be added to

	failed error // of a command: nothing comes after it
}

// NewDecoder returns a Decoder of what r gives. A message over maxMessage
// bytes, all its frames together, ends it with ErrTooLarge; 0 is no limit. So
// does one of more than MaxFrames frames.
// Commands are handed to onCommand as they come, in the reading goroutine; an
// error of it ends the connection.
func NewDecoder(r io.Reader, maxMessage int64, onCommand func(name string, body []byte) error) *Decoder {
	return &Decoder{max: maxMessage, onCommand: onCommand, buffer: buffer{r: r, size: minBuffer}}
}

// Read returns whole messages that have been read, up to limit of them. Where
// none is there it reads first, and waits until one is; what the read brought
// together is returned together, as far as no command parts it. An error comes
// only when no message is left to return, and stays.
func (d *Decoder) Read(limit int) (Run, error) {
	for {
		run, err := d.scanned(limit)
		if run.Len() > 0 || err != nil {
			return run, err
		}
		if err := d.fill(); err != nil {
			return Run{}, err
		}
	}
}

// Buffered is Read that returns an empty Run instead of reading.
func (d *Decoder) Buffered() (Run, error) {
	const all = int(^uint(0) >> 1)
	return d.scanned(all)
}

// scanned gives the first run of messages that is in the buffer.
func (d *Decoder) scanned(limit int) (Run, error) {
	if d.failed != nil {
		return Run{}, d.failed
	}
	from, n := d.start, 0
	for n < limit {
		if d.frames == 0 {
			n += d.scanShort(limit - n)
		}
		h, ok, err := parseHead(d.buf[d.scan:d.end])
		if err == nil && ok {
			err = d.check(h)
		}
		if n > 0 && (err != nil || !ok || n == limit || h.command()) {
			break
		}
		if err != nil || !ok || h.size > uint64(d.end-d.scan-h.len) {
			if n > 0 {
				break
			}
			return Run{}, err
		}
		if h.command() {
			if d.failed = d.command(h); d.failed != nil {
				return Run{}, d.failed
			}
			from = d.start
			continue
		}
		d.frame(h)
		if h.more() {
			continue
		}
		if d.apart != nil {
			return d.assembled(), nil
		}
		d.start, d.got, d.frames = d.scan, 0, 0
		n++
	}
	if n > 0 {
		d.block.lent = true
	}
	// What follows the messages in the block is not theirs to append to.
	return Run{wire: d.buf[from:d.start:d.start], n: n}, nil
}

// scanShort passes over messages of one short frame, which most are, up to the
// first that is none.
func (d *Decoder) scanShort(limit int) (n int) {
	if 0 < d.max && d.max < MaxShort {
		return 0
	}
	buf := d.buf[d.scan:d.end]
	at := 0
	for n < limit && len(buf)-at >= shortHead && buf[at] == 0 {
		next := at + shortHead + int(buf[at+1])
		if next > len(buf) {
			break
		}
		at = next
		n++
	}
	d.scan += at
	d.start = d.scan
	return n
}

// frame passes over a frame that is there.
func (d *Decoder) frame(h head) {
	d.scan += h.len + int(h.size)
	d.got += int64(h.size)
	d.frames++
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
	case h.command():
		return nil
	case d.frames == MaxFrames:
		return fmt.Errorf("%w: more than %d frames", ErrTooLarge, d.frames)
	case d.max <= 0:
		return nil
	case size > d.max-d.got:
		return fmt.Errorf("%w: %d bytes or more, %d are allowed", ErrTooLarge, d.got+size, d.max)
	case int64(d.frames)*frameCost > d.max+maxHandshakeFrame:
		return fmt.Errorf("%w: more than %d frames", ErrTooLarge, d.frames)
	}
	return nil
}

// command hands on a command that is there: its name and its body (RFC 23,
// "Commands").
func (d *Decoder) command(h head) error {
	d.takeApart()
	body := d.buf[d.scan+h.len : d.scan+h.len+int(h.size)]
	d.scan += h.len + int(h.size)
	d.start = d.scan
	if h.more() || len(body) == 0 || int(body[0]) > len(body)-1 {
		return fmt.Errorf("%w: a malformed command", ErrProtocol)
	}
	if d.onCommand == nil {
		return nil
	}
	nameEnd := 1 + int(body[0])
	return d.onCommand(string(body[1:nameEnd]), body[nameEnd:])
}

// fill reads once, or until a large frame is there.
func (d *Decoder) fill() error {
	// What is unfinished is moved whenever the buffer is changed for another.
	if d.scan-d.start > maxBuffer/2 {
		d.takeApart()
	}
	need := longHead
	if h, ok, _ := parseHead(d.buf[d.scan:d.end]); ok {
		need = h.len + int(h.size)
	}
	if need > maxBuffer {
		d.takeApart()
		return d.readLarge(need)
	}
	return d.read(need)
}

// Retired appends to dst the blocks that hold nothing but messages which were
// returned before, and hands them over to be freed. Without it they are left to
// the garbage collector.
func (d *Decoder) Retired(dst []*Block) []*Block {
	n := len(d.retired)
	if d.apart != nil {
		n = d.free
	}
	dst = append(dst, d.retired[:n]...)
	rest := copy(d.retired, d.retired[n:])
	clear(d.retired[rest:])
	d.retired, d.free = d.retired[:rest], 0
	return dst
}
