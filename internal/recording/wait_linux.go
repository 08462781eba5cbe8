package recording

import (
	"time"

	"golang.org/x/sys/unix"
)

// sleepExactly has the kernel wake this thread, some 50 µs late at most on an idle
// machine: the runtime's timers share the poller's milliseconds.
func sleepExactly(d time.Duration) {
	due := time.Now().Add(d)
	for d > 0 {
		wait := unix.NsecToTimespec(int64(d))
		if unix.Nanosleep(&wait, nil) == nil {
			return
		}
		d = time.Until(due) // a signal was handled meanwhile
	}
}
