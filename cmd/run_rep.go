package cmd

import (
	"context"

	"fogmq/internal/shell"
)

// runRep answers requests.
func runRep(ctx context.Context, e *env, c repConfig) error {
	shown, err := c.output.sentPrinter(e)
	if err != nil {
		return err
	}
	sock, err := c.socket.open(e, nil)
	if err != nil {
		return err
	}
	if c.reply.notice != "" {
		e.report.noticef("%s", c.reply.notice)
	}
	err = shell.Answer(ctx, sock, c.replier(e), shell.AnswerOptions{
		Count:   c.count,
		Timeout: c.timeout,
		Delay:   c.reply.delay,
		Shown:   shown,

		ShowReplies: c.output.pretty(),
		Report:      func(err error) { e.report.errorf("%v", err) },
	})
	return sock.finish(ctx, timeoutOf(err, "no request within %v", c.timeout))
}

// replier makes the replies.
func (c repConfig) replier(e *env) shell.Replier {
	switch c.reply.kind {
	case replyEcho:
		return shell.EchoReplier()
	case replyAdd:
		return shell.AddReplier(c.records.Codec, c.reply.add)
	case replyText:
		return shell.FixedReplier(c.reply.frames)
	case replyExec:
		out := c.output
		out.exec = c.reply.exec
		return shell.ExecReplier(out.command(e), c.records.FrameDelimiter)
	}
	var skipped func(error)
	if c.skipBad {
		skipped = e.reportSkipped
	}
	ahead := classifyStdin(e.stdin) != stdinTerminal
	return shell.RecordReplier(shell.NewReaderSource(e.stdin, c.records), ahead, skipped)
}
