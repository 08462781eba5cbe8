package recording

import "time"

// Clock returns a clock for the times of one recording: what it was when Clock was
// called, and what has passed since. To set the clock of the machine, as a Pi does when
// it finds the network, makes no gap in the recording and has no time run backwards.
func Clock() func() time.Time {
	began := time.Now()
	return func() time.Time { return began.Add(time.Since(began)) }
}
