package zmtp

import (
	"math/bits"
	"runtime"
	"sync"
)

// pools hold the free blocks by the power of two that they have room for.
var pools [bits.UintSize]pool

// A pool keeps free blocks: the last that came goes first, because it is the
// likeliest to be in a cache still. (A sync.Pool has one of them hidden for each
// processor, and here there are few of them and large.) What was not used from
// one garbage collection to the next is dropped. A pool may be used concurrently.
type pool struct {
	mu     sync.Mutex
	blocks []*Block
	unused int // so many, the first, were not used since the last collection
	aging  bool
}

func (p *pool) put(b *Block) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.blocks = append(p.blocks, b)
	if !p.aging {
		p.aging = true
		p.ageLater()
	}
}

// get gives the block that came last, or nil when there is none.
func (p *pool) get() *Block {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.blocks) - 1
	if last < 0 {
		return nil
	}
	b := p.blocks[last]
	p.blocks[last] = nil
	p.blocks = p.blocks[:last]
	p.unused = min(p.unused, last)
	return b
}

// ageLater has age called after the next garbage collection.
func (p *pool) ageLater() {
	sentinel := new(byte16)
	runtime.AddCleanup(sentinel, (*pool).age, p)
}

// A byte16 is large enough to be an allocation of its own.
type byte16 [16]byte

// age drops the blocks that were not used, and goes on as long as there are some.
func (p *pool) age() {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := copy(p.blocks, p.blocks[p.unused:])
	clear(p.blocks[n:])
	p.blocks, p.unused = p.blocks[:n], n
	p.aging = n > 0
	if p.aging {
		p.ageLater()
	}
}
