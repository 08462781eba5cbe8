package zmtp

import "math/bits"

// A Block is memory that decoded messages lie in: the bytes of their bodies, or
// the slices that point to these. Fresh memory costs more than anything else that
// is done with a large message, so blocks that nobody looks at any more are used
// again.
type Block struct {
	buf  []byte
	slab [][]byte
}

// maxPooled bounds the blocks that are kept for use again: larger ones are rare,
// and a process that has seen one shall not stay that large.
const maxPooled = 16 << 20

// Free gives a block back. No frame that lies in it may be looked at any more.
// Each block is freed once, or left to the garbage collector.
func (b *Block) Free() {
	switch {
	case b.slab != nil:
		clear(b.slab)
		b.slab = b.slab[:0]
		if cap(b.slab) <= maxSlab {
			slabs[bits.Len(uint(cap(b.slab)))-1].put(b)
		}
	case cap(b.buf) <= maxPooled:
		poison(b.buf)
		buffers[bits.Len(uint(cap(b.buf)))-1].put(b)
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
	if b := buffers[class].get(); b != nil {
		if cap(b.buf) >= size {
			return b
		}
		buffers[class].put(b)
	}
	return buffers[class+1].get()
}

// newSlab gives a block with room for size frame slices; more than maxSlab are
// not used again.
func newSlab(size int) *Block {
	if size <= maxSlab {
		size = 1 << bits.Len(uint(size-1))
		if b := slabs[bits.Len(uint(size))-1].get(); b != nil {
			return b
		}
	}
	return &Block{slab: make([][]byte, 0, size)}
}
