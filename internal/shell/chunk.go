package shell

import "io"

const (
	// chunkSize is what a pipe holds on Linux, so one read can take all of it.
	chunkSize = 64 << 10
	// minRead keeps the tail of a chunk from being filled in many tiny reads.
	minRead = 4 << 10
	// maxEmptyReads is how often a reader may return nothing before it counts as broken.
	maxEmptyReads = 100
)

// A chunkReader reads ahead in chunks whose bytes are not written again, so that
// slices of them may be handed out for good, unless recycle allows it. A chunk
// grows only with what was read and not yet taken.
type chunkReader struct {
	r    io.Reader
	buf  []byte
	pos  int   // buf[pos:] was read and not yet taken
	lent bool  // somebody may have a slice of what was taken
	kept bool  // likewise, and it was not to be recycled
	err  error // what ended reading
}

// pending returns what was read and not yet taken.
func (c *chunkReader) pending() []byte { return c.buf[c.pos:] }

// take marks the first n pending bytes as handed out.
func (c *chunkReader) take(n int) { c.pos, c.lent = c.pos+n, true }

// recycle says that nobody looks any more at what was taken so far, and was not
// kept.
func (c *chunkReader) recycle() { c.lent = c.kept }

// keep exempts what was taken so far from being recycled.
func (c *chunkReader) keep() { c.kept = true }

// fill reads once, at least one byte unless c.err is set by it.
func (c *chunkReader) fill() {
	if cap(c.buf)-len(c.buf) < minRead {
		c.renew()
	}
	for range maxEmptyReads {
		n, err := c.r.Read(c.buf[len(c.buf):cap(c.buf)])
		c.buf = c.buf[:len(c.buf)+n]
		c.err = err
		if n > 0 || err != nil {
			return
		}
	}
	c.err = io.ErrNoProgress
}

// renew moves the pending bytes into a new chunk, twice their size if they are many.
func (c *chunkReader) renew() {
	pending := c.pending()
	if !c.lent && cap(c.buf) >= chunkSize && len(pending) <= cap(c.buf)/2 {
		c.buf, c.pos = c.buf[:copy(c.buf, pending)], 0
		return
	}
	next := make([]byte, len(pending), max(chunkSize, 2*len(pending)))
	copy(next, pending)
	c.buf, c.pos, c.lent, c.kept = next, 0, false, false
}
