package cmd

import (
	"context"
	"errors"
	"io"
	"time"

	"fogmq/internal/shell"
)

// runReceiver prints what comes, or keeps it in files, or hands it to --exec.
func runReceiver(ctx context.Context, e *env, c receiverConfig) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	handler, done, err := c.output.handler(ctx, stop, e)
	if err != nil {
		return err
	}
	sock, err := c.socket.open(e, c.topics)
	if err != nil {
		return err
	}
	o := shell.ReceiveOptions{
		Count:   c.count,
		Timeout: c.timeout,
		SkipBad: c.skipBad,
		Report:  e.reportSkipped,
	}
	if c.output.exec == "" { // commands may have the message still
		o.Done = sock.Recycle
	}
	sock.showProgress(counted(c.count, sock.in))
	err = shell.Receive(ctx, sock, handler, o)
	if doneErr := done(); err == nil {
		err = doneErr
	}
	return sock.finish(ctx, timeoutOf(err, "no message within %v", c.timeout))
}

// handler gives what received messages go to, and what is to be called when
// there are no more. stop, which ends ctx, is called when stdout fails under
// --exec.
func (c outputConfig) handler(ctx context.Context, stop context.CancelCauseFunc, e *env) (shell.Handler, func() error, error) {
	nothing := func() error { return nil }
	if c.save != "" {
		saver, err := c.saver(e)
		return saver, nothing, err
	}
	if c.exec == "" {
		printer, err := shell.NewPrinter(e.stdout, c.OutputOptions)
		return printer, nothing, err
	}
	command := c.command(e)
	command.Stdout = &endingWriter{e.stdout, stop}
	x := shell.NewExecutor(ctx, command, c.jobs, func(err error) { e.report.errorf("%v", err) })
	return x, func() error {
		err := x.Wait()
		if err == nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return err
	}, nil
}

// saver keeps each message as a file, and prints it where --format was given.
func (c outputConfig) saver(e *env) (*shell.Saver, error) {
	o := c.saveOptions()
	if c.shown {
		printer, err := shell.NewPrinter(e.stdout, c.OutputOptions)
		if err != nil {
			return nil, err
		}
		o.Printer = printer
	}
	saver, err := shell.NewSaver(o)
	if err != nil {
		return nil, err
	}
	return saver, saver.Open()
}

// An endingWriter ends the command when our stdout fails under what --exec
// runs: that is no failure of the CMD, which may see a broken pipe of it or
// nothing at all, and the next message would fare no better. Safe for
// concurrent use if the Writer is.
type endingWriter struct {
	io.Writer
	end context.CancelCauseFunc
}

// Write ends the command with the error of the Writer, if there is one.
func (w *endingWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if err != nil {
		w.end(err)
	}
	return n, err
}

// command is what --exec runs for a message.
func (c outputConfig) command(e *env) *shell.Command {
	return &shell.Command{
		Text: c.exec, Type: c.Type, Topics: c.Topics, Codec: c.Codec,
		Stdout: e.stdout, Stderr: passed{e.report},
	}
}

// timeoutOf gives the end of a wait that took too long its words and status.
func timeoutOf(err error, format string, wait time.Duration) error {
	if errors.Is(err, shell.ErrTimeout) {
		return timeoutf(format, wait)
	}
	return err
}
