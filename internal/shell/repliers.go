package shell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/codec"
)

// A replyFunc is a Replier that always has a reply.
type replyFunc func(ctx context.Context, request zmq4.Msg, seq int) ([][]byte, error)

func (replyFunc) Ready(context.Context) error { return nil }

func (f replyFunc) Reply(ctx context.Context, request zmq4.Msg, seq int) (zmq4.Msg, error) {
	frames, err := f(ctx, request, seq)
	return zmq4.Msg{Frames: frames}, err
}

// EchoReplier replies with the request; where in and out are not the same codec,
// with what it carries under in, put under out.
func EchoReplier(in, out codec.Codec) Replier {
	return replyFunc(func(_ context.Context, request zmq4.Msg, _ int) ([][]byte, error) {
		if in == out {
			return request.Frames, nil
		}
		fields, err := in.Decode(request.Frames)
		if err != nil {
			return nil, err
		}
		return out.Encode(fields)
	})
}

// FixedReplier always replies with frames.
func FixedReplier(frames [][]byte) Replier {
	return replyFunc(func(context.Context, zmq4.Msg, int) ([][]byte, error) { return frames, nil })
}

// AddReplier replies with the request, whose codec is in, plus n: every element of
// an array of three frames, the number of a number codec, or the numbers in a text.
// out is the codec of the reply.
func AddReplier(in, out codec.Codec, n codec.Number) Replier {
	return replyFunc(func(_ context.Context, request zmq4.Msg, _ int) ([][]byte, error) {
		sum, err := add(in, request.Frames, n)
		if err != nil || in == out {
			return sum, err
		}
		return codec.Recode(in, out, sum)
	})
}

// arrayFrames is how many frames an array has: dtype, shape, data.
const arrayFrames = 3

func add(c codec.Codec, frames [][]byte, n codec.Number) ([][]byte, error) {
	adder, ok := c.(codec.Adder)
	switch {
	case ok:
		return adder.Add(frames, n)
	case len(frames) == arrayFrames:
		array, err := codec.ParseArray(frames)
		if err != nil {
			return nil, err
		}
		sum, err := array.Add(n)
		if err != nil {
			return nil, err
		}
		return sum.Frames(), nil
	case len(frames) != 1:
		return nil, fmt.Errorf("%d frames: what --add takes is a number or JSON array in one frame, or an array in three: dtype, shape, data", len(frames))
	}
	fields, err := c.Decode(frames)
	if err != nil {
		return nil, err
	}
	for i, field := range fields {
		if fields[i], err = codec.AddText(field, n); err != nil {
			return nil, err
		}
	}
	return c.Encode(fields)
}

// ExecReplier replies with what a command prints. Without a delimiter and under
// a verbatim codec out that is the reply byte for byte; else it is a record like
// those of stdin, split at frameDelimiter where that is not empty.
func ExecReplier(command *Command, out codec.Codec, frameDelimiter []byte) Replier {
	return replyFunc(func(ctx context.Context, request zmq4.Msg, seq int) ([][]byte, error) {
		printed, err := command.Output(ctx, request, seq)
		if err != nil {
			return nil, err
		}
		if len(frameDelimiter) == 0 && codec.IsVerbatim(out) {
			return [][]byte{printed}, nil
		}
		fields := [][]byte{bytes.TrimSuffix(printed, []byte("\n"))}
		if len(frameDelimiter) > 0 {
			fields = bytes.Split(fields[0], frameDelimiter)
		}
		return out.Encode(fields)
	})
}

// RecordReplier replies with the records of src, one a request. With ahead a
// request is taken only when its reply is there, so that none is left without
// one; else the record is read when the request has come, as a person at a
// terminal needs it. skipped is told of bad records, unless it is nil: then a
// bad record ends the replies.
func RecordReplier(src Source, ahead bool, skipped func(error)) Replier {
	return &recordReplier{puller: newPuller(src), ahead: ahead, skipped: skipped}
}

type recordReplier struct {
	puller  *puller
	ahead   bool
	skipped func(error)
	next    []zmq4.Msg
}

func (r *recordReplier) Ready(ctx context.Context) error {
	if !r.ahead {
		return nil
	}
	return r.fill(ctx)
}

// fill reads the next reply unless it is there already.
func (r *recordReplier) fill(ctx context.Context) error {
	for len(r.next) == 0 {
		msgs, err := r.puller.next(ctx, 1)
		bad, isBad := errors.AsType[*RecordError](err)
		switch {
		case isBad && r.skipped != nil:
			r.skipped(bad)
		case err != nil:
			return err
		default:
			r.next = msgs
		}
	}
	return nil
}

func (r *recordReplier) Reply(ctx context.Context, _ zmq4.Msg, _ int) (zmq4.Msg, error) {
	if err := r.fill(ctx); err != nil {
		if isRecordError(err) {
			err = fmt.Errorf("%w: %w", io.EOF, err)
		}
		return zmq4.Msg{}, err
	}
	reply := r.next[0]
	r.next = r.next[1:]
	return reply, nil
}
