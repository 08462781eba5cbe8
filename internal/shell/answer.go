package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-zeromq/zmq4"
)

// A Responder receives a request, then sends its reply, in turn.
type Responder interface {
	SendContext(ctx context.Context, m zmq4.Msg) error
	RecvContext(ctx context.Context) (zmq4.Msg, error)
}

// A Replier makes the reply to a request.
type Replier interface {
	// Ready returns when there may be a reply to the next request, or io.EOF
	// when there will be none any more.
	Ready(ctx context.Context) error
	// Reply makes the reply to request seq, counted from 1. An error is told
	// to the peer. io.EOF, and the end of ctx, end the answering.
	Reply(ctx context.Context, request zmq4.Msg, seq int) (zmq4.Msg, error)
}

// AnswerOptions say how Answer goes about it.
type AnswerOptions struct {
	// Count ends it after so many exchanges; 0 is no limit.
	Count int
	// Timeout bounds each wait for a request; 0 is no bound.
	Timeout time.Duration
	// Delay passes before each reply.
	Delay time.Duration
	// Shown prints requests; nil prints nothing.
	Shown *Printer
	// ShowReplies has Shown print the replies too.
	ShowReplies bool
	// Report is told of every request that got an error for a reply.
	Report func(error)
}

// Answer answers requests until there are no more replies, Count is reached, a
// wait takes longer than Timeout (ErrTimeout) or ctx ends, whose cause it then
// returns. A request that r can't answer is answered with one frame that says
// "error: " and why.
func Answer(ctx context.Context, sock Responder, r Replier, o AnswerOptions) error {
	for seq := 1; o.Count == 0 || seq <= o.Count; seq++ {
		if err := r.Ready(ctx); err != nil {
			return endOf(whyEnded(ctx, err))
		}
		request, err := o.await(ctx, sock)
		if err != nil {
			return err
		}
		if err := o.show(request, (*Printer).Received); err != nil {
			return err
		}
		reply, replyErr := r.Reply(ctx, request, seq)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if replyErr != nil {
			reply = o.apologize(replyErr, seq)
		}
		if err := sleep(ctx, o.Delay); err != nil {
			return err
		}
		if err := sock.SendContext(ctx, reply); err != nil {
			return whyEnded(ctx, err)
		}
		if err := o.showReply(reply); err != nil {
			return err
		}
		if errors.Is(replyErr, io.EOF) {
			return nil
		}
	}
	return nil
}

func (o *AnswerOptions) await(ctx context.Context, sock Responder) (zmq4.Msg, error) {
	waiting, cancel := bound(ctx, o.Timeout)
	defer cancel()
	request, err := sock.RecvContext(waiting)
	if timedOut(ctx, err) {
		return zmq4.Msg{}, ErrTimeout
	}
	return request, whyEnded(ctx, err)
}

// apologize makes the reply to a request that could not be answered.
func (o *AnswerOptions) apologize(err error, seq int) zmq4.Msg {
	if errors.Is(err, io.EOF) {
		err = errors.New("there are no more replies")
	}
	o.Report(fmt.Errorf("request %d: %w", seq, err))
	return zmq4.NewMsgString("error: " + err.Error())
}

func (o *AnswerOptions) showReply(m zmq4.Msg) error {
	if !o.ShowReplies {
		return nil
	}
	return o.show(m, (*Printer).Sent)
}

func (o *AnswerOptions) show(m zmq4.Msg, print func(*Printer, zmq4.Msg) error) error {
	if o.Shown == nil {
		return nil
	}
	if err := print(o.Shown, m); err != nil && !isRecordError(err) {
		return err
	}
	return o.Shown.Flush()
}
