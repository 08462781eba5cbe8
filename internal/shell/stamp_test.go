package shell

import (
	"testing"
	"time"
)

func TestStamp(t *testing.T) {
	berlin := time.FixedZone("", 7200)
	start := time.Date(2026, 11, 22, 23, 59, 59, 999999998, time.UTC)
	times := []time.Time{
		{}, start, start.Add(1), start.Add(2), start.Add(3), start.In(berlin), start.Add(1), start.Add(-time.Hour),
		time.Unix(0, 0).UTC(), time.Unix(0, 5).In(berlin), time.Date(12345, 1, 1, 0, 0, 0, 6, time.UTC),
	}
	var now time.Time
	s := stamp{now: func() time.Time { return now }}
	for _, now = range times {
		if got, want := string(s.appendNow(nil)), now.Format(timeLayout); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
