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
	src, err := c.input.open(e)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	replies, done, err := c.output.handler(ctx, stop, e)
	if err != nil {
		return err
	}
	sock, err := c.socket.open(e, nil)
	if err != nil {
		return err
	}
	c.input.tell(e)
	err = shell.Ask(ctx, src, sock, shell.AskOptions{
		SendOptions: c.input.sendOptions(e, c.count, c.output.conversationPrinter(replies)),
		Timeout:     c.timeout,
		Retries:     c.retries,
		IsLost:      func(err error) bool { return errors.Is(err, patterns.ErrRequestLost) },
		Notice:      e.report.noticef,
		Replies:     replies,
	})
	if doneErr := done(); err == nil {
		err = doneErr
	}
	if errors.Is(err, shell.ErrTimeout) {
		err = &timeoutError{fmt.Errorf("%w (is anybody there? -v tells)", err)}
	}
	return sock.finish(ctx, err)
}
