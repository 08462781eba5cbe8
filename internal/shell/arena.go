package shell

import "bytes"

// An arena holds the frame headers of a batch of messages, and the bytes that
// had to be put together for them, in one allocation each. A slice taken from
// it stays good when it grows: what it pointed to is then left behind.
type arena struct {
	headers [][]byte
	start   int // where the record in hand begins
	bytes   []byte
}

// newArena makes room for the messages of records.
func newArena(records [][]byte, o InputOptions) *arena {
	perRecord := 1
	if o.HasTopic || o.Multipart {
		perRecord = 2
	}
	a := &arena{headers: make([][]byte, 0, perRecord*len(records))}
	if o.HasTopic && !o.Multipart && o.Format != JSONL && o.Format != Frames {
		size := 0
		for _, record := range records {
			size += len(o.Topic) + 1 + len(record)
		}
		a.bytes = make([]byte, 0, size)
	}
	return a
}

// begin starts the next record.
func (a *arena) begin() { a.start = len(a.headers) }

// record returns the frames of the record in hand.
func (a *arena) record() [][]byte { return a.headers[a.start:len(a.headers):len(a.headers)] }

func (a *arena) add(frames ...[]byte) { a.headers = append(a.headers, frames...) }

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
	a.headers = append(a.headers[:a.start+skip], frames...)
}

// insert puts frame in front of the record's frames.
func (a *arena) insert(frame []byte) {
	a.add(nil)
	record := a.record()
	copy(record[1:], record)
	record[0] = frame
}

// join returns "topic payload" as one slice.
func (a *arena) join(topic string, payload []byte) []byte {
	from := len(a.bytes)
	a.bytes = append(a.bytes, topic...)
	a.bytes = append(a.bytes, ' ')
	a.bytes = append(a.bytes, payload...)
	return a.bytes[from:len(a.bytes):len(a.bytes)]
}
