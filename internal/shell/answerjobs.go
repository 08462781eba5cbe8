package shell

import (
	"context"
	"errors"
	"sync"

	"github.com/go-zeromq/zmq4"
)

// A Taker receives a request, and gives what sends its reply: once, at any time,
// from any goroutine.
type Taker func(ctx context.Context) (request zmq4.Msg, reply func(zmq4.Msg) error, err error)

// AnswerJobs is Answer for requests that are worked on by jobs at a time.
func AnswerJobs(ctx context.Context, take Taker, r Replier, jobs int, o AnswerOptions) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	a := &answering{AnswerOptions: o, replier: r, fail: cancel, slots: make(chan struct{}, jobs)}
	err := a.run(ctx, take)
	if err != nil && !errors.Is(err, ErrTimeout) { // who asked in time gets a reply
		cancel(err)
	}
	a.running.Wait()
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return err
}

type answering struct {
	AnswerOptions
	replier Replier
	fail    func(error)
	slots   chan struct{} // holds one for each job
	running sync.WaitGroup
	mu      sync.Mutex // guards Shown
}

func (a *answering) run(ctx context.Context, take Taker) error {
	for seq := 1; a.Count == 0 || seq <= a.Count; seq++ {
		select {
		case a.slots <- struct{}{}:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		request, reply, err := a.await(ctx, take)
		if err != nil {
			return err
		}
		if err := a.show(request, (*Printer).Received); err != nil {
			return err
		}
		a.running.Go(func() {
			defer func() { <-a.slots }()
			if err := a.answer(ctx, request, reply, seq); err != nil {
				a.fail(err)
			}
		})
	}
	return nil
}

func (a *answering) await(ctx context.Context, take Taker) (request zmq4.Msg, reply func(zmq4.Msg) error, err error) {
	waiting, cancel := bound(ctx, a.Timeout)
	defer cancel()
	request, reply, err = take(waiting)
	if timedOut(ctx, err) {
		return request, reply, ErrTimeout
	}
	return request, reply, whyEnded(ctx, err)
}

// answer makes and sends one reply.
func (a *answering) answer(ctx context.Context, request zmq4.Msg, reply func(zmq4.Msg) error, seq int) error {
	made, replyErr := a.replier.Reply(ctx, request, seq)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if replyErr != nil {
		made = a.apologize(replyErr, seq)
	}
	if err := sleep(ctx, a.Delay); err != nil {
		return err
	}
	if err := reply(made); err != nil {
		return whyEnded(ctx, err)
	}
	if a.ShowReplies {
		return a.show(made, (*Printer).Sent)
	}
	return nil
}

func (a *answering) show(m zmq4.Msg, print func(*Printer, zmq4.Msg) error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.AnswerOptions.show(m, print)
}
