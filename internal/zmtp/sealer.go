package zmtp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
)

// sealedWrite is what is sealed before it is written, about.
const sealedWrite = 128 << 10

// errNotWhole tells that what was to be sealed was not whole frames.
var errNotWhole = fmt.Errorf("%w: what is to be sealed is not whole frames", ErrProtocol)

var errNoncesSpent = errors.New("all CURVE nonces of this connection are used")

// A sealer seals what is written. Its buffers are kept from one write to the
// next, unless they had to hold a large frame.
type sealer struct {
	key   *sharedKey
	nonce [nonceLen]byte // of which the last 8 bytes count
	n     uint64
	clear []byte // flags and body of one frame
	out   []byte // sealed frames
	done  int64  // bytes of the frames in the clear that are written
	held  int64  // and of those in out
	err   error  // ends it, and stays: what the peer has is not whole frames
}

// write seals the frames that bufs hold together.
func (s *sealer) write(w io.Writer, bufs net.Buffers) (int64, error) {
	s.out, s.done, s.held = s.out[:0], 0, 0
	if s.err != nil {
		return 0, s.err
	}
	for c := (cursor{bufs: bufs}); !c.atEnd(); {
		if s.err = s.frame(&c); s.err != nil {
			return s.done, s.err
		}
		if len(s.out) >= sealedWrite || c.atEnd() {
			if s.err = s.flush(w); s.err != nil {
				return s.done, s.err
			}
		}
	}
	s.shrink()
	return s.done, nil
}

// frame seals the frame at c into out.
func (s *sealer) frame(c *cursor) error {
	h, ok, err := parseHead(c.rest())
	if err != nil || !ok {
		return errNotWhole
	}
	if s.n == math.MaxUint64 {
		return errNoncesSpent
	}
	c.skip(h.len)
	s.clear = c.append(append(s.clear[:0], innerFlags(h)), int(min(h.size, math.MaxInt)))
	if uint64(len(s.clear)-1) != h.size {
		return errNotWhole
	}
	s.n++
	binary.BigEndian.PutUint64(s.nonce[nonceLen-shortNonceLen:], s.n)
	s.out = AppendHead(s.out, 0, int(h.size)+sealedMore)
	s.out = append(s.out, messageName...)
	s.out = append(s.out, s.nonce[nonceLen-shortNonceLen:]...)
	s.out = s.key.seal(s.out, s.clear, &s.nonce)
	s.held += int64(h.len) + int64(h.size)
	return nil
}

func innerFlags(h head) (flags byte) {
	if h.more() {
		flags |= innerMore
	}
	if h.command() {
		flags |= innerCommand
	}
	return flags
}

// flush writes what is sealed. Of a write that was cut short it counts the frames
// that went out whole.
func (s *sealer) flush(w io.Writer) error {
	n, err := w.Write(s.out)
	if err != nil {
		s.done += clearLen(s.out[:n])
		return err
	}
	s.done += s.held
	s.out, s.held = s.out[:0], 0
	return nil
}

// clearLen gives how long the whole frames at the start of sealed are in the
// clear.
func clearLen(sealed []byte) (n int64) {
	for {
		h, ok, _ := parseHead(sealed)
		if !ok || uint64(len(sealed)-h.len) < h.size {
			return n
		}
		body := int(h.size) - sealedMore
		n += int64(headLen(body)) + int64(body)
		sealed = sealed[h.len+int(h.size):]
	}
}

func headLen(body int) int {
	if body <= MaxShort {
		return shortHead
	}
	return longHead
}

// shrink gives up buffers that a large frame left behind.
func (s *sealer) shrink() {
	if cap(s.clear) > 2*sealedWrite {
		s.clear = nil
	}
	if cap(s.out) > 4*sealedWrite {
		s.out = nil
	}
}

// A cursor goes through buffers of which no frame's head lies in two.
type cursor struct {
	bufs net.Buffers
	at   int // in the first of them
}

func (c *cursor) atEnd() bool {
	for len(c.bufs) > 0 && c.at == len(c.bufs[0]) {
		c.bufs, c.at = c.bufs[1:], 0
	}
	return len(c.bufs) == 0
}

func (c *cursor) rest() []byte { return c.bufs[0][c.at:] }

func (c *cursor) skip(n int) { c.at += n }

// append appends the next n bytes to dst.
func (c *cursor) append(dst []byte, n int) []byte {
	for n > 0 && !c.atEnd() {
		part := c.rest()
		part = part[:min(n, len(part))]
		dst = append(dst, part...)
		c.at += len(part)
		n -= len(part)
	}
	return dst
}
