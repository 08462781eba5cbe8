package zmtp

import "math/bits"

// A Block is memory that messages were read into. Fresh memory costs more than
// anything else that is done with a large message, so blocks that nobody looks at
// any more are used again.
type Block struct {
	buf  []byte
	lent bool // messages lie in it that somebody may look at
}

// maxPooled bounds the blocks that are kept for use again: larger ones are rare,
// and a process that has seen one shall not stay that large.
const maxPooled = 16 << 20

// Free gives a block back. No message that lies in it may be looked at any more.
// Each block is freed once, or left to the garbage collector.
func (b *Block) Free() {
	if cap(b.buf) <= maxPooled {
		poison(b.buf)
		b.lent = false
		pools[bits.Len(uint(cap(b.buf)))-1].put(b)
	}
}

// newBuffer gives a block of size bytes or more.
func newBuffer(size int) *Block {
	if b := usedBuffer(size); b != nil {
		return b
	}
	return &Block{buf: make([]byte, size)}
}

// usedBuffer gives a block of size bytes or more that costs no new memory, or nil
// where there is none.
func usedBuffer(size int) *Block {
	if size > maxPooled {
		return nil
	}
	class := bits.Len(uint(size)) - 1
	if b := pools[class].get(); b != nil {
		if cap(b.buf) >= size {
			return b
		}
		pools[class].put(b)
	}
	return pools[class+1].get()
}
