package cmd

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"

	"fogmq/internal/history"
)

// env is the part of the process that commands may touch. Tests put their own
// in its place.
type env struct {
	stdin   io.Reader        // nil or *os.File on a closed or empty device: there is nothing to read
	stdout  io.Writer        // message output, nothing else
	signals <-chan os.Signal // what ends the command
	release func()           // called after the first signal: the next one kills
	getenv  func(string) string
	report  *reporter // everything that is said on stderr
	helpErr error     // of the help text, which cobra has no way to tell
	history *history.List
}

// Main runs fogmq with the arguments that follow its name, until it is done or
// a signal ends it, and returns its exit status.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	signals, release := watchSignals()
	defer signal.Stop(signals)
	// Being told of SIGPIPE makes a write to a closed stdout return EPIPE, so
	// that sockets and socket files are put away before the command ends.
	brokenPipe := make(chan os.Signal, 1)
	signal.Notify(brokenPipe, syscall.SIGPIPE)
	defer signal.Stop(brokenPipe)

	return execute(newEnv(stdin, stdout, stderr, os.Getenv, signals, release), args)
}

func newEnv(stdin io.Reader, stdout, stderr io.Writer, getenv func(string) string,
	signals <-chan os.Signal, release func()) *env {
	return &env{
		stdin: stdin, stdout: stdoutWriter{stdout},
		signals: signals, release: release, getenv: getenv,
		report: newReporter(stderr, getenv), history: history.Open(getenv),
	}
}

// context returns one that ends, with a *signalError as its cause, when a
// signal arrives, and a function that frees what it holds.
func (e *env) context() (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	go func() {
		select {
		case s := <-e.signals:
			e.release()
			cancel(&signalError{s})
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(nil) }
}

// stdoutWriter turns the error of a closed stdout into the quiet end that
// SIGPIPE would have been.
type stdoutWriter struct{ io.Writer }

func (w stdoutWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if errors.Is(err, syscall.EPIPE) {
		err = &signalError{syscall.SIGPIPE}
	}
	return n, err
}
