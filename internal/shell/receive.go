package shell

import (
	"context"
	"time"

	"github.com/go-zeromq/zmq4"
)

// A Receiver waits for messages and takes as many as fit into dst. After Halt
// it gives what came before, then an error.
type Receiver interface {
	RecvBatch(ctx context.Context, dst []zmq4.Msg) (int, error)
	Halt()
}

// A Handler does something with each message that came: a Printer prints it.
type Handler interface {
	// Received takes a message. A *RecordError says that the message is bad.
	Received(m zmq4.Msg) error
	// Flush is called when no message waits.
	Flush() error
}

// A BatchHandler is a Handler that would rather have all messages that are there.
type BatchHandler interface {
	Handler
	// ReceivedBatch takes messages up to the first that it fails on, and says how
	// many that were.
	ReceivedBatch(msgs []zmq4.Msg) (good int, err error)
}

// ReceiveOptions say how Receive goes about it.
type ReceiveOptions struct {
	// Count ends it after so many messages; 0 is no limit.
	Count int
	// Timeout bounds each wait for a message; 0 is no bound.
	Timeout time.Duration
	// SkipBad has messages that can't be handled reported and passed over;
	// Count does not count them.
	SkipBad bool
	// Report is told of every message that is passed over.
	Report func(error)
	// Done, if it is not nil, is called when all messages so far were handled.
	// The Handler must have no use for their frames then.
	Done func()
}

// Receive hands each message to h until Count is reached, a wait takes longer
// than Timeout (ErrTimeout) or ctx ends. Then what has been received already is
// still handled, and the cause of ctx's end returned. A bad message ends it with
// a *RecordError, unless SkipBad is set.
func Receive(ctx context.Context, from Receiver, h Handler, o ReceiveOptions) error {
	stop := context.AfterFunc(ctx, from.Halt)
	defer stop()
	msgs := make([]zmq4.Msg, batchSize)
	for handled := 0; o.Count == 0 || handled < o.Count; {
		room := batchSize
		if o.Count > 0 {
			room = min(room, o.Count-handled)
		}
		n, err := o.wait(ctx, from, msgs[:room])
		if err != nil {
			return err
		}
		good, err := o.handle(h, msgs[:n])
		if flushErr := h.Flush(); flushErr != nil {
			return flushErr
		}
		if err != nil {
			return err
		}
		if o.Done != nil {
			o.Done()
		}
		handled += good
	}
	return nil
}

// wait receives one batch. The end of ctx halts the Receiver, which ends the wait
// once it has nothing left.
func (o *ReceiveOptions) wait(ctx context.Context, from Receiver, dst []zmq4.Msg) (int, error) {
	waiting, cancel := bound(context.Background(), o.Timeout)
	defer cancel()
	n, err := from.RecvBatch(waiting, dst)
	switch {
	case err == nil:
		return n, nil
	case ctx.Err() != nil:
		return 0, context.Cause(ctx)
	case timedOut(context.Background(), err):
		return 0, ErrTimeout
	}
	return 0, err
}

func (o *ReceiveOptions) handle(h Handler, msgs []zmq4.Msg) (good int, err error) {
	defer clear(msgs) // a long wait must not keep the last batch alive
	for done := 0; done < len(msgs); done++ {
		n, err := handleBatch(h, msgs[done:])
		good += n
		done += n
		switch {
		case err == nil:
		case o.SkipBad && isRecordError(err):
			o.Report(err)
		default:
			return good, err
		}
	}
	return good, nil
}

// handleBatch hands messages on up to the first that fails, and says how many
// that were.
func handleBatch(h Handler, msgs []zmq4.Msg) (good int, err error) {
	if b, ok := h.(BatchHandler); ok {
		return b.ReceivedBatch(msgs)
	}
	for i, m := range msgs {
		if err := h.Received(m); err != nil {
			return i, err
		}
	}
	return len(msgs), nil
}
