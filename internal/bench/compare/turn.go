package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// A turn is one run of one contestant. What it started and opened is gone when
// it has ended.
type turn struct {
	*kit
	ctx     context.Context
	cancel  context.CancelFunc
	started []*process
	files   []*os.File
}

// newTurn begins a turn that must be over when limit has passed.
func newTurn(ctx context.Context, k *kit, limit time.Duration) *turn {
	t := &turn{kit: k}
	t.ctx, t.cancel = context.WithTimeoutCause(ctx, limit, fmt.Errorf("not done after %v: a message was lost, or this machine needs a longer --deadline", limit))
	return t
}

// start runs a command that the end of the turn ends at the latest.
func (t *turn) start(c command) (*process, error) {
	p, err := start(t.ctx, c)
	if err != nil {
		return nil, err
	}
	t.started = append(t.started, p)
	return p, nil
}

// bound starts a command that binds, and returns once it says where.
func (t *turn) bound(c command) (*process, string, error) {
	p, err := t.start(c)
	if err != nil {
		return nil, "", err
	}
	endpoint, err := p.await(t.ctx, "bound ", 1)
	return p, endpoint, err
}

// wait waits for processes to end well.
func (t *turn) wait(processes ...*process) error {
	for _, p := range processes {
		if err := p.wait(t.ctx); err != nil {
			return err
		}
	}
	return nil
}

// pipe returns both ends of a pipe, which the turn's end closes at the latest.
func (t *turn) pipe() (r, w *os.File, err error) {
	if r, w, err = os.Pipe(); err == nil {
		t.files = append(t.files, r, w)
	}
	return r, w, err
}

// null opens /dev/null for writing.
func (t *turn) null() (*os.File, error) {
	f, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err == nil {
		t.files = append(t.files, f)
	}
	return f, err
}

// file makes a file of the turn's own, open for reading and writing.
func (t *turn) file() (*os.File, error) {
	f, err := os.CreateTemp(t.dir, "out-")
	if err != nil {
		return nil, err
	}
	t.files = append(t.files, f)
	return f, os.Remove(f.Name())
}

// end kills what still runs, and returns when all is gone.
func (t *turn) end() {
	for _, p := range t.started {
		p.kill()
	}
	t.cancel()
	for _, f := range t.files {
		_ = f.Close() // those that were handed on are closed already
	}
}
