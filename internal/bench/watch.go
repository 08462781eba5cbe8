package bench

import (
	"context"
	"fmt"
	"time"

	"fogmq/internal/patterns"
)

// A StalledError tells that nothing moved for longer than it was to be waited.
type StalledError struct {
	What string // "no message"
	Wait time.Duration
}

func (e *StalledError) Error() string { return fmt.Sprintf("%s within %v", e.What, e.Wait) }

// watch returns a context that ends, with a *StalledError for a cause, when the
// socket has moved nothing for as long as wait. It looks now and then, so that
// waiting for a message costs the measurement nothing.
func (e End) watch(ctx context.Context, sock *patterns.Socket, wait time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	if wait == 0 {
		return ctx, func() { cancel(nil) }
	}
	go func() {
		look := time.NewTicker(max(wait/10, time.Millisecond))
		defer look.Stop()
		for seen, since := Moved(sock), time.Now(); ; {
			select {
			case <-ctx.Done():
				return
			case now := <-look.C:
				moved := Moved(sock)
				if moved != seen {
					seen, since = moved, now
				}
				if now.Sub(since) >= wait {
					cancel(&StalledError{e.stalled, wait})
					return
				}
			}
		}
	}()
	return ctx, func() { cancel(nil) }
}
