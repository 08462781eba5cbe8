package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"fogmq/internal/peertest"
)

// noSpace is the one line that a full disk costs. A proxy says in another one
// what it could not pass on any more.
const noSpace = `^(fogmq: \d+ messages? .* not passed on.*\n)?fogmq: [^\n]*no space left on device\n$`

// A full stdout ends every command that writes to it with status 1 and one line,
// whoever does the writing.
func TestFullStdoutOfEveryCommand(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, args, peer string }{
		{"sub", "sub", "pub --wait-subscribers 1 hello"},
		{"xpub", "xpub --source number -i 0.02 -q", "sub"},
		{"pull", "pull", "push hello"},
		{"pull jsonl", "pull -J", "push hello"},
		{"pull --exec", "pull -x cat", "push hello more"},
		{"pull --exec, counted", "pull -n 1 -x cat", "push hello"},
		{"pull --exec that goes on", "pull -x cat;echo", "push hello more"},
		{"pull --exec, many", "pull --jobs 4 -x cat", "push a b c d e f g h"},
		{"req", "req hello", "rep --echo"},
		{"req --exec", "req hello more -x cat", "rep --echo"},
		{"rep", "rep --echo -F raw", "req hello -q -W 30"},
		{"rep pretty", "rep --echo -F pretty", "req hello -q -W 30"},
		{"dealer", "dealer -l", "dealer hello"},
		{"router", "router -l", "dealer hello"},
		{"pair", "pair -l", "pair hello"},
		{"pair --exec", "pair -l -x cat", "pair hello"},
		{"push pretty", "push hello -F pretty", "pull"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
			if err != nil {
				peertest.Lack(t, err)
			}
			endpoint := freeEndpoint(t)
			p := launchTo(t, full, "fogmq", append(words(tt.args), "-b", endpoint)...)
			fogmq(t, append(words(tt.peer), "-c", endpoint)...)
			p.wantEndLike(statusFailed, noSpace)
		})
	}
}

// tinyDisk mounts a file system of a few pages, which needs root.
func tinyDisk(t *testing.T) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("a disk of our own needs root")
	}
	dir := t.TempDir()
	if err := syscall.Mount("fogmq-test", dir, "tmpfs", 0, "size=64k"); err != nil {
		peertest.Lack(t, fmt.Errorf("no disk of our own: %w", err))
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// A disk that fills up has what came before, in order, and then ends the command,
// whoever writes: fogmq, a command of its own or a proxy's capture.
func TestDiskFillsUp(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("x", 999)
	want := strings.Repeat(line+"\n", 100)
	for _, args := range []string{"pull", "pull -x cat;echo", "proxy streamer"} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			dir := tinyDisk(t)
			name := filepath.Join(dir, "out")
			file, err := os.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			endpoint := freeEndpoint(t)
			var p *process
			if strings.HasPrefix(args, "proxy") {
				file.Close()
				backend := freeEndpoint(t)
				fogmq(t, "pull", "-c", backend, "-F", "%n")
				p = fogmq(t, append(words(args), "--frontend", endpoint, "--backend", backend, "--capture", name)...)
			} else {
				p = launchTo(t, file, "fogmq", append(words(args), "-b", endpoint)...)
			}
			push := fogmqFrom(t, strings.NewReader(want), "push", "-c", endpoint)
			p.wantEndLike(statusFailed, noSpace)
			push.kill()
			got, err := os.ReadFile(name)
			if err != nil || len(got) < 40<<10 {
				t.Fatalf("%d bytes were written: %v", len(got), err)
			}
			for i, text := range strings.SplitAfter(string(got), "\n") {
				if strings.HasSuffix(text, "\n") && !strings.Contains(text, line) {
					t.Fatalf("line %d is %.30q", i, text)
				}
			}
		})
	}
}

// Streams that are closed from the start are as good as /dev/null, and never some
// connection that happened to get their number.
func TestClosedStreams(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ redirect, stdout string }{
		{"<&-", "hello"}, {"2>&-", "hello"}, {"<&- 2>&-", "hello"}, {">&-", ""}, {"<&- >&- 2>&-", ""},
	} {
		for _, exec := range []string{"", " -x cat"} {
			t.Run(tt.redirect+exec, func(t *testing.T) {
				t.Parallel()
				endpoint := freeEndpoint(t)
				p := launch(t, nil, "sh", "-c", fmt.Sprintf("exec fogmq pull -v -n 1 -b %s%s %s", endpoint, exec, tt.redirect))
				fogmq(t, "push", "-c", endpoint, "hello").succeed()
				if status, got := p.status(), strings.TrimSpace(p.out.text()); status != statusDone || got != tt.stdout {
					t.Errorf("status %d, stdout %q", status, got)
				}
			})
		}
	}
}
