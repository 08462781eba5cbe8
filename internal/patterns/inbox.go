package patterns

import "github.com/go-zeromq/zmq4"

// An inbox is the queue of what came from one peer and was not received yet.
// Its owner's lock guards it.
type inbox struct {
	batches ring[[]zmq4.Msg]
	next    int // in the first batch
	msgs    int
	spare   []zmq4.Msg // an emptied batch, for the reader to fill again
}

// push takes a batch over.
func (in *inbox) push(batch []zmq4.Msg) {
	if len(batch) == 0 {
		return
	}
	in.batches.push(batch)
	in.msgs += len(batch)
}

// pop takes the oldest message; the inbox must not be empty.
func (in *inbox) pop() zmq4.Msg {
	batch := *in.batches.front()
	msg := batch[in.next]
	batch[in.next] = zmq4.Msg{}
	in.next++
	in.msgs--
	if in.next == len(batch) {
		in.batches.pop()
		in.next = 0
		in.spare = batch[:0]
	}
	return msg
}
