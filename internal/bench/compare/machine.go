package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A machine is what the figures were taken on.
type machine struct {
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Kernel string `json:"kernel"`
	Go     string `json:"go"`
	Libzmq string `json:"libzmq"`
	Date   string `json:"date"`
}

func thisMachine(ctx context.Context, k *kit) machine {
	return machine{
		CPU:    cpuModel(),
		Cores:  runtime.NumCPU(),
		Kernel: kernel(),
		Go:     runtime.Version(),
		Libzmq: libzmqVersion(ctx, k),
		Date:   time.Now().Format(time.DateOnly),
	}
}

func (m machine) String() string {
	return fmt.Sprintf("%s, %d cores, %s, %s, libzmq %s, %s", m.CPU, m.Cores, m.Kernel, m.Go, m.Libzmq, m.Date)
}

// cpuName is how Linux tells it: "model name" on PCs, "Model" on a Pi.
var cpuName = regexp.MustCompile(`(?m)^(?:model name|Model)\s*:\s*(.+)$`)

func cpuModel() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		if found := cpuName.FindSubmatch(text); found != nil {
			return string(found[1])
		}
	}
	return runtime.GOARCH
}

func kernel() string {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return runtime.GOOS
	}
	return unix.ByteSliceToString(name.Sysname[:]) + " " + unix.ByteSliceToString(name.Release[:])
}

func libzmqVersion(ctx context.Context, k *kit) string {
	words := k.peer("version")
	out, err := exec.CommandContext(ctx, words[0]).Output()
	if err != nil {
		return "none"
	}
	return strings.TrimSpace(string(out))
}
