//go:build soak

package soak

import (
	"flag"
	"testing"
	"time"
)

var soakTime = flag.Duration("soak.time", time.Hour, "how long to soak")

// duration tells how long to go on, by the clock.
func duration(t *testing.T) (goesOn func(measured int) bool) {
	end := time.Now().Add(*soakTime)
	if deadline, ok := t.Deadline(); ok && deadline.Before(end) {
		t.Fatalf("the test would be ended before it has soaked for %v: give go test -timeout 0", *soakTime)
	}
	return func(int) bool { return time.Now().Before(end) }
}
