package cmd

import (
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// newTerminal returns the two sides of a terminal: what a program has for its
// stderr, and what is to be seen there.
func newTerminal(t *testing.T) (stderr, screen *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil && os.Getenv("FOGMQ_REQUIRE_PEERS") == "1" {
		t.Fatalf("FOGMQ_REQUIRE_PEERS=1 wants a terminal: %v", err)
	}
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { screen.Close() })
	number, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(int(screen.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80})
	}
	if err != nil {
		t.Fatal(err)
	}
	if stderr, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stderr.Close() })
	return stderr, screen
}

// A benchmark shows how far it is, and leaves nothing of it behind.
func TestBenchShowsProgressOnATerminal(t *testing.T) {
	t.Parallel()
	stderr, screen := newTerminal(t)
	p := prepareProcess(t, "fogmq", "bench", "thr", "-n", "100000000")
	p.cmd.Stderr = stderr
	p.cmd.Env = append(p.cmd.Env, "TERM=xterm")
	p.start()
	leave(stderr)
	shown := newTranscript()
	go func() {
		_, _ = io.Copy(shown, screen) // an end of the program is an error here
		shown.end()
	}()
	p.await(shown, "a bar", func(text string) bool {
		return strings.Contains(text, "\rthr 64 bytes [") && strings.Contains(text, "/100000000")
	})
	p.signal(syscall.SIGINT)
	if status := p.status(); status != 130 {
		t.Errorf("status %d", status)
	}
	p.await(shown, "the bar's end", func(text string) bool { return strings.HasSuffix(text, "\r\x1b[K") })
	for _, drawn := range strings.Split(shown.text(), "\r") {
		if len(drawn) > 79 {
			t.Errorf("%d columns: %q", len(drawn), drawn)
		}
	}
}

func TestWhereProgressIsShown(t *testing.T) {
	stderr, _ := newTerminal(t)
	tests := []struct {
		name string
		w    io.Writer
		set  func(*fakeEnv)
		want int
	}{
		{"terminal", stderr, func(*fakeEnv) {}, 79},
		{"quiet", stderr, func(e *fakeEnv) { e.report.quiet = true }, 0},
		{"dumb", stderr, func(e *fakeEnv) { e.vars["TERM"] = "dumb" }, 0},
		{"no terminal", io.Discard, func(*fakeEnv) {}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := testEnv(nil)
			e.report.w = tt.w
			tt.set(e)
			if got := e.report.progressWidth(); got != tt.want {
				t.Errorf("%d columns, want %d", got, tt.want)
			}
		})
	}
}

// What is reported meanwhile has a line of its own.
func TestReportWipesProgress(t *testing.T) {
	e := testEnv(nil)
	if _, err := (progressWriter{e.report}).Write([]byte("\rbar")); err != nil {
		t.Fatal(err)
	}
	e.report.errorf("bad")
	e.report.wipe()
	if got, want := e.err.String(), "\rbar\r\x1b[Kfogmq: bad\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
