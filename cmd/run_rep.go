package cmd

import (
	"context"

	"github.com/go-zeromq/zmq4"

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
	sock.showProgress(counted(c.count, sock.out))
	options := shell.AnswerOptions{
		Count:   c.count,
		Timeout: c.timeout,
		Delay:   c.reply.delay,
		Shown:   shown,

		ShowReplies: c.output.pretty(),
		Report:      func(err error) { e.report.errorf("%v", err) },
	}
	if c.reply.jobs > 1 {
		err = shell.AnswerJobs(ctx, sock.takeRequest, c.replier(e), c.reply.jobs, options)
	} else {
		err = shell.Answer(ctx, sock, c.replier(e), options)
	}
	return sock.finish(ctx, timeoutOf(err, "no request within %v", c.timeout))
}

// takeRequest receives a request that may be answered while others wait.
func (r *running) takeRequest(ctx context.Context) (zmq4.Msg, func(zmq4.Msg) error, error) {
	request, err := r.RecvRequest(ctx)
	if err != nil {
		return zmq4.Msg{}, nil, err
	}
	return request.Msg, func(reply zmq4.Msg) error { return r.Reply(request, reply) }, nil
}

// replier makes the replies.
func (c repConfig) replier(e *env) shell.Replier {
	switch c.reply.kind {
	case replyEcho:
		return shell.EchoReplier(c.codecs.received, c.codecs.sent)
	case replyAdd:
		return shell.AddReplier(c.codecs.received, c.codecs.sent, c.reply.add)
	case replyText:
		return shell.FixedReplier(c.reply.frames)
	case replyExec:
		out := c.output
		out.exec = c.reply.exec
		return shell.ExecReplier(out.command(e), c.codecs.sent, c.records.FrameDelimiter)
	}
	var skipped func(error)
	if c.skipBad {
		skipped = e.reportSkipped
	}
	ahead := classifyStdin(e.stdin) != stdinTerminal
	return shell.RecordReplier(shell.NewReaderSource(e.stdin, c.records), ahead, skipped)
}
