package zmtp

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

// An opener opens what is read.
type opener struct {
	key   *sharedKey
	nonce [nonceLen]byte // of which the last 8 bytes count
	n     uint64         // the last one that came, in the handshake too
	max   int64          // bytes of a frame in the clear; 0 is no limit
	r     io.Reader

	buf        []byte // sealed bytes
	start, end int    // those not opened yet
	clear      []byte // a frame that had no room where it was read to, from at on
	at         int
	err        error // ends it, and stays
}

// read opens as many frames as are there and fit into p. It reads, and waits, only
// where none is there.
func (o *opener) read(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		if o.at < len(o.clear) {
			n = copy(p, o.clear[o.at:])
			o.took(n)
			return n, nil
		}
		for o.err == nil {
			m, err := o.frame(p[n:], n == 0)
			o.err = err
			n += m
			if m == 0 {
				break
			}
		}
		switch {
		case n > 0:
			return n, nil
		case o.at < len(o.clear):
			continue
		case o.err != nil:
			return 0, o.err
		}
		if err := o.fill(); err != nil {
			return 0, err
		}
	}
}

// took gives up the memory of a frame that was copied out of it.
func (o *opener) took(n int) {
	if o.at += n; o.at < len(o.clear) {
		return
	}
	o.clear, o.at = o.clear[:0], 0
	if cap(o.clear) > maxBuffer {
		o.clear = nil
	}
}

// frame opens the next frame into dst and returns its length there; 0 when it is
// not all there yet or dst has no room for it. With aside it goes to o.clear
// where dst has no room.
func (o *opener) frame(dst []byte, aside bool) (n int, err error) {
	h, ok, err := o.head()
	if err != nil || !ok || uint64(o.end-o.start-h.len) < h.size {
		return 0, err
	}
	body := int(h.size) - sealedMore
	total := headLen(body) + body
	switch {
	case total <= len(dst):
		n = total
		err = o.open(dst[:total], h)
	case aside:
		o.clear = slices.Grow(o.clear[:0], total)[:total]
		err = o.open(o.clear, h)
	}
	if err != nil {
		o.clear, n = nil, 0
	}
	if o.start == o.end && len(o.buf) > maxBuffer {
		o.buf, o.start, o.end = nil, 0, 0
	}
	return n, err
}

// open opens the frame at start, which is there, to the whole of dst.
func (o *opener) open(dst []byte, h head) error {
	sealed := o.buf[o.start+h.len : o.start+h.len+int(h.size)]
	o.start += h.len + int(h.size)
	nonce := sealed[len(messageName):][:shortNonceLen]
	n := binary.BigEndian.Uint64(nonce)
	if n != o.n+1 || n == 0 {
		return fmt.Errorf("%w: a CURVE message was left out or came twice", ErrProtocol)
	}
	o.n = n
	copy(o.nonce[nonceLen-shortNonceLen:], nonce)
	// The byte of flags in front of the body goes where the last byte of the head
	// will be.
	body := len(dst) - (int(h.size) - sealedMore)
	inside, ok := o.key.open(dst[body-1:body-1:len(dst)], sealed[len(messageName)+shortNonceLen:], &o.nonce)
	if !ok {
		clear(dst)
		return fmt.Errorf("%w: a CURVE message was tampered with", ErrProtocol)
	}
	var flags byte
	switch {
	case inside[0]&^(innerMore|innerCommand) != 0:
		return fmt.Errorf("%w: CURVE message flags %#02x have reserved bits", ErrProtocol, inside[0])
	case inside[0]&innerMore != 0:
		flags |= FlagMore
	}
	if inside[0]&innerCommand != 0 {
		flags |= FlagCommand
	}
	AppendHead(dst[:0], flags, len(inside)-1)
	return nil
}

// head reads and checks the head of the next frame.
func (o *opener) head() (h head, ok bool, err error) {
	h, ok, err = parseHead(o.buf[o.start:o.end])
	switch {
	case err != nil || !ok:
		return h, false, err
	case h.command() || h.more():
		return h, false, fmt.Errorf("%w: a frame that is not sealed where CURVE was agreed on", ErrProtocol)
	case h.size < uint64(sealedMore):
		return h, false, malformed("MESSAGE")
	case h.size > 1<<62 || int64(int(h.size)) != int64(h.size):
		return h, false, fmt.Errorf("%w: a frame of %d bytes is announced", ErrTooLarge, h.size)
	case o.max > 0 && int64(h.size)-int64(sealedMore) > o.max:
		return h, false, fmt.Errorf("%w: %d bytes or more, %d are allowed", ErrTooLarge, int64(h.size)-int64(sealedMore), o.max)
	}
	body := o.buf[o.start+h.len : o.end]
	if n := min(len(body), len(messageName)); string(body[:n]) != messageName[:n] {
		return h, false, fmt.Errorf("%w: a frame that is not sealed where CURVE was agreed on", ErrProtocol)
	}
	return h, true, nil
}

// fill reads once. The buffer grows with what comes, up to the frame that is being
// read, and goes back to its usual size behind a large one.
func (o *opener) fill() error {
	held := o.end - o.start
	need := longHead
	if h, ok, _ := parseHead(o.buf[o.start:o.end]); ok {
		need = h.len + int(h.size)
	}
	size := len(o.buf)
	switch {
	case size == 0:
		size = minBuffer
	case held == size && 5*size >= need:
		size = max(2*size, need)
	case held == size:
		size *= 2
	case size > maxBuffer && need <= maxBuffer && held <= maxBuffer/2:
		size = maxBuffer
	}
	if size != len(o.buf) {
		next := make([]byte, size)
		copy(next, o.buf[o.start:o.end])
		o.buf, o.start, o.end = next, 0, held
	} else if o.start > 0 && (held == 0 || len(o.buf)-o.end < len(o.buf)/4) {
		copy(o.buf, o.buf[o.start:o.end])
		o.start, o.end = 0, held
	}
	n, err := o.r.Read(o.buf[o.end:])
	o.end += n
	if o.end == len(o.buf) && len(o.buf) < maxBuffer {
		o.grow()
	}
	return readError(n, err)
}

// grow doubles the buffer of a connection that fills it.
func (o *opener) grow() {
	next := make([]byte, 2*len(o.buf))
	o.end = copy(next, o.buf[o.start:o.end])
	o.buf, o.start = next, 0
}
