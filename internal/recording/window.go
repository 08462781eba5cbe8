package recording

import (
	"bytes"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/shell"
)

// A Bound is one end of a part of a recording: a time, or what has passed since the
// recording's first. The zero Bound is none.
type Bound struct {
	Time  time.Time
	After time.Duration // where Time is zero
	Set   bool
}

// passed tells whether a message that came then is at the bound or behind it. began is
// when the recording did.
func (b Bound) passed(came, began time.Time) bool {
	if b.Time.IsZero() {
		return came.Sub(began) >= b.After
	}
	return !came.Before(b.Time)
}

// A window chooses what is played. It begins with the first message that passes From
// and ends in front of the first one from there on that passes Until.
type window struct {
	from, until Bound
	topics      [][]byte // prefixes of the first frame; none is all
	began       time.Time
	last        time.Time
	open, ended bool
}

// has tells whether a message is to be played. One without a time goes with the one in
// front of it.
func (w *window) has(m zmq4.Msg, mark shell.Mark) bool {
	if !mark.Time.IsZero() {
		w.last = mark.Time
		if w.began.IsZero() {
			w.began = mark.Time
		}
	}
	w.open = w.open || !w.from.Set || !w.last.IsZero() && w.from.passed(w.last, w.began)
	w.ended = w.ended || w.open && w.until.Set && !w.last.IsZero() && w.until.passed(w.last, w.began)
	return w.open && !w.ended && w.isWanted(m)
}

func (w *window) isWanted(m zmq4.Msg) bool {
	for _, prefix := range w.topics {
		if bytes.HasPrefix(m.Frames[0], prefix) {
			return true
		}
	}
	return len(w.topics) == 0
}

// again begins the next round.
func (w *window) again() { w.last, w.open, w.ended = time.Time{}, false, false }
