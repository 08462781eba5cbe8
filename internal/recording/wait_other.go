//go:build !linux

package recording

import "time"

func sleepExactly(d time.Duration) { time.Sleep(d) }
