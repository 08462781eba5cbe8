// Package topics counts what comes under which topic of a stream: the table that "fogmq top" shows.
package topics

import (
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/codec"
	"fogmq/internal/shell"
)

const (
	// MaxTopics is how many topics are counted each on its own. What comes under others is counted together, so that
	// a peer that makes up topics takes no more memory than these.
	MaxTopics = 10_000
	// maxName and maxValue are how much is kept of a topic and of a payload, in bytes.
	maxName  = 256
	maxValue = 256
	// Ticks is how many ticks of a topic's past are kept.
	Ticks = 32
	// window is the ticks that a rate is taken over.
	window = 5
)

// A Table counts messages by topic. Safe for concurrent use.
type Table struct {
	typ    zmq4.SocketType
	topics []string
	codec  codec.Codec

	mu     sync.Mutex
	began  time.Time
	ticked time.Time // the last time that Tick was called
	rows   map[string]*row
	others *row // nil while all topics have a row
}

// A row is what is known of one topic.
type row struct {
	name     string
	whole    bool // the name is the whole topic
	messages uint64
	bytes    uint64
	frames   int // of the last message
	value    []byte
	size     int // of the whole value, in bytes
	first    time.Time
	last     time.Time
	past     [Ticks]tick // a ring; at is the running one
	at       int
	ticks    int // how many of past are whole
}

// A tick is what came between two calls of Tick.
type tick struct {
	messages, bytes uint64
	took            time.Duration
}

// NewTable returns an empty table for messages that a socket of type typ received. given are the topics that were
// subscribed to and c is the payload's codec: both decide what is topic and what payload, as in shell.SplitTopic.
func NewTable(typ zmq4.SocketType, given []string, c codec.Codec, now time.Time) *Table {
	return &Table{typ: typ, topics: given, codec: c, began: now, ticked: now, rows: map[string]*row{}}
}

// Add counts messages that came at a time. It keeps none of their memory.
func (t *Table) Add(msgs []zmq4.Msg, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range msgs {
		topic, payload, _ := shell.SplitTopic(t.typ, t.topics, t.codec, m.Frames)
		r := t.row(topic, at)
		r.messages++
		r.past[r.at].messages++
		size := 0
		for _, frame := range m.Frames {
			size += len(frame)
		}
		r.bytes += uint64(size)
		r.past[r.at].bytes += uint64(size)
		r.last = at
		r.keep(payload)
	}
}

// row finds the row of a topic, or makes it.
func (t *Table) row(topic []byte, at time.Time) *row {
	key := topic
	if len(key) > maxName {
		key = key[:maxName]
	}
	if r := t.rows[string(key)]; r != nil {
		return r
	}
	if len(t.rows) < MaxTopics {
		r := &row{name: string(key), whole: len(key) == len(topic), first: at}
		t.rows[r.name] = r
		return r
	}
	if t.others == nil {
		t.others = &row{first: at}
	}
	return t.others
}

// keep copies the beginning of a payload into memory that is used again.
func (r *row) keep(payload [][]byte) {
	r.value, r.size, r.frames = r.value[:0], 0, len(payload)
	for i, frame := range payload {
		r.size += len(frame)
		if i > 0 {
			r.value = append(r.value, '\t')
		}
		r.value = append(r.value, frame[:min(len(frame), max(0, maxValue-len(r.value)))]...)
	}
}

// Tick ends a stretch of time: rates and the past are counted by these.
func (t *Table) Tick(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	took := now.Sub(t.ticked)
	t.ticked = now
	for _, r := range t.rows {
		r.tick(took)
	}
	if t.others != nil {
		t.others.tick(took)
	}
}

func (r *row) tick(took time.Duration) {
	r.past[r.at].took = took
	r.at = (r.at + 1) % Ticks
	r.past[r.at] = tick{}
	r.ticks = min(r.ticks+1, Ticks-1)
}

// Clear forgets all that was counted.
func (t *Table) Clear(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.rows)
	t.others, t.began, t.ticked = nil, now, now
}
