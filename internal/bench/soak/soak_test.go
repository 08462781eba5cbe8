// Package soak runs all that sockets do, again and again, and checks that nothing
// of it stays behind: no memory, no goroutine, no open file. It does so a few times
// in each test run, and with -tags soak for an hour:
//
//	go test -tags soak -timeout 0 -v ./internal/bench/soak
//	go test -tags soak -timeout 0 -v ./internal/bench/soak -soak.time 10m
package soak

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience ends a test that hangs. Nothing that passes waits for it.
const patience = time.Minute

// warmUp is how many cycles may take what they need before it is measured: queues
// that stay full are filled, and pools have what is used again.
const warmUp = 8

// What may be there beside what the first measured cycle left: the buffers of the
// connections that stay, 256 KiB each, of which now some are in use and now others,
// and what the runtime has for itself.
const (
	heapSlack      = 2 << 20
	goroutineSlack = 2
	fileSlack      = 2
)

// mercy is in how many cycles one after the other there may be more: what a busy
// connection has for a buffer is now this, now that. What is lost stays lost.
const mercy = 20

// A footprint is what this process takes between two cycles.
type footprint struct {
	heap       int64 // bytes that live, after garbage collection
	goroutines int
	files      int // that are open; 0 where the system does not tell
}

func (f footprint) String() string {
	return fmt.Sprintf("%d KiB, %d goroutines, %d files", f.heap>>10, f.goroutines, f.files)
}

// within tells whether nothing grew beyond f by more than the slack.
func (f footprint) within(first footprint) bool {
	return f.heap <= first.heap+heapSlack &&
		f.goroutines <= first.goroutines+goroutineSlack &&
		f.files <= first.files+fileSlack
}

func measure() footprint {
	for range 3 { // what a pool keeps goes with the second
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		open = nil
	}
	return footprint{int64(m.HeapAlloc), runtime.NumGoroutine(), len(open)}
}

// lowest measures until the number of goroutines and files has not gone down for a
// while: who has hung up is noticed a little later.
func lowest() footprint {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	best := measure()
	for same := 0; same < 30; same++ {
		<-tick.C
		now := measure()
		if now.goroutines < best.goroutines || now.files < best.files {
			same = 0
		}
		best.heap = min(best.heap, now.heap)
		best.goroutines = min(best.goroutines, now.goroutines)
		best.files = min(best.files, now.files)
	}
	return best
}

// settled measures until no goroutine and no file is left, or patience ends.
func settled(first footprint) footprint {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); ; <-tick.C {
		now := measure()
		counts := footprint{first.heap, now.goroutines, now.files}
		if counts.within(first) || time.Now().After(end) {
			return now
		}
	}
}

// Whatever sockets did, it leaves nothing behind.
func TestSoak(t *testing.T) {
	w := newWorld(t)
	goesOn := duration(t)
	cycle := 0
	play := func() {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		if err := w.play(ctx, cycle); err != nil {
			t.Fatalf("cycle %d: %v", cycle, err)
		}
		cycle++
	}
	for cycle < warmUp {
		play()
	}
	play()
	first := lowest()
	t.Logf("%d cycles: %v", cycle, first)
	reported := time.Now()
	for tooMuch := 0; goesOn(cycle-warmUp) || tooMuch > 0; {
		play()
		now := settled(first)
		tooMuch++
		if now.within(first) {
			tooMuch = 0
		}
		if tooMuch == mercy || now.goroutines > first.goroutines+goroutineSlack || now.files > first.files+fileSlack {
			t.Fatalf("%d cycles left %v, now it is %v after %d", warmUp+1, first, now, cycle)
		}
		if time.Since(reported) > time.Minute || !goesOn(cycle-warmUp) {
			reported = time.Now()
			t.Logf("%d cycles: %v", cycle, now)
		}
	}
}
