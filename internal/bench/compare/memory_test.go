package main

import (
	"os"
	"testing"

	"fogmq/internal/peertest"
)

func TestParseStatus(t *testing.T) {
	const status = "Name:\tfogmq\nVmPeak:\t 1234567 kB\nVmHWM:\t    9044 kB\nVmRSS:\t    8996 kB\nThreads:\t5\n"
	for figure, want := range map[string]float64{"VmHWM": 9044 * 1024, "VmRSS": 8996 * 1024} {
		if got, err := parseStatus([]byte(status), figure); err != nil || got != want {
			t.Errorf("%s: %v, %v, want %v", figure, got, err, want)
		}
	}
	if _, err := parseStatus([]byte("Name:\tzombie\n"), "VmRSS"); err == nil {
		t.Error("a process that has ended has memory")
	}
}

func TestMemoryOf(t *testing.T) {
	if err := findProc(); err != nil {
		peertest.Lack(t, err)
	}
	now, err := memoryOf(os.Getpid(), "VmRSS")
	if err != nil || now < 1e6 {
		t.Errorf("%v bytes, %v", now, err)
	}
}
