package zmtp

import "io"

// The buffer grows from the smaller to the larger size on a connection that fills
// it, so that an idle connection costs little and a busy one few system calls.
const (
	minBuffer = 4 << 10
	maxBuffer = 256 << 10
)

// peek is what is read behind a large frame: another is likely to follow, of
// which little shall come into a buffer that does not hold it.
const peek = 8 << 10

// A buffer reads into blocks that are never written again where they were read
// into.
type buffer struct {
	r     io.Reader
	block *Block // that buf is of
	buf   []byte
	size  int // of the next block

	start int // up to here all was handed out
	scan  int // up to here all was looked at
	end   int // up to here all was read

	aside   *Block // the block that a large frame began in
	asideAt int    // from where on it is free
	peeks   bool   // the last frame was large

	retired []*Block // nothing more will lie in them
	free    int      // so many of them hold nothing of an unfinished message
}

// read reads once, into a new block where the old one has no room for need bytes
// from scan on.
func (b *buffer) read(need int) error {
	b.resume()
	kept := b.scan - b.start
	if len(b.buf)-b.scan < need || len(b.buf)-b.end < len(b.buf)/4 {
		for b.size < kept+need || b.size < 2*(b.end-b.start) && b.size < maxBuffer {
			b.size *= 2
		}
		b.swap(newBuffer(b.size))
	}
	room := b.buf[b.end:]
	if b.peeks {
		room = room[:min(len(room), peek)]
	}
	b.peeks = false
	n, err := b.r.Read(room)
	b.end += n
	if b.end == len(b.buf) && b.size < maxBuffer {
		b.size *= 2
	}
	return readError(n, err)
}

// swap goes on in another block, with what was not handed out in its front.
func (b *buffer) swap(next *Block) {
	next.buf = next.buf[:cap(next.buf)]
	n := copy(next.buf, b.buf[b.start:b.end])
	b.retire()
	b.block, b.buf = next, next.buf
	b.start, b.scan, b.end = 0, b.scan-b.start, n
}

// retire is done with a block. One that no message was given out of, as when a
// peer sends commands without end, is free at once.
func (b *buffer) retire() {
	switch {
	case b.block == nil:
	case b.block.lent:
		b.retired = append(b.retired, b.block)
	default:
		b.block.Free()
	}
}

// resume goes back, from a block that a large frame filled, to the one that it
// began in.
func (b *buffer) resume() {
	if b.aside == nil || b.start < b.end {
		return
	}
	b.retire()
	b.block, b.buf = b.aside, b.aside.buf
	b.start, b.scan, b.end = b.asideAt, b.asideAt, b.asideAt
	b.aside, b.peeks = nil, true
}

// readLarge reads a frame that no buffer holds, into a block of its own that
// grows with what has come and is never larger than five times that, unless there
// is one to use again. Nothing may lie between start and scan.
func (b *buffer) readLarge(total int) error {
	large := usedBuffer(total)
	if large == nil {
		large = newBuffer(max(min(total, 2*maxBuffer), b.end-b.start))
	}
	if b.aside == nil && b.block != nil {
		b.aside, b.asideAt, b.block = b.block, b.start, nil
	}
	b.swap(large)
	for b.end < total {
		if b.end == len(b.buf) {
			b.grow(total)
		}
		n, err := b.r.Read(b.buf[b.end:min(total, len(b.buf))])
		b.end += n
		if err := readError(n, err); err != nil {
			return err
		}
	}
	return nil
}

// grow moves what a block holds, which no message has any of, to a larger one:
// of twice the size, or of all that is announced when a fifth has come. All the
// blocks of a frame together so take little more than half its size beside it.
func (b *buffer) grow(total int) {
	size := 2 * len(b.buf)
	if total <= 5*len(b.buf) {
		size = total
	}
	larger := newBuffer(size)
	larger.buf = larger.buf[:cap(larger.buf)]
	copy(larger.buf, b.buf[:b.end])
	b.block.Free()
	b.block, b.buf = larger, larger.buf
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
