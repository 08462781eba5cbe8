package shell

import (
	"bufio"
	"context"
	"errors"
	"io"

	"github.com/go-zeromq/zmq4"
)

// ConvertOptions say how Convert goes about it.
type ConvertOptions struct {
	// Count ends it after so many records; 0 is no limit.
	Count int
	// SkipBad has records that can't be converted reported and passed over; Count
	// does not count them.
	SkipBad bool
	// Report is told of every record that is passed over.
	Report func(error)
}

// Convert hands what src yields, converted, to h until src ends, Count is reached
// or ctx ends, whose cause it then returns. A bad record ends it with a
// *RecordError, unless SkipBad is set; those before it have been handed on.
func Convert(ctx context.Context, src Source, convert func(frames [][]byte) ([][]byte, error), h Handler, o ConvertOptions) error {
	p := newPuller(src)
	defer p.stop()
	c := converter{convert: convert, h: h, o: o}
	for o.Count == 0 || c.done < o.Count {
		msgs, err := p.next(ctx, batchSize)
		if err == nil {
			err = c.all(msgs)
		} else if isRecordError(err) {
			c.records++
			err = c.passOver(err)
		}
		if flushErr := h.Flush(); flushErr != nil {
			return flushErr
		}
		if err != nil {
			return endOf(err)
		}
	}
	return nil
}

type converter struct {
	convert func(frames [][]byte) ([][]byte, error)
	h       Handler
	o       ConvertOptions
	records int // bad ones too
	done    int
}

func (c *converter) all(msgs []zmq4.Msg) error {
	for _, m := range msgs {
		if c.o.Count > 0 && c.done == c.o.Count {
			return nil
		}
		c.records++
		frames, err := c.convert(m.Frames)
		if err != nil {
			if err := c.passOver(&RecordError{Record: c.records, Err: err}); err != nil {
				return err
			}
			continue
		}
		if err := c.h.Received(zmq4.Msg{Frames: frames}); err != nil {
			return err
		}
		c.done++
	}
	return nil
}

func (c *converter) passOver(err error) error {
	if bad, ok := errors.AsType[*RecordError](err); ok && c.o.SkipBad {
		c.o.Report(bad)
		return nil
	}
	return err
}

// A Joiner writes the frames of messages one after another, with nothing between
// them. It is not safe for concurrent use.
type Joiner struct{ w *bufio.Writer }

// NewJoiner returns a Joiner on w, buffered.
func NewJoiner(w io.Writer) *Joiner { return &Joiner{bufio.NewWriterSize(w, outputSize)} }

// Received writes a message. The error is the writer's.
func (j *Joiner) Received(m zmq4.Msg) error {
	for _, frame := range m.Frames {
		if _, err := j.w.Write(frame); err != nil {
			return err
		}
	}
	return nil
}

// Flush writes out what is buffered.
func (j *Joiner) Flush() error { return j.w.Flush() }
