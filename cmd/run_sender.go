package cmd

import (
	"context"

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
	if c.waitSubscribers > 0 {
		err = sock.WaitSubscribers(ctx, c.waitSubscribers)
	}
	if err == nil {
		err = shell.Send(ctx, src, sock, c.input.sendOptions(e, c.count, shown))
	}
	return sock.finish(ctx, err)
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

// reportSkipped tells of a record or message that --skip-bad passes over.
func (e *env) reportSkipped(err error) { e.report.errorf("%v (passed over)", err) }
