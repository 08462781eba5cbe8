package cmd

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/go-zeromq/zmq4"
	"golang.org/x/sys/unix"

	"fogmq/internal/patterns"
	"fogmq/internal/peertest"
)

// newTerminal returns the two sides of a terminal: what a program has for its
// stderr, and what is to be seen there.
func newTerminal(t *testing.T) (stderr, screen *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		peertest.Lack(t, fmt.Errorf("no terminals here: %w", err))
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

// onTerminal starts fogmq with a terminal for its stderr, and returns what is to be
// seen there.
func onTerminal(t *testing.T, stdin io.Reader, args ...string) (*process, *transcript) {
	t.Helper()
	stderr, screen := newTerminal(t)
	p := prepareProcess(t, "fogmq", args...)
	p.cmd.Stdin, p.cmd.Stderr = stdin, stderr
	p.cmd.Env = append(p.cmd.Env, "TERM=xterm")
	p.start()
	leave(stderr)
	shown := newTranscript()
	go func() {
		_, _ = io.Copy(shown, screen) // an end of the program is an error here
		shown.end()
	}()
	return p, shown
}

// A command shows how far it is, and leaves nothing of it behind.
func TestProgressOnATerminal(t *testing.T) {
	file := scratchFile(t, "lines", []byte(strings.Repeat("a line\n", 1<<20)))
	tests := []struct {
		name  string
		args  string
		stdin bool // the file is
		want  string
	}{
		{"bench", "bench thr -n 100000000", false, `\rthr 64 bytes \[.*% \d+/100000000 \S+/s`},
		{"count of a sender", "push -b ENDPOINT -n 500 --source number -i 10s", false, `\rpush \[.*  0% 0/500 `},
		{"count of a publisher", "pub -b ENDPOINT -n 500 --source number --channels 5 -i 10s", false, `\rpub \[.*  1% 5/500 `},
		{"count of a receiver", "pull -b ENDPOINT -n 500", false, `\rpull \[.*  0% 0/500 `},
		{"count of replies", "rep -b ENDPOINT --echo -n 500", false, `\rrep \[.*  0% 0/500 `},
		{"files", "push -b ENDPOINT -f FILE -f FILE", false, `\rpush \[.*  0% 0/2 `},
		{"stdin that is a file", "req -b ENDPOINT -0", true, `\rreq \[.*100% 7.00 MiB/7.00 MiB `},
		{"stdin that is a pipe", "xpub -b ENDPOINT -i 10s", false, `\rxpub 0 -/s `},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pipe, typing, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer typing.Close()
			defer pipe.Close()
			if tt.stdin {
				if pipe, err = os.Open(file); err != nil {
					t.Fatal(err)
				}
				defer pipe.Close()
			}
			line := strings.NewReplacer("ENDPOINT", "ipc://"+t.TempDir()+"/s", "FILE", file).Replace(tt.args)
			p, shown := onTerminal(t, pipe, strings.Fields(line)...)
			bar := regexp.MustCompile(tt.want)
			p.await(shown, "a bar", bar.MatchString)
			p.signal(syscall.SIGINT)
			if status := p.status(); status != 130 {
				t.Errorf("status %d", status)
			}
			p.await(shown, "the bar's end", func(text string) bool {
				last := strings.LastIndex(text, "\r\x1b[K")
				return last >= 0 && !strings.Contains(text[last:], "/s ")
			})
			for _, drawn := range strings.Split(shown.text(), "\r") {
				if len(drawn) > 79 && !strings.HasPrefix(drawn, "\x1b[Kfogmq: ") {
					t.Errorf("%d columns: %q", len(drawn), drawn)
				}
			}
		})
	}
}

// Messages on the terminal are the progress.
func TestNoProgressAmongMessages(t *testing.T) {
	terminal, _ := newTerminal(t)
	e := newEnv(nil, terminal, terminal, func(string) string { return "" }, nil, func() {})
	r := &running{Socket: patterns.New(t.Context(), zmq4.Pull), e: e}
	defer r.Close()
	r.showProgress(counted(5, r.in))
	if r.wipe != nil {
		t.Error("progress is shown where messages are")
	}
	r.e.stdout = io.Discard
	r.showProgress(counted(5, r.in))
	if r.wipe == nil {
		t.Fatal("no progress is shown where messages go elsewhere")
	}
	r.wipe()
}

// A bar does not write over what the command of an --exec has begun to say.
func TestProgressLeavesLinesOfOthersAlone(t *testing.T) {
	e := testEnv(nil)
	draw := func(text string) {
		if _, err := (progressWriter{e.report}).Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	say := func(text string) {
		if _, err := (passed{e.report}).Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	draw("\rbar")
	say("half a ")
	draw("\rbar")
	say("line\n")
	draw("\rbar")
	e.report.wipe()
	if got, want := e.err.String(), "\rbar\r\x1b[Khalf a line\n\rbar\r\x1b[K"; got != want {
		t.Errorf("got %q, want %q", got, want)
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
