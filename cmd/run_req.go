package cmd

import (
	"context"
	"errors"
	"fmt"

	"fogmq/internal/patterns"
	"fogmq/internal/shell"
)

// runReq sends each request and prints its reply.
func runReq(ctx context.Context, e *env, c reqConfig) error {
	talk := func(ctx context.Context, src shell.Source, sock *running, h shell.Handler) error {
		sock.showProgress(c.input.progress(e, c.count, sock.in))
		return shell.Ask(ctx, src, sock, shell.AskOptions{
			SendOptions: c.input.sendOptions(e, c.count, c.output.conversationPrinter(h)),
			Timeout:     c.timeout,
			Retries:     c.retries,
			IsLost:      func(err error) bool { return errors.Is(err, patterns.ErrRequestLost) },
			Notice:      e.report.noticef,
			Replies:     h,
		})
	}
	return conversation{c.socket, c.input, c.output}.run(ctx, e, talk, func(err error) error {
		if errors.Is(err, shell.ErrTimeout) {
			return &timeoutError{fmt.Errorf("%w (is anybody there? -v tells)", err)}
		}
		return err
	})
}
