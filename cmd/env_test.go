package cmd

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
)

// fakeEnv is an env whose output and signals a test holds in its hands.
type fakeEnv struct {
	*env
	out, err bytes.Buffer
	signals  chan os.Signal
	released int
	vars     map[string]string
}

func testEnv(stdin io.Reader) *fakeEnv {
	f := &fakeEnv{signals: make(chan os.Signal, 1), vars: map[string]string{}}
	f.env = newEnv(stdin, &f.out, &f.err, func(name string) string { return f.vars[name] },
		f.signals, func() { f.released++ })
	return f
}

func TestSignalEndsTheContext(t *testing.T) {
	e := testEnv(nil)
	ctx, stop := e.context()
	defer stop()
	e.signals <- syscall.SIGTERM
	<-ctx.Done()
	err := withCause(ctx, ctx.Err())
	if got := exitStatus(err); got != 128+15 {
		t.Errorf("status %d of %v, want 143", got, err)
	}
	if e.released != 1 {
		t.Errorf("signals were released %d times, want once: the next one kills", e.released)
	}
}

func TestContextOfAnUninterruptedCommand(t *testing.T) {
	e := testEnv(nil)
	ctx, stop := e.context()
	stop()
	<-ctx.Done()
	if err := withCause(ctx, ctx.Err()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestExitStatus(t *testing.T) {
	tests := []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("x"), 1},
		{usagef("x"), 2},
		{timeoutf("x"), 124},
		{&signalError{syscall.SIGINT}, 130},
		{errors.Join(errors.New("left"), &signalError{syscall.SIGINT}), 130},
		{&signalError{syscall.SIGPIPE}, 141},
	}
	for _, tt := range tests {
		if got := exitStatus(tt.err); got != tt.want {
			t.Errorf("exitStatus(%v) = %d, want %d", tt.err, got, tt.want)
		}
	}
}

func TestClosedStdoutEndsAsSIGPIPEDoes(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	r.Close()
	e := newEnv(nil, w, io.Discard, os.Getenv, nil, func() {})
	if status := execute(e, []string{"version"}); status != 141 {
		t.Errorf("status %d, want 141", status)
	}
}

func TestColorOn(t *testing.T) {
	tests := []struct {
		color string
		vars  map[string]string
		want  bool
	}{
		{"auto", nil, false}, // a buffer is no terminal
		{"always", nil, true},
		{"always", map[string]string{"NO_COLOR": "1"}, true},
		{"never", nil, false},
	}
	for _, tt := range tests {
		e := testEnv(nil)
		e.vars = tt.vars
		e.report.color = tt.color
		if got := e.report.colorOn(e.stdout); got != tt.want {
			t.Errorf("--color %s, %v: %v, want %v", tt.color, tt.vars, got, tt.want)
		}
	}
}

func TestReport(t *testing.T) {
	tests := []struct {
		name string
		set  func(*reporter)
		want string
	}{
		{"plain", func(*reporter) {}, "fogmq: bad\nfogmq: note\n"},
		{"quiet", func(r *reporter) { r.quiet = true }, "fogmq: bad\n"},
		{"verbose", func(r *reporter) { r.verbose = true }, "fogmq: bad\nfogmq: note\nfogmq: detail \\x1b[2J\n"},
		{"red", func(r *reporter) { r.color = "always" }, "\x1b[31mfogmq: bad\x1b[0m\nfogmq: note\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := testEnv(nil)
			tt.set(e.report)
			e.report.errorf("bad")
			e.report.noticef("note")
			e.report.verbosef("detail %s", "\x1b[2J")
			if got := e.err.String(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestClassifyStdin(t *testing.T) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	file, err := os.Create(t.TempDir() + "/f")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	closed, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	pipe := strings.NewReader("")
	tests := []struct {
		name  string
		stdin io.Reader
		want  stdinKind
	}{
		{"none", nil, stdinNothing},
		{"/dev/null", null, stdinNothing},
		{"file", file, stdinData},
		{"pipe", closed, stdinData},
		{"reader", pipe, stdinData},
	}
	for _, tt := range tests {
		if got := classifyStdin(tt.stdin); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	closed.Close()
	if got := classifyStdin(closed); got != stdinNothing {
		t.Errorf("closed: %v, want %v", got, stdinNothing)
	}
}

func TestVersionNamesWhatItIsBuiltFrom(t *testing.T) {
	var b strings.Builder
	writeDependencies(&b, []*debug.Module{
		{Path: "github.com/go-zeromq/zmq4", Version: "v0.17.0"},
		{Path: "example.org/other", Version: "v1.0.0"},
		{Path: "github.com/spf13/cobra", Version: "v1.10.2"},
	})
	if want := "zmq4    v0.17.0\ncobra   v1.10.2\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}
