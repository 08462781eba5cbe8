package shell

import (
	"bytes"
	"slices"
	"time"

	"github.com/go-zeromq/zmq4"
)

// A builder makes messages of records: it splits them into frames, applies the
// codec and puts the topic in front.
type builder struct {
	o        InputOptions
	verbatim bool // the payload is the record's text
	plain    bool // a record is the one frame of its message
	whole    bool // records are messages as they are (JSONL, Frames)
	topic    []byte
	msgs     []zmq4.Msg
	taken    int  // records so far, bad ones too
	marked   bool // marks are wanted
	marks    []Mark
	arena    arena
}

func newBuilder(o InputOptions) *builder {
	if len(o.FrameDelimiter) == 0 {
		o.FrameDelimiter = []byte{'\t'}
	}
	b := &builder{o: o, topic: slices.Clip([]byte(o.Topic)), verbatim: isVerbatim(o.Codec), whole: o.Format == JSONL || o.Format == Frames}
	b.plain = b.verbatim && !b.whole && !o.Multipart && !o.HasTopic && o.Type != zmq4.Router
	return b
}

// build makes messages of records up to the first that it can't take. That one
// is reported when it comes first, so it stands alone. taken is how many
// records are done with. The slice of messages is reused by the next call.
func (b *builder) build(records [][]byte) (msgs []zmq4.Msg, taken int, err error) {
	b.msgs, b.marks = b.msgs[:0], b.marks[:0]
	b.arena.open(len(records))
	if b.plain {
		b.buildPlain(records)
		return b.msgs, len(records), nil
	}
	for i, record := range records {
		if b.o.Format == JSONL && len(bytes.TrimSpace(record)) == 0 {
			b.taken++
			continue
		}
		frames, err := b.frames(record)
		var at time.Time
		if err == nil && b.marked {
			at, err = b.arena.when()
		}
		if err != nil && len(b.msgs) > 0 {
			return b.msgs, i, nil
		}
		b.taken++
		if err != nil {
			return nil, i + 1, &RecordError{Record: b.taken, Err: err}
		}
		b.msgs = append(b.msgs, zmq4.Msg{Frames: frames})
		if b.marked {
			b.marks = append(b.marks, Mark{Time: at, Record: b.taken})
		}
	}
	return b.msgs, len(records), nil
}

func (b *builder) buildPlain(records [][]byte) {
	b.arena.begin()
	b.arena.add(records...)
	frames := b.arena.record()
	for i := range frames {
		b.msgs = append(b.msgs, zmq4.Msg{Frames: frames[i : i+1 : i+1]})
	}
	b.taken += len(records)
}

// frames returns the frames of one record.
func (b *builder) frames(record []byte) ([][]byte, error) {
	a := &b.arena
	a.begin()
	switch {
	case b.o.Format == JSONL:
		if a.addJSONL(record) {
			break
		}
		frames, at, err := parseJSONL(record)
		if err != nil {
			return nil, err
		}
		a.add(frames...)
		a.time = at
	case b.o.Format == Frames:
		a.addFrames(record)
	case b.o.Multipart || b.o.Type == zmq4.Router:
		a.split(record, b.o.FrameDelimiter)
	default:
		a.add(record)
	}
	if !b.whole {
		if err := b.encode(); err != nil {
			return nil, err
		}
	}
	return b.withTopic(), nil
}

// encode replaces the fields of the arena's record by the frames that the codec makes of them.
func (b *builder) encode() error {
	fields := b.arena.record()
	skip := 0
	if b.o.Type == zmq4.Router {
		id, err := ParseRoutingID(fields[0])
		if err != nil {
			return err
		}
		fields[0] = id
		skip = 1
	}
	if b.verbatim {
		return nil
	}
	skip += envelope(b.o.Type, fields[skip:])
	frames, err := b.o.Codec.Encode(fields[skip:])
	if err != nil {
		return err
	}
	b.arena.replace(skip, frames)
	return nil
}

// withTopic returns the arena's frames with the topic in front.
func (b *builder) withTopic() [][]byte {
	frames := b.arena.record()
	switch {
	case !b.o.HasTopic:
	case len(frames) == 1 && !b.o.Multipart:
		frames[0] = b.arena.join(b.topic, frames[0])
	default:
		b.arena.insert(b.topic)
	}
	return b.arena.record()
}

// buildFields makes one message of the frames in fields.
func (b *builder) buildFields(fields [][]byte) ([]zmq4.Msg, error) {
	b.taken++
	b.arena.open(1)
	b.arena.begin()
	b.arena.add(fields...)
	if err := b.encode(); err != nil {
		return nil, &RecordError{Record: b.taken, Err: err}
	}
	b.msgs = append(b.msgs[:0], zmq4.Msg{Frames: b.withTopic()})
	return b.msgs, nil
}

// buildPayload makes one message of payload frames that no codec touches.
func (b *builder) buildPayload(frames [][]byte) []zmq4.Msg {
	b.taken++
	b.arena.open(1)
	b.arena.begin()
	b.arena.add(frames...)
	b.msgs = append(b.msgs[:0], zmq4.Msg{Frames: b.withTopic()})
	return b.msgs
}

// framePrefix returns what goes in front of a payload of one frame, in the same frame.
func (b *builder) framePrefix() []byte {
	if !b.o.HasTopic || b.o.Multipart {
		return nil
	}
	return append(slices.Clip(b.topic), ' ')
}

// buildWhole makes one message of one frame, in which the topic stands already.
func (b *builder) buildWhole(frame []byte) []zmq4.Msg {
	b.taken++
	b.arena.open(1)
	b.arena.begin()
	b.arena.add(frame)
	b.msgs = append(b.msgs[:0], zmq4.Msg{Frames: b.arena.record()})
	return b.msgs
}
