package cmd

import (
	"context"
	"errors"

	"fogmq/internal/patterns"
	"fogmq/internal/shell"
)

// runDuplex sends what the configuration says and prints what comes meanwhile.
func runDuplex(ctx context.Context, e *env, c duplexConfig) error {
	src, err := c.input.open(e)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	handler, done, err := c.output.handler(ctx, stop, e)
	if err != nil {
		return err
	}
	sock, err := c.socket.open(e, nil)
	if err != nil {
		return err
	}
	c.input.tell(e)
	err = c.converse(ctx, e, src, sock, handler)
	if doneErr := done(); err == nil {
		err = doneErr
	}
	return sock.finish(ctx, timeoutOf(err, "no message within %v", c.timeout))
}

func (c duplexConfig) converse(ctx context.Context, e *env, src shell.Source, sock *running, h shell.Handler) error {
	send := c.input.sendOptions(e, 0, c.output.conversationPrinter(h))
	send.Before = sock.subscribers(c.waitSubscribers)
	send.IsBad = isUnroutable
	receive := shell.ReceiveOptions{Timeout: c.timeout, SkipBad: c.input.skipBad, Report: e.reportSkipped}
	if c.untilSent {
		send.Count = c.count
	} else {
		receive.Count = c.count
	}
	return shell.Converse(ctx, src, sock, h, send, receive, c.untilSent)
}

// isUnroutable tells the errors of a ROUTER that are about one message.
func isUnroutable(err error) bool {
	return errors.Is(err, patterns.ErrUnroutable) || errors.Is(err, patterns.ErrNoRoutingID)
}
