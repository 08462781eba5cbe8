package shell

import (
	"bytes"
	"slices"
)

const (
	// ownBody is the length from which on bytes that are put together have memory of
	// their own: they would keep all of a slab alive, and may be wanted for good.
	ownBody = 4 << 10
	// Slabs grow to what a batch takes: of bytes between these two, of headers up to so many.
	minSlab, maxSlab = chunkSize, 1 << 20
	maxHeaders       = 4 * batchSize
)

// An arena holds the frame headers of messages, and the bytes that had to be put
// together for them, in slabs that many messages share. What was taken from it
// stays good, also when a slab is full and another takes its place, up to recycle.
type arena struct {
	headers  [][]byte
	start    int // where the record in hand begins
	records  int // in this batch
	recycled bool
	bytes    []byte
	time     []byte // of the jsonl line that was added last, a slice of it
}

// open starts a batch of so many records. Headers that are still in use are left
// to those who use them, so that a slab of them keeps no more than a batch alive.
func (a *arena) open(records int) {
	if !a.recycled {
		a.headers = nil
	}
	a.records, a.recycled = records, false
}

// recycle says that nobody looks any more at the frames so far, but for bodies of
// copied bytes or more.
func (a *arena) recycle(copied int) {
	clear(a.headers) // a large body must not live on in them
	a.headers, a.recycled = a.headers[:0], true
	if copied >= ownBody {
		a.bytes = a.bytes[:0]
	}
}

// begin starts the next record.
func (a *arena) begin() { a.start = len(a.headers) }

// record returns the frames of the record in hand.
func (a *arena) record() [][]byte { return a.headers[a.start:len(a.headers):len(a.headers)] }

// add adds frames to the record in hand.
func (a *arena) add(frames ...[]byte) {
	if cap(a.headers)-len(a.headers) < len(frames) {
		record := a.record()
		size := max(min(2*cap(a.headers), maxHeaders), a.records+len(record)+len(frames))
		a.headers = append(make([][]byte, 0, size), record...)
		a.start = 0
	}
	a.headers = append(a.headers, frames...)
}

// split adds the fields of text.
func (a *arena) split(text, delimiter []byte) {
	for {
		i := bytes.Index(text, delimiter)
		if i < 0 {
			a.add(text)
			return
		}
		a.add(text[:i:i])
		text = text[i+len(delimiter):]
	}
}

// replace puts frames in the place of the record's frames from skip on.
func (a *arena) replace(skip int, frames [][]byte) {
	a.headers = a.headers[:a.start+skip]
	a.add(frames...)
}

// insert puts frame in front of the record's frames.
func (a *arena) insert(frame []byte) {
	a.add(nil)
	record := a.record()
	copy(record[1:], record)
	record[0] = frame
}

// join returns "topic payload" as one slice.
func (a *arena) join(topic, payload []byte) []byte {
	line := append(a.room(len(topic)+1+len(payload)), topic...)
	return append(append(line, ' '), payload...)
}

// room returns an empty slice that n bytes can be appended to.
func (a *arena) room(n int) []byte {
	if n >= ownBody {
		return make([]byte, 0, n)
	}
	if cap(a.bytes)-len(a.bytes) < n {
		a.bytes = make([]byte, 0, max(minSlab, min(2*cap(a.bytes), maxSlab)))
	}
	from := len(a.bytes)
	a.bytes = a.bytes[:from+n]
	return slices.Clip(a.bytes[from:])[:0]
}
