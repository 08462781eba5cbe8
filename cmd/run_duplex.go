package cmd

import (
	"context"
	"errors"
	"sync/atomic"

	"fogmq/internal/patterns"
	"fogmq/internal/shell"
)

// runDuplex sends what the configuration says and prints what comes meanwhile.
func runDuplex(ctx context.Context, e *env, c duplexConfig) error {
	talk := func(ctx context.Context, src shell.Source, sock *running, h shell.Handler) error {
		send := c.input.sendOptions(e, 0, c.output.conversationPrinter(h))
		send.Before = sock.subscribers(c.waitSubscribers)
		send.IsBad = isUnroutable
		receive := shell.ReceiveOptions{Timeout: c.timeout, SkipBad: c.input.skipBad, Report: e.reportSkipped}
		if c.untilSent {
			send.Count, send.Sent = c.count, new(atomic.Int64)
			sock.showProgress(sock.sending(c.input, c.count, send.Sent))
		} else {
			receive.Count = c.count
			sock.showProgress(counted(c.count, sock.in))
		}
		return shell.Converse(ctx, src, sock, h, send, receive, c.untilSent)
	}
	return conversation{c.socket, c.input, c.output}.run(ctx, e, talk, func(err error) error {
		return timeoutOf(err, "no message within %v", c.timeout)
	})
}

// isUnroutable tells the errors of a ROUTER that are about one message.
func isUnroutable(err error) bool {
	return errors.Is(err, patterns.ErrUnroutable) || errors.Is(err, patterns.ErrNoRoutingID)
}
