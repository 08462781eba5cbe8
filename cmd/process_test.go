package cmd

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"fogmq/internal/peertest"
)

// patience ends a test that hangs; nothing is expected to take so long.
const patience = 30 * time.Second

// A process is a program at work: fogmq, or a peer written in Python.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	out   *transcript // of stdout
	err   *transcript // of stderr
	ended chan struct{}
}

// fogmq starts this test binary as fogmq, with /dev/null for stdin.
func fogmq(t *testing.T, args ...string) *process {
	t.Helper()
	return fogmqFrom(t, nil, args...)
}

// fogmqFrom is fogmq with a stdin. A reader that is no file becomes a pipe.
func fogmqFrom(t *testing.T, stdin io.Reader, args ...string) *process {
	t.Helper()
	return launch(t, stdin, "fogmq", args...)
}

// fogmqTyped is fogmq whose stdin is a pipe that the test writes to.
func fogmqTyped(t *testing.T, args ...string) (p *process, typing *os.File) {
	t.Helper()
	stdin, typing, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	p = fogmqFrom(t, stdin, args...)
	t.Cleanup(func() { typing.Close() })
	return p, typing
}

// python starts one of the programs in testdata/peers.
func python(t *testing.T, program string, args ...string) *process {
	t.Helper()
	return launch(t, nil, peertest.Python(t), append([]string{"-u", "testdata/peers/" + program}, args...)...)
}

func launch(t *testing.T, stdin io.Reader, name string, args ...string) *process {
	t.Helper()
	p := prepareProcess(t, name, args...)
	p.cmd.Stdin = stdin
	p.start()
	return p
}

// launchTo starts a program whose stdout is a file of the test's, which is
// closed here.
func launchTo(t *testing.T, stdout *os.File, name string, args ...string) *process {
	t.Helper()
	p := prepareProcess(t, name, args...)
	p.cmd.Stdout = stdout
	p.start()
	stdout.Close()
	return p
}

func prepareProcess(t *testing.T, name string, args ...string) *process {
	p := &process{t: t, cmd: exec.Command(name, args...), out: newTranscript(), err: newTranscript(), ended: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.err
	p.cmd.Env = append(os.Environ(), "NO_COLOR=1", "GORACE=atexit_sleep_ms=0")
	return p
}

func (p *process) start() {
	p.t.Helper()
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // the status tells
		p.out.end()
		p.err.end()
		close(p.ended)
	}()
	p.t.Cleanup(func() {
		p.kill()
		if strings.Contains(p.err.text(), "DATA RACE") {
			p.t.Errorf("%s", p.err.text())
		}
		if p.t.Failed() {
			p.t.Logf("%s\nstdout: %q\nstderr: %q", p, shorten(p.out.text()), shorten(p.err.text()))
		}
	})
}

func (p *process) String() string { return strings.Join(p.cmd.Args, " ") }

func shorten(s string) string {
	const most = 2000
	if len(s) <= most {
		return s
	}
	return s[:most/2] + " ... " + s[len(s)-most/2:]
}

// kill ends the process with SIGKILL and returns when it is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.ended
}

// signal sends a signal and returns at once.
func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatalf("%s: %v", p, err)
	}
}

// status waits for the end and returns the exit status, -1 after a signal.
func (p *process) status() int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Fatalf("%s: does not end", p)
	}
	return p.cmd.ProcessState.ExitCode()
}

// succeed waits for an end with status 0 and nothing on stderr, and returns
// stdout.
func (p *process) succeed() string {
	p.t.Helper()
	p.wantEnd(statusDone, "")
	return p.out.text()
}

// wantEnd waits for an end with a status and exactly that stderr.
func (p *process) wantEnd(status int, stderr string) {
	p.t.Helper()
	if got := p.status(); got != status || p.err.text() != stderr {
		p.t.Fatalf("%s: status %d, stderr %q, want %d, %q", p, got, p.err.text(), status, stderr)
	}
}

