package topics

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A Row is what a Table knows of one topic at one time.
type Row struct {
	Topic    string
	Others   bool // it stands for all topics beyond MaxTopics
	Cut      bool // Topic is the beginning of a longer one
	Messages uint64
	Bytes    uint64
	// PerSecond and BytesPerSecond are taken over the last five ticks, or as many as there were.
	PerSecond      float64
	BytesPerSecond float64
	Value          []byte // the beginning of the last payload, frames joined with TAB
	Size           int    // of the whole last payload, in bytes
	Last           time.Time
	Past           []uint64 // messages in the last ticks, the oldest first
}

// Total is the sum of rows.
func Total(rows []Row) (total Row) {
	for _, r := range rows {
		total.Messages += r.Messages
		total.Bytes += r.Bytes
		total.PerSecond += r.PerSecond
		total.BytesPerSecond += r.BytesPerSecond
		if r.Last.After(total.Last) {
			total.Last = r.Last
		}
	}
	return total
}

// Rows returns all rows, which the caller owns, in no order.
func (t *Table) Rows() []Row {
	t.mu.Lock()
	defer t.mu.Unlock()
	rows := make([]Row, 0, len(t.rows)+1)
	for _, r := range t.rows {
		rows = append(rows, r.snapshot())
	}
	if t.others != nil {
		others := t.others.snapshot()
		others.Others = true
		rows = append(rows, others)
	}
	return rows
}

func (r *row) snapshot() Row {
	s := Row{
		Topic: r.name, Cut: !r.whole, Messages: r.messages, Bytes: r.bytes,
		Value: slices.Clone(r.value), Size: r.size, Last: r.last,
	}
	if s.Cut {
		s.Topic = string(wholeRunes([]byte(s.Topic)))
	}
	if s.Size > len(s.Value) {
		s.Value = wholeRunes(s.Value)
	}
	var messages, bytes uint64
	var took time.Duration
	for i := r.ticks; i > 0; i-- {
		past := r.past[(r.at-i+Ticks)%Ticks]
		s.Past = append(s.Past, past.messages)
		if i <= window {
			messages, bytes, took = messages+past.messages, bytes+past.bytes, took+past.took
		}
	}
	if took > 0 {
		s.PerSecond = float64(messages) / took.Seconds()
		s.BytesPerSecond = float64(bytes) / took.Seconds()
	}
	return s
}

// wholeRunes takes off the beginning of a rune that a cut left at the end.
func wholeRunes(text []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(text); i++ {
		if tail := text[len(text)-i:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return text[:len(text)-i]
			}
			break
		}
	}
	return text
}

// An Order is what rows are sorted by.
type Order int

// The orders: by name or age the least is first, by all others the most.
const (
	ByRate Order = iota
	ByBytes
	ByTotal
	ByAge
	ByName
)

var orderNames = [...]string{"rate", "bytes", "total", "age", "name"}

// String is the order's name in help and on the screen.
func (o Order) String() string { return orderNames[o] }

// OrderNames are the names of all orders.
func OrderNames() []string { return orderNames[:] }

// Sort puts rows in order; those that are equal by it, by name. reverse turns the order around.
func Sort(rows []Row, by Order, reverse bool) {
	slices.SortFunc(rows, func(a, b Row) int {
		n := 0
		switch by {
		case ByRate:
			n = cmp.Compare(b.PerSecond, a.PerSecond)
		case ByBytes:
			n = cmp.Compare(b.BytesPerSecond, a.BytesPerSecond)
		case ByTotal:
			n = cmp.Compare(b.Messages, a.Messages)
		case ByAge:
			n = b.Last.Compare(a.Last)
		case ByName:
		}
		if n == 0 {
			n = strings.Compare(a.Topic, b.Topic)
		}
		if reverse {
			return -n
		}
		return n
	})
}

// Filter keeps the rows whose topic contains text.
func Filter(rows []Row, text string) []Row {
	if text == "" {
		return rows
	}
	return slices.DeleteFunc(rows, func(r Row) bool { return !strings.Contains(r.Topic, text) })
}
