package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"time"
)

// memoryOf reads one of the figures, in bytes, that Linux tells of a process's
// memory: VmRSS is what it has now, VmHWM the most that it had (proc(5)).
func memoryOf(pid int, figure string) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	return parseStatus(status, figure)
}

var statusLine = regexp.MustCompile(`(?m)^(\w+):\s+(\d+) kB$`)

func parseStatus(status []byte, figure string) (float64, error) {
	for _, found := range statusLine.FindAllSubmatch(status, -1) {
		if string(found[1]) == figure {
			kib, err := strconv.ParseFloat(string(found[2]), 64)
			return kib * 1024, err
		}
	}
	return 0, errors.New("no " + figure + " in the process's status")
}

// findProc tells whether this system says how much memory a process has.
func findProc() error {
	_, err := memoryOf(os.Getpid(), "VmHWM")
	return err
}

// A peak is the most memory that a process had.
type peak struct {
	bytes float64
	done  chan struct{}
}

// peakEvery is short against the time that a process takes to fill its memory.
const peakEvery = 5 * time.Millisecond

// peakOf looks at a process until it has ended. What the system tells at its
// end, in its resource usage, would be no less than the memory of who started it.
func peakOf(p *process) *peak {
	k := &peak{done: make(chan struct{})}
	go func() {
		defer close(k.done)
		tick := time.NewTicker(peakEvery)
		defer tick.Stop()
		for {
			if bytes, err := memoryOf(p.cmd.Process.Pid, "VmHWM"); err == nil {
				k.bytes = max(k.bytes, bytes)
			}
			select {
			case <-tick.C:
			case <-p.done:
				return
			}
		}
	}()
	return k
}

// wait returns the peak of a process once it has ended.
func (k *peak) wait() float64 {
	<-k.done
	return k.bytes
}
