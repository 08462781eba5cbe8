package shell

import (
	"context"
	"fmt"
	"time"

	"github.com/go-zeromq/zmq4"
)

// A Requester sends a request, then receives its reply, in turn. Reset gives a
// request up: its reply will not be received any more.
type Requester interface {
	SendContext(ctx context.Context, m zmq4.Msg) error
	RecvContext(ctx context.Context) (zmq4.Msg, error)
	Reset()
}

// UntilReplied is a Retries without a bound.
const UntilReplied = -1

// AskOptions say how Ask goes about it.
type AskOptions struct {
	SendOptions
	// Timeout bounds each attempt to get a reply; 0 is no bound.
	Timeout time.Duration
	// Retries is how often a request is sent again that got no reply in time
	// or whose peer went away. With UntilReplied one that is late is not sent
	// again, but one whose peer went away is, as long as the time lasts.
	Retries int
	// IsLost tells the error of a RecvContext whose peer went away.
	IsLost func(error) bool
	// Notice is told when a request is sent again.
	Notice func(format string, args ...any)
	// Replies prints the replies.
	Replies Handler
}

// Ask sends each message of src and hands its reply on, one after the other. It
// ends as Send does, and with ErrTimeout when a request is out of attempts.
func Ask(ctx context.Context, src Source, to Requester, o AskOptions) error {
	p := newPuller(src)
	defer p.stop()
	rhythm := pace{every: o.Interval}
	for done := 0; o.Count == 0 || done < o.Count; {
		msgs, err := p.next(ctx, 1)
		if err := o.passOver(err); err != nil {
			return endOf(err)
		}
		if len(msgs) == 0 {
			continue
		}
		if o.Count > 0 {
			msgs = msgs[:min(len(msgs), o.Count-done)]
		}
		if err := rhythm.wait(ctx); err != nil {
			return err
		}
		for _, m := range msgs {
			if err := o.exchange(ctx, to, m); err != nil {
				return err
			}
			done++
		}
	}
	return nil
}

// exchange gets the reply to one request and hands it on.
func (o *AskOptions) exchange(ctx context.Context, to Requester, request zmq4.Msg) error {
	reply, err := o.ask(ctx, to, request)
	if err != nil {
		return err
	}
	err = o.Replies.Received(reply)
	if flushErr := o.Replies.Flush(); flushErr != nil {
		return flushErr
	}
	return o.passOver(err)
}

// ask makes attempts until one gets a reply.
func (o *AskOptions) ask(ctx context.Context, to Requester, request zmq4.Msg) (zmq4.Msg, error) {
	for attempt := 1; ; attempt++ {
		reply, err := o.attempt(ctx, to, request, attempt == 1)
		switch {
		case err == nil:
			return reply, nil
		case ctx.Err() != nil:
			return zmq4.Msg{}, context.Cause(ctx)
		case !o.IsLost(err) && !timedOut(ctx, err):
			return zmq4.Msg{}, err
		}
		to.Reset()
		if attempt > o.Retries {
			return zmq4.Msg{}, o.outOfAttempts(err, attempt)
		}
		o.Notice("%s; asking again (attempt %d of %d)", o.why(err), attempt+1, o.Retries+1)
	}
}

func (o *AskOptions) why(err error) string {
	if o.IsLost(err) {
		return err.Error()
	}
	return fmt.Sprintf("no reply within %v", o.Timeout)
}

func (o *AskOptions) outOfAttempts(err error, attempts int) error {
	if attempts == 1 {
		return fmt.Errorf("%w: %s", ErrTimeout, o.why(err))
	}
	return fmt.Errorf("%w: %s, after %d attempts", ErrTimeout, o.why(err), attempts)
}

// attempt sends the request and waits for the reply, both within Timeout.
func (o *AskOptions) attempt(ctx context.Context, to Requester, request zmq4.Msg, first bool) (zmq4.Msg, error) {
	ctx, cancel := bound(ctx, o.Timeout)
	defer cancel()
	for {
		if err := to.SendContext(ctx, request); err != nil {
			return zmq4.Msg{}, err
		}
		if first {
			if err := o.show([]zmq4.Msg{request}); err != nil {
				return zmq4.Msg{}, err
			}
		}
		reply, err := to.RecvContext(ctx)
		if err == nil || o.Retries != UntilReplied || !o.IsLost(err) {
			return reply, err
		}
		first = false
		o.Notice("%v; asking again", err)
	}
}
