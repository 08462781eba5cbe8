package shell

import (
	"context"
	"errors"
	"time"

	"github.com/go-zeromq/zmq4"
)

// batchSize is how many messages go through a loop at a time.
const batchSize = 4096

// ErrTimeout ends a loop whose wait for a message took too long.
var ErrTimeout = errors.New("timed out")

// A puller asks a Source in a goroutine of its own, so that a wait for stdin
// ends when the context does. A read that is under way then is left to the end
// of the process.
type puller struct {
	ask chan int
	got chan pulled
}

type pulled struct {
	msgs []zmq4.Msg
	err  error
}

func newPuller(src Source) *puller {
	p := &puller{ask: make(chan int), got: make(chan pulled, 1)}
	go func() {
		for limit := range p.ask {
			msgs, err := src.Next(limit)
			p.got <- pulled{msgs, err}
		}
	}()
	return p
}

// next is the Source's Next. It must not be called again after it returned the
// context's error.
func (p *puller) next(ctx context.Context, limit int) ([]zmq4.Msg, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	p.ask <- limit
	select {
	case r := <-p.got:
		return r.msgs, r.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (p *puller) stop() { close(p.ask) }

// bound gives a context for one wait of at most d; 0 is no bound.
func bound(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if d <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, d)
}

// timedOut tells the end of one wait from the end of the whole.
func timedOut(ctx context.Context, err error) bool {
	return errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil
}

// sleep waits for d, or returns why ctx ended.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// A pace spaces events evenly. A late one delays those after it, so that
// nothing is made up for in a burst.
type pace struct {
	every time.Duration
	due   time.Time
}

// wait returns when the next event is due: the first one at once.
func (p *pace) wait(ctx context.Context) error {
	if p.every <= 0 {
		return nil
	}
	if err := sleep(ctx, time.Until(p.due)); err != nil {
		return err
	}
	now := time.Now()
	if p.due = p.due.Add(p.every); p.due.Before(now) {
		p.due = now.Add(p.every)
	}
	return nil
}
