package cmd

import (
	"context"
	"errors"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/shell"
	"fogmq/internal/topics"
)

// errLeft ends top by a key.
var errLeft = errors.New("the user has left")

// topLull is how much later than it came a message may be counted.
const topLull = 20 * time.Millisecond

// runTop counts what comes, and shows it.
func runTop(ctx context.Context, e *env, c topConfig) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	met := make(chan struct{}, 1)
	c.socket.met, c.socket.lull = met, topLull
	sock, err := c.socket.open(e, c.prefixes)
	if err != nil {
		return err
	}
	table := topics.NewTable(zmq4.Sub, c.topics, c.codecs.received, time.Now())
	received := make(chan error, 1)
	go func() {
		received <- shell.Receive(ctx, sock, topCounter{table}, shell.ReceiveOptions{Done: sock.Recycle})
	}()
	if c.once {
		err = c.showOnce(ctx, e, table, met)
	} else {
		err = c.showLive(ctx, e, table, sock)
	}
	if errors.Is(err, errLeft) {
		err = nil
	}
	stop(err)
	<-received // what it ended with is what ended us
	return sock.finish(ctx, err)
}

// A topCounter hands what is received to the table.
type topCounter struct{ table *topics.Table }

// Received counts one message.
func (c topCounter) Received(m zmq4.Msg) error {
	c.table.Add([]zmq4.Msg{m}, time.Now())
	return nil
}

// Flush has nothing to do.
func (topCounter) Flush() error { return nil }

// ReceivedBatch is Received for all messages of one moment.
func (c topCounter) ReceivedBatch(msgs []zmq4.Msg) (int, error) {
	c.table.Add(msgs, time.Now())
	return len(msgs), nil
}

// showOnce counts for one interval from the first connection on.
func (c topConfig) showOnce(ctx context.Context, e *env, table *topics.Table, met <-chan struct{}) error {
	var patience <-chan time.Time
	if c.timeout > 0 {
		patience = time.After(c.timeout)
	}
	select {
	case <-met:
	case <-patience:
		return timeoutf("nobody is connected within %v", c.timeout)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	began := time.Now()
	table.Clear(began)
	var ended error
	select {
	case <-time.After(c.interval):
	case <-ctx.Done(): // what came so far is still shown
		ended = context.Cause(ctx)
	}
	now := time.Now()
	table.Tick(now)
	rows := table.Rows()
	topics.Sort(rows, c.order, c.reverse)
	var text []byte
	if c.json {
		text = topics.AppendJSON(nil, rows, now, now.Sub(began))
	} else {
		text = topics.AppendText(nil, rows, now)
	}
	if _, err := e.stdout.Write(text); err != nil {
		return err
	}
	return ended
}
