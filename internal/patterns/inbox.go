package patterns

import (
	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// An inbox is the queue of what came from one peer and was not received yet.
// Its owner's lock guards it.
type inbox struct {
	batches ring[[]zmq4.Msg]
	next    int // in the first batch
	msgs    int
	spare   []zmq4.Msg // an emptied batch, for a reader to fill again

	pushed uint64 // messages, ever
	blocks ring[pinned]
}

// A pinned block holds messages that were not received yet.
type pinned struct {
	block *zmtp.Block
	until uint64 // so many messages were received
}

// push takes a batch over.
func (in *inbox) push(batch []zmq4.Msg) {
	if len(batch) == 0 {
		return
	}
	in.batches.push(batch)
	in.msgs += len(batch)
	in.pushed += uint64(len(batch))
}

// pop takes the oldest message; the inbox must not be empty.
func (in *inbox) pop() zmq4.Msg {
	batch := *in.batches.front()
	msg := batch[in.next]
	batch[in.next] = zmq4.Msg{}
	in.next++
	in.msgs--
	in.tidy(batch)
	return msg
}

// take moves the oldest messages to dst, as many as fit. What is left of them in
// the batches they came in is harmless where their memory is used again anyway.
func (in *inbox) take(dst []zmq4.Msg, recycles bool) (n int) {
	for n < len(dst) && in.msgs > 0 {
		batch := *in.batches.front()
		moved := copy(dst[n:], batch[in.next:])
		if !recycles {
			clear(batch[in.next : in.next+moved])
		}
		n += moved
		in.next += moved
		in.msgs -= moved
		in.tidy(batch)
	}
	return n
}

// tidy takes the first batch out when it is empty.
func (in *inbox) tidy(batch []zmq4.Msg) {
	if in.next == len(batch) {
		in.batches.pop()
		in.next = 0
		in.spare = batch[:0]
	}
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
