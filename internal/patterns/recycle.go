package patterns

import (
	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// Recycle says that nobody looks any more at a frame of any message received so
// far: the memory of these messages may be used for others. Who calls it after
// each batch has messages that cost next to no new memory. Who never does loses
// nothing, and owns what was received for good. Only a PULL, SUB or XSUB makes
// use of it; there must be one receiver at a time.
func (s *Socket) Recycle() {
	s.mu.Lock()
	s.recycles = s.typ == zmq4.Pull || s.typ == zmq4.Sub || s.typ == zmq4.XSub
	if s.recycles {
		s.slab.Recycle()
	}
	free := s.lent
	s.lent = nil
	s.mu.Unlock()
	for i, b := range free {
		b.Free()
		free[i] = nil
	}
	s.mu.Lock()
	if s.lent == nil {
		s.lent = free[:0]
	}
	s.mu.Unlock()
}

// pin keeps the blocks that p's decoder is done with for Recycle.
func (s *Socket) pin(p *pipe, blocks []*zmtp.Block) {
	// Where nothing is left to receive, nothing may ever be: a SUB may have
	// passed over all of it. The garbage collector then sees to the blocks.
	if s.recycles && p.in.msgs > 0 {
		p.in.pin(blocks)
	}
}

// unpin books that messages of p were received.
func (s *Socket) unpin(p *pipe) {
	if p.in.blocks.len() > 0 {
		s.lent = p.in.unpin(s.lent)
	}
}