// wantEndLike is wantEnd with a pattern for stderr.
func (p *process) wantEndLike(status int, stderr string) {
	p.t.Helper()
	got := p.status()
	if got != status || !regexp.MustCompile(stderr).MatchString(p.err.text()) {
		p.t.Fatalf("%s: status %d, stderr %q, want %d and %s", p, got, p.err.text(), status, stderr)
	}
}

// isWell ends the test if the process has ended or said something on stderr.
func (p *process) isWell() {
	p.t.Helper()
	select {
	case <-p.ended:
		p.t.Fatalf("%s: ended with %v, stderr %q", p, p.cmd.ProcessState, p.err.text())
	default:
	}
	if text := p.err.text(); text != "" {
		p.t.Fatalf("%s: stderr %q", p, text)
	}
}

// says waits for a line of stdout.
func (p *process) says(line string) {
	p.t.Helper()
	p.await(p.out, fmt.Sprintf("the line %q", line), func(text string) bool {
		return strings.Contains("\n"+text, "\n"+line+"\n")
	})
}

// saysLike waits for a part of stdout that matches pattern, and returns it with
// its groups.
func (p *process) saysLike(pattern string) []string {
	p.t.Helper()
	return p.match(p.out, pattern)
}

// warns is saysLike for stderr.
func (p *process) warns(pattern string) []string {
	p.t.Helper()
	return p.match(p.err, pattern)
}

func (p *process) match(of *transcript, pattern string) (found []string) {
	p.t.Helper()
	re := regexp.MustCompile(pattern)
	p.await(of, "what matches "+pattern, func(text string) bool {
		found = re.FindStringSubmatch(text)
		return found != nil
	})
	return found
}

// news waits until stdout has grown by n lines, and returns all lines that were
// added since it was called.
func (p *process) news(n int) []string {
	p.t.Helper()
	before := len(p.out.lines())
	var lines []string
	p.await(p.out, fmt.Sprintf("%d more lines", n), func(string) bool {
		lines = p.out.lines()[before:]
		return len(lines) >= n
	})
	return lines
}

func (p *process) await(tr *transcript, what string, there func(text string) bool) {
	p.t.Helper()
	deadline := time.After(patience)
	for {
		text, changed, ended := tr.state()
		switch {
		case there(text):
			return
		case ended:
			p.t.Fatalf("%s: ended before %s; stdout %q, stderr %q", p, what, shorten(p.out.text()), shorten(p.err.text()))
		}
		select {
		case <-changed:
		case <-deadline:
			p.t.Fatalf("%s: no sign of %s; stdout %q, stderr %q", p, what, shorten(p.out.text()), shorten(p.err.text()))
		}
	}
}

// A transcript keeps what a process writes and tells of every change.
type transcript struct {
	mu      sync.Mutex
	written []byte
	ended   bool
	changed chan struct{}
}

func newTranscript() *transcript { return &transcript{changed: make(chan struct{})} }

func (tr *transcript) Write(b []byte) (int, error) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.written = append(tr.written, b...)
	tr.tell()
	return len(b), nil
}

func (tr *transcript) end() {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.ended = true
	tr.tell()
}

func (tr *transcript) tell() {
	close(tr.changed)
	tr.changed = make(chan struct{})
}

func (tr *transcript) state() (text string, changed <-chan struct{}, ended bool) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return string(tr.written), tr.changed, tr.ended
}

func (tr *transcript) text() string {
	text, _, _ := tr.state()
	return text
}

// lines returns the whole lines so far.
func (tr *transcript) lines() []string {
	lines := strings.Split(tr.text(), "\n")
	return lines[:len(lines)-1]
}

// scratchFile writes a file for a test and returns its name.
func scratchFile(t *testing.T, name string, content []byte) string {
	t.Helper()
	name = t.TempDir() + "/" + name
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
