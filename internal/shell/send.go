package shell

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"

	"github.com/go-zeromq/zmq4"
)

// A Sender queues messages in order and says how many it took before an error. Its
// error may be a *RecordError, about the record of the message behind those.
type Sender interface {
	SendBatch(ctx context.Context, msgs []zmq4.Msg) (int, error)
}

// SendOptions say how Send goes about it.
type SendOptions struct {
	// Count ends it after so many messages; 0 is no limit.
	Count int
	// Interval is the pause between messages, or between the rounds of a Feed.
	Interval time.Duration
	// SkipBad has records that can't be sent reported and passed over.
	SkipBad bool
	// Report is told of every record that is passed over.
	Report func(error)
	// Shown prints what was sent; nil prints nothing.
	Shown *Printer
	// IsBad tells the errors of the Sender that are about the message rather
	// than the socket: its record is a bad one then. nil tells none.
	IsBad func(error) bool
	// Copied says that the Sender has copied bodies shorter than so many bytes
	// when it returns, and has no use for the message itself: their memory is
	// used again then. 0 is for one that keeps them.
	Copied int
	// Sent, if it is not nil, counts what the Sender took, for others to look at
	// meanwhile.
	Sent *atomic.Int64
	// Before, if it is not nil, is waited for before the first message is
	// sent. Its error ends the sending.
	Before func(context.Context) error
}

// Send sends what src yields until that ends, Count is reached or ctx ends, whose
// cause it then returns. A bad record ends it with a *RecordError, unless
// SkipBad is set; the messages before it have been sent.
func Send(ctx context.Context, src Source, to Sender, o SendOptions) error {
	if o.Before != nil {
		if err := o.Before(ctx); err != nil {
			return whyEnded(ctx, err)
		}
	}
	p := newPuller(src)
	defer p.stop()
	limit := batchSize
	if _, rounds := src.(*Feed); o.Interval > 0 && !rounds {
		limit = 1
	}
	rhythm := pace{every: o.Interval}
	for sent, records := 0, 0; o.Count == 0 || sent < o.Count; {
		msgs, err := p.next(ctx, limit)
		if err := o.passOver(err); err != nil {
			return endOf(err)
		}
		if len(msgs) == 0 {
			records++ // a bad one
			continue
		}
		room := len(msgs)
		if o.Count > 0 {
			room = min(room, o.Count-sent)
		}
		// The pause is between messages: not behind the last, and also kept where
		// the source was slow.
		if err := rhythm.wait(ctx); err != nil {
			return err
		}
		n, err := o.sendAll(ctx, to, msgs, room, records)
		if err != nil {
			return err
		}
		sent += n
		records += len(msgs)
		if s, ok := src.(Recycler); ok && o.Copied > 0 {
			s.Recycle(o.Copied)
		}
	}
	return nil
}

// sendAll sends messages up to room good ones, of which the first is the record after
// the records before, and shows them. It returns how many were sent.
func (o *SendOptions) sendAll(ctx context.Context, to Sender, msgs []zmq4.Msg, room, before int) (sent int, err error) {
	for done := 0; done < len(msgs) && sent < room; done++ {
		n, err := to.SendBatch(ctx, msgs[done:min(len(msgs), done+room-sent)])
		if showErr := o.show(msgs[done : done+n]); showErr != nil {
			return sent, showErr
		}
		sent += n
		done += n
		if o.Sent != nil {
			o.Sent.Add(int64(n))
		}
		if err == nil {
			break
		}
		bad, ok := errors.AsType[*RecordError](err)
		switch {
		case ok:
		case o.IsBad != nil && o.IsBad(err):
			bad = &RecordError{Record: before + done + 1, Err: err}
		default:
			return sent, whyEnded(ctx, err)
		}
		if err := o.passOver(bad); err != nil {
			return sent, err
		}
	}
	return sent, nil
}

// passOver reports a bad record that is to be skipped, and gives back any other
// error.
func (o *SendOptions) passOver(err error) error {
	if bad, ok := errors.AsType[*RecordError](err); ok && o.SkipBad {
		o.Report(bad)
		return nil
	}
	return err
}

func (o *SendOptions) show(msgs []zmq4.Msg) error {
	if o.Shown == nil || len(msgs) == 0 {
		return nil
	}
	for _, m := range msgs {
		if err := o.Shown.Sent(m); err != nil && !isRecordError(err) {
			return err
		}
	}
	return o.Shown.Flush()
}

// endOf makes the end of a source the end of a loop.
func endOf(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// whyEnded puts the cause of ctx's end in the place of the plain error that a
// socket returns for it.
func whyEnded(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return context.Cause(ctx)
	}
	return err
}

func isRecordError(err error) bool {
	_, ok := errors.AsType[*RecordError](err)
	return ok
}
