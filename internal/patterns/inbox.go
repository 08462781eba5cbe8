package patterns

import (
	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// An inbox is the queue of what came from one peer and was not received yet.
// Its owner's lock guards it.
type inbox struct {
	runs ring[zmtp.Run]
	msgs int // in all of them

	pushed uint64 // messages, ever
	blocks ring[pinned]
}

// A pinned block holds messages that were not received yet.
type pinned struct {
	block *zmtp.Block
	until uint64 // so many messages were received
}

// push takes messages over.
func (in *inbox) push(run zmtp.Run) {
	if run.Len() == 0 {
		return
	}
	in.runs.push(run)
	in.msgs += run.Len()
	in.pushed += uint64(run.Len())
}

// pop takes the oldest message; the inbox must not be empty.
func (in *inbox) pop(slab *zmtp.Slab) zmq4.Msg {
	var one [1]zmq4.Msg
	in.take(one[:], slab)
	return one[0]
}

// take moves the oldest messages to dst, as many as fit. Their frames slices are
// the slab's.
func (in *inbox) take(dst []zmq4.Msg, slab *zmtp.Slab) (n int) {
	for n < len(dst) && in.msgs > 0 {
		run := in.runs.front()
		taken := run.Take(dst[n:], slab)
		n += taken
		in.msgs -= taken
		if run.Len() == 0 {
			in.runs.pop()
		}
	}
	return n
}

// pin keeps blocks until all that was pushed so far is received.
func (in *inbox) pin(blocks []*zmtp.Block) {
	for _, b := range blocks {
		in.blocks.push(pinned{b, in.pushed})
	}
}

// unpin appends to dst the blocks whose messages were all received.
func (in *inbox) unpin(dst []*zmtp.Block) []*zmtp.Block {
	for in.blocks.len() > 0 && in.blocks.front().until <= in.pushed-uint64(in.msgs) {
		dst = append(dst, in.blocks.pop().block)
	}
	return dst
}
