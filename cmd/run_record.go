package cmd

import (
	"context"
	"fmt"

	"fogmq/internal/recording"
	"fogmq/internal/shell"
)

// runRecord writes what comes to a recording.
func runRecord(ctx context.Context, e *env, c recordConfig) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	w, err := c.open(e, fail)
	if err != nil {
		return err
	}
	sock, err := c.socket.open(e, c.topics)
	if err != nil {
		_ = w.Close() // the first error is the one to tell
		return err
	}
	c.showProgress(e, sock)
	printer, err := shell.NewPrinter(w, shell.OutputOptions{Format: "jsonl", Now: recording.Clock()})
	if err == nil {
		err = shell.Receive(ctx, sock, printer, shell.ReceiveOptions{Count: c.count, Timeout: c.timeout, Done: sock.Recycle})
	}
	if writeErr := w.Close(); writeErr != nil {
		err = fmt.Errorf("%s, then: %w", countOf(int(w.Records()), "message was recorded", "messages were recorded"), writeErr)
	} else if c.file != "-" {
		e.report.noticef("%s in %s", countOf(int(w.Records()), "message recorded", "messages recorded"), c.file)
	}
	return sock.finish(ctx, timeoutOf(err, "no message within %v", c.timeout))
}

// open opens the recording. fail is told when it takes no more.
func (c recordConfig) open(e *env, fail func(error)) (*recording.Writer, error) {
	if c.file == "-" {
		return recording.NewWriter(e.stdout, c.compressed, fail), nil
	}
	w, err := recording.Open(c.file, recording.Options{Compressed: c.compressed, Overwrite: c.overwrite, Failed: fail})
	if err == nil && w.Repaired() {
		e.report.errorf("%s: its end was torn, as a crash leaves it, and is cut off behind the last whole record", c.file)
	}
	return w, err
}

// showProgress shows how many messages came, unless they go to the terminal.
func (c recordConfig) showProgress(e *env, sock *running) {
	if c.file != "-" || !isTerminal(e.stdout) {
		sock.wipe = e.showProgress(task{title: "record", total: int64(c.count), done: sock.in})
	}
}
