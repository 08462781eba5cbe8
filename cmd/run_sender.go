package cmd

import (
	"context"
	"sync/atomic"

	"fogmq/internal/patterns"
	"fogmq/internal/shell"
)

// runSender sends what the configuration says, then waits until it has left.
func runSender(ctx context.Context, e *env, c senderConfig) error {
	src, err := c.input.open(e)
	if err != nil {
		return err
	}
	shown, err := c.output.sentPrinter(e)
	if err != nil {
		return err
	}
	sock, err := c.socket.open(e, nil)
	if err != nil {
		return err
	}
	c.input.tell(e)
	send := c.input.sendOptions(e, c.count, shown)
	send.Copied = patterns.CopiedBody
	send.Before = sock.subscribers(c.waitSubscribers)
	send.Sent = new(atomic.Int64)
	sock.showProgress(sock.sending(c.input, c.count, send.Sent))
	return sock.finish(ctx, shell.Send(ctx, src, sock, send))
}

// subscribers gives what waits until n peers have subscribed, or nil for 0.
func (r *running) subscribers(n int) func(context.Context) error {
	if n == 0 {
		return nil
	}
	return func(ctx context.Context) error { return r.WaitSubscribers(ctx, n) }
}

// tell says what was chosen to be sent when nobody said so.
func (c inputConfig) tell(e *env) {
	if c.notice != "" {
		e.report.noticef("%s", c.notice)
	}
}

func (c inputConfig) sendOptions(e *env, count int, shown *shell.Printer) shell.SendOptions {
	return shell.SendOptions{
		Count:    count,
		Interval: c.interval,
		SkipBad:  c.skipBad,
		Report:   e.reportSkipped,
		Shown:    shown,
	}
}

// sentPrinter prints what is sent, or is nil where nothing is to be printed.
func (c outputConfig) sentPrinter(e *env) (*shell.Printer, error) {
	if !c.shown {
		return nil, nil
	}
	return shell.NewPrinter(e.stdout, c.OutputOptions)
}

// conversationPrinter prints what is sent by a command that prints what it
// receives. In pretty, which is for people, both sides of the conversation are
// shown, in their order; in all other formats stdout is for what was received.
func (c outputConfig) conversationPrinter(received shell.Handler) *shell.Printer {
	switch h := received.(type) {
	case *shell.Printer:
		if c.pretty() {
			return h
		}
	case *shell.Saver:
		if c.pretty() {
			return h.Printer()
		}
	}
	return nil
}

// reportSkipped tells of a record or message that --skip-bad passes over.
func (e *env) reportSkipped(err error) { e.report.errorf("%v (passed over)", err) }
