package shell

import (
	"fmt"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/codec"
)

// InputFormat says how a stream of bytes splits into records.
type InputFormat int

// The input formats. A NUL ends a record in Delimited with the delimiter "\x00".
const (
	// Lines: a newline ends a record; only the newline is taken off, and a last line without one counts.
	Lines InputFormat = iota
	// Delimited: InputOptions.Delimiter ends a record; what follows the last one counts if it is not empty.
	Delimited
	// JSONL: one object a line, {"time":"…","frames":["text",{"base64":"…"}]}. Lossless.
	JSONL
	// Frames: each frame as ZMTP 3 writes it (RFC 23: flags, length, body). Lossless.
	Frames
	// Raw: all of the stream is one record; an empty stream is one empty record.
	Raw
	// Values: one value after another, as InputOptions.First finds them.
	Values
)

// InputOptions say how a Source makes messages of records.
type InputOptions struct {
	// Format is how a reader splits into records. Arguments and files ignore it.
	Format InputFormat
	// Delimiter ends a record in the Delimited format; empty means a newline.
	Delimiter []byte
	// First finds the records of the Values format: a codec.Sequence's method.
	First func(data []byte) (n int, err error)
	// Text says that the values of that format are text, which has spaces between them, and goes
	// on at the next line behind one that is bad.
	Text bool
	// Multipart splits a record into frames at FrameDelimiter, makes all arguments the frames
	// of one message, and puts Topic into a frame of its own.
	Multipart bool
	// FrameDelimiter is what Multipart splits at; empty means TAB.
	FrameDelimiter []byte
	// Topic goes in front of each message if HasTopic is set: "T payload" in one frame, or as a
	// first frame with Multipart and where the payload has more than one frame.
	Topic    string
	HasTopic bool
	// Codec makes the payload of a record's text; nil means codec string. JSONL and Frames
	// records are messages as they are, whatever the codec.
	Codec codec.Codec
	// Type is the socket that sends. For a ROUTER the first frame of a record is a routing id
	// in the form of FormatRoutingID, which no codec touches.
	Type zmq4.SocketType
}

// A Source yields the messages to send. It is not safe for concurrent use.
type Source interface {
	// Next returns between 1 and max messages: what can be had without waiting once the first
	// is there. The slice is reused by the next call, the frames are not. The error io.EOF ends
	// the source. A *RecordError tells of one bad record; it comes alone, after the messages
	// before it, and calling Next again goes on behind that record.
	Next(max int) ([]zmq4.Msg, error)
}

// A Recycler is a Source that uses the memory of messages again once it is told that
// nobody looks at those so far any more, but for bodies of copied bytes or more.
type Recycler interface{ Recycle(copied int) }

// A RecordError tells of one record, or one received message, that could not be taken.
type RecordError struct {
	File   string // where the record is; "" where there is but one place
	Record int    // counted from 1, bad records too
	Err    error
}

// Error names the record and the reason.
func (e *RecordError) Error() string {
	text := fmt.Sprintf("record %d: %v", e.Record, e.Err)
	if e.File != "" {
		text = e.File + ": " + text
	}
	return text
}

// Unwrap returns the reason.
func (e *RecordError) Unwrap() error { return e.Err }
