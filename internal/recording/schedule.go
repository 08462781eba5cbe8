package recording

import (
	"math"
	"time"
)

// A schedule says when recorded messages are due, counted from the first one. All of it
// is laid out from there, so that what comes late by itself delays nothing behind it.
type schedule struct {
	speed    float64       // how many times as fast as recorded; infinite: at once
	maxPause time.Duration // in the recording; 0 is no limit
	last     time.Time     // when the last message came that has a time
	recorded time.Duration // what has passed in the recording until then
}

// due returns how long after the first message the one is due that came then. One
// without a time, or from before the last one, goes right behind that.
func (s *schedule) due(came time.Time) time.Duration {
	if came.IsZero() {
		return s.played()
	}
	if pause := came.Sub(s.last); !s.last.IsZero() && pause > 0 {
		if s.maxPause > 0 {
			pause = min(pause, s.maxPause)
		}
		s.recorded += min(pause, math.MaxInt64-s.recorded)
	}
	s.last = came
	return s.played()
}

// again begins the next round, right behind the last message.
func (s *schedule) again() { s.last = time.Time{} }

func (s *schedule) played() time.Duration {
	played := float64(s.recorded) / s.speed
	if played >= math.MaxInt64 {
		return math.MaxInt64
	}
	return time.Duration(played)
}
