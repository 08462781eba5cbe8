package cmd

import (
	"context"

	"fogmq/internal/shell"
)

// A conversation is what a command that sends and receives on one socket is
// made of.
type conversation struct {
	socket socketConfig
	input  inputConfig
	output outputConfig
}

// run opens what the conversation needs, has talk do it, and ends the command
// with what talk ended with, in the words that ended gives it.
func (c conversation) run(ctx context.Context, e *env,
	talk func(context.Context, shell.Source, *running, shell.Handler) error, ended func(error) error) error {
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
	err = talk(ctx, src, sock, handler)
	if doneErr := done(); err == nil {
		err = doneErr
	}
	return sock.finish(ctx, ended(err))
}
