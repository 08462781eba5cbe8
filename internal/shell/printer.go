package shell

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/codec"
)

// outputSize is the buffer between messages and the writer. What is larger is written through.
const outputSize = 128 << 10

// OutputOptions say how a Printer writes messages.
type OutputOptions struct {
	// Format is raw, pretty, jsonl, frames, hex, or a template: any text with a %.
	Format string
	// NUL ends records of raw, hex and templates with a NUL in place of a newline.
	NUL bool
	// Type is the socket of the messages. It decides what is topic and what payload, and pretty's words.
	Type zmq4.SocketType
	// Topics are the topics given; see SplitTopic.
	Topics []string
	// Codec makes text of payloads; nil means codec string.
	Codec codec.Codec
	// SentCodec is Codec for what was sent; nil means Codec.
	SentCodec codec.Codec
	// Color lets pretty use colours.
	Color bool
	// Now is the clock for the time of a message; nil means time.Now.
	Now func() time.Time
}

// A Printer writes messages to a writer, buffered. It may be used concurrently:
// each message is written whole.
type Printer struct {
	mu       sync.Mutex
	w        *bufio.Writer
	layout   layout
	ofSent   layout // layout for what was sent
	sent     int
	received int
}

// A layout writes messages in one format.
type layout interface {
	// print writes one message, or on a codec error nothing. An error of w stays in w.
	print(w *bufio.Writer, m message) error
}

// A message is what a layout writes.
type message struct {
	frames [][]byte
	sent   bool
	number int // from 1, sent and received messages each on their own
}

// NewPrinter returns a Printer on w. A format that is neither a name nor a
// good template is an error that says where and what there is.
func NewPrinter(w io.Writer, o OutputOptions) (*Printer, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	layout, err := newLayout(o)
	if err != nil {
		return nil, err
	}
	ofSent := layout
	if o.SentCodec != nil && o.SentCodec != o.Codec {
		o.Codec = o.SentCodec
		if ofSent, err = newLayout(o); err != nil {
			return nil, err
		}
	}
	return &Printer{w: bufio.NewWriterSize(w, outputSize), layout: layout, ofSent: ofSent}, nil
}

// Formats returns the names of the output formats.
func Formats() []string { return []string{"raw", "pretty", "jsonl", "frames", "hex"} }

func newLayout(o OutputOptions) (layout, error) {
	v := newView(o.Type, o.Topics, o.Codec)
	end := byte('\n')
	if o.NUL {
		end = 0
	}
	switch o.Format {
	case "raw":
		return newRawLayout(v, end), nil
	case "pretty":
		return newPrettyLayout(v, o.Color), nil
	case "jsonl":
		return &jsonlLayout{now: stamp{now: o.Now}}, nil
	case "frames":
		return framesLayout{}, nil
	case "hex":
		return &hexLayout{end: end}, nil
	}
	if !strings.Contains(o.Format, "%") {
		return nil, fmt.Errorf("no such format: there are %s, and templates such as '%%t %%p'",
			strings.Join(Formats(), ", "))
	}
	ops, err := parseTemplate(o.Format)
	if err != nil {
		return nil, err
	}
	return &templateLayout{view: v, ops: ops, now: stamp{now: o.Now}, end: end}, nil
}

// Received writes a message that a peer sent. A codec error is a *RecordError
// with the message's number, and nothing of that message is written. Any other
// error is the writer's.
func (p *Printer) Received(m zmq4.Msg) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.received++
	return p.print(message{frames: m.Frames, number: p.received})
}

// Sent writes a message that was sent to a peer; errors are as in Received.
func (p *Printer) Sent(m zmq4.Msg) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent++
	return p.print(message{frames: m.Frames, sent: true, number: p.sent})
}

// ReceivedBatch is Received for messages up to the first that fails. It returns
// how many that were.
func (p *Printer) ReceivedBatch(msgs []zmq4.Msg) (good int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l, ok := p.layout.(copyLayout); ok {
		p.received += len(msgs)
		l.printBatch(p.w, msgs)
		_, err := p.w.Write(nil)
		return len(msgs), err
	}
	for i, m := range msgs {
		p.received++
		if err := p.print(message{frames: m.Frames, number: p.received}); err != nil {
			return i, err
		}
	}
	return len(msgs), nil
}

func (p *Printer) print(m message) error {
	layout := p.layout
	if m.sent {
		layout = p.ofSent
	}
	if err := layout.print(p.w, m); err != nil {
		return &RecordError{Record: m.number, Err: err}
	}
	// An error of the underlying writer stays in the buffer and comes back from every write.
	_, err := p.w.Write(nil)
	return err
}

// Flush writes out what is buffered.
func (p *Printer) Flush() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.w.Flush()
}
