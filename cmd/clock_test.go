package cmd

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"fogmq/internal/peertest"
)

// A bentClock has programs of its own see another time of day than the machine:
// qemu's user mode gives them no vDSO, so that they ask libc, which libfaketime
// stands in front of. The monotonic clock stays what it is, as it does when an
// administrator or NTP sets the time.
type bentClock struct {
	t       *testing.T
	qemu    string
	library string
	program string // fogmq without the race detector, which qemu can't run
	offset  string // a file that libfaketime reads whenever it is asked
}

func newBentClock(t *testing.T) *bentClock {
	t.Helper()
	guest, ok := map[string]string{"amd64": "qemu-x86_64", "arm64": "qemu-aarch64"}[runtime.GOARCH]
	if runtime.GOOS != "linux" || !ok {
		t.Skip("no clock of our own on " + runtime.GOOS + "/" + runtime.GOARCH)
	}
	c := &bentClock{t: t, offset: filepath.Join(t.TempDir(), "offset"), program: filepath.Join(t.TempDir(), "fogmq")}
	var err error
	if c.qemu, err = exec.LookPath(guest); err != nil {
		c.missing("Debian's qemu-user", err)
	}
	found, _ := filepath.Glob("/usr/lib/*/faketime/libfaketimeMT.so.1") // the pattern is good
	if len(found) == 0 {
		c.missing("Debian's faketime", os.ErrNotExist)
	}
	c.library = found[0]
	if out, err := exec.Command("go", "build", "-o", c.program, "fogmq").CombinedOutput(); err != nil {
		c.missing("a Go that builds fogmq", fmt.Errorf("%w: %s", err, out))
	}
	c.set("+0")
	return c
}

func (c *bentClock) missing(what string, err error) {
	c.t.Helper()
	peertest.Lack(c.t, fmt.Errorf("no %s: %w", what, err))
}

// set has the time of day jump, for all that were started, to so much from now.
func (c *bentClock) set(offset string) {
	c.t.Helper()
	next := c.offset + ".next" // a file that is being written would be read half
	if err := os.WriteFile(next, []byte(offset+"\n"), 0o600); err != nil {
		c.t.Fatal(err)
	}
	if err := os.Rename(next, c.offset); err != nil {
		c.t.Fatal(err)
	}
}

// fogmq starts fogmq under this clock.
func (c *bentClock) fogmq(args ...string) *process {
	c.t.Helper()
	p := prepareProcess(c.t, c.qemu, append([]string{c.program}, args...)...)
	p.cmd.Env = append(p.cmd.Env, "LD_PRELOAD="+c.library, "FAKETIME_TIMESTAMP_FILE="+c.offset,
		"FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1")
	p.start()
	return p
}

// The time of day jumps by a day, forward and back, under heartbeats, intervals,
// timeouts and reconnects: nobody is dropped, nothing is sent early or late,
// nothing times out.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	c := newBentClock(t)
	endpoint, nobody := freeEndpoint(t), freeEndpoint(t)
	beat := words("-v --heartbeat 1s")
	pull := c.fogmq(append(words("pull -J -W 60 -b "+endpoint), beat...)...)
	push := c.fogmq(append(words("push --source number --channels 1 -i 100ms -c "+endpoint), beat...)...)
	late := c.fogmq("pull", "-W", "3600", "-c", nobody)
	hours := c.fogmq("push", "-i", "1h", "-b", freeEndpoint(t), "-F", "%p", "one", "two")
	hours.says("one")
	pull.news(5)
	today := pull.saysLike(`"time":"(\d{4}-\d\d-\d\d)T`)[1]
	for _, jump := range []string{"+1d", "-1d", "+0"} {
		c.set(jump)
		// Longer than a silent peer is left alone.
		pull.news(25)
	}
	if !strings.Contains(strings.ReplaceAll(pull.out.text(), `"time":"`+today, ""), `"time":"`) {
		t.Error("the clock did not jump")
	}
	for _, p := range []*process{pull, push} {
		if text := p.err.text(); strings.Contains(text, "DISCONNECTED") || strings.Contains(text, "no message") {
			t.Errorf("%s: %s", p, text)
		}
	}
	if got := hours.out.text(); got != "one\n" {
		t.Errorf("an hour passed: %q", got)
	}
	hours.isWell()
	fogmq(t, "push", "-b", nobody, "at last").succeed()
	late.says("at last")
}
