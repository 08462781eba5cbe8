package recording

import "time"

// coarse is what a timer of Go's may be late by, where it waits for the network as well.
const coarse = 2 * time.Millisecond

// waitUntil waits as exactly as the system can. It is false if closed was closed first.
func waitUntil(due time.Time, closed <-chan struct{}) bool {
	for {
		left := time.Until(due)
		if left <= coarse {
			select {
			case <-closed:
				return false
			default:
			}
			if left > 0 {
				sleepExactly(left)
			}
			return true
		}
		t := time.NewTimer(left - coarse)
		select {
		case <-t.C:
		case <-closed:
			t.Stop()
			return false
		}
	}
}
