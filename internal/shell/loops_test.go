package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

var errStop = errors.New("stopped by the test")

// An outlet is a Sender that keeps what it is given, and when.
type outlet struct {
	room int    // messages that it still takes
	full func() // called for one more, before it waits for the end of ctx
	msgs []string
	at   []time.Duration
	from time.Time
}

func (o *outlet) SendBatch(ctx context.Context, msgs []zmq4.Msg) (int, error) {
	for i, m := range msgs {
		if o.room == 0 {
			o.full()
			<-ctx.Done()
			return i, ctx.Err()
		}
		o.room--
		o.msgs = append(o.msgs, fmt.Sprintf("%s", m.Frames))
		o.at = append(o.at, time.Since(o.from))
	}
	return len(msgs), nil
}

// An inlet is a Receiver of what is put into it.
type inlet struct {
	mu     sync.Mutex
	queue  []zmq4.Msg
	halted bool
	news   chan struct{}
}

func newInlet(msgs ...string) *inlet {
	in := &inlet{news: make(chan struct{}, 1)}
	in.put(msgs...)
	return in
}

func (in *inlet) put(msgs ...string) {
	in.mu.Lock()
	for _, m := range msgs {
		in.queue = append(in.queue, zmq4.NewMsgString(m))
	}
	in.mu.Unlock()
	in.tell()
}

func (in *inlet) tell() {
	select {
	case in.news <- struct{}{}:
	default:
	}
}

func (in *inlet) Halt() {
	in.mu.Lock()
	in.halted = true
	in.mu.Unlock()
	in.tell()
}

func (in *inlet) RecvBatch(ctx context.Context, dst []zmq4.Msg) (int, error) {
	for {
		in.mu.Lock()
		n := copy(dst, in.queue)
		in.queue = in.queue[n:]
		halted := in.halted
		in.mu.Unlock()
		switch {
		case n > 0:
			return n, nil
		case halted:
			return 0, errors.New("closed")
		}
		select {
		case <-in.news:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

func (in *inlet) RecvContext(ctx context.Context) (zmq4.Msg, error) {
	var one [1]zmq4.Msg
	_, err := in.RecvBatch(ctx, one[:])
	return one[0], err
}

// lines is a Source of records that are there at once.
func lines(records ...string) Source {
	text := strings.Join(records, "\n")
	if len(records) > 0 {
		text += "\n"
	}
	return NewReaderSource(strings.NewReader(text), InputOptions{})
}

// A slowSource gives each record some time after it was asked for.
type slowSource struct {
	records []string
	pauses  []time.Duration
}

func (s *slowSource) Next(int) ([]zmq4.Msg, error) {
	if len(s.records) == 0 {
		return nil, io.EOF
	}
	time.Sleep(s.pauses[0]) // of the bubble's clock
	msg := zmq4.NewMsgString(s.records[0])
	s.records, s.pauses = s.records[1:], s.pauses[1:]
	return []zmq4.Msg{msg}, nil
}
