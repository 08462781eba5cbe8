package shell

import (
	"context"
	"fmt"
	"sync"

	"github.com/go-zeromq/zmq4"
)

// An Executor is a Handler that runs a command for each message, some at a time.
// A command that fails is reported and counted; the others go on.
type Executor struct {
	ctx     context.Context
	command *Command
	report  func(error)
	slots   chan struct{}
	running sync.WaitGroup
	seq     int

	mu     sync.Mutex
	failed int
}

// NewExecutor returns an Executor that runs at most jobs commands at a time. The
// end of ctx stops them. report is told of those that fail.
func NewExecutor(ctx context.Context, command *Command, jobs int, report func(error)) *Executor {
	return &Executor{ctx: ctx, command: command, report: report, slots: make(chan struct{}, jobs)}
}

// Received runs the command for m as soon as there is a place for it.
func (x *Executor) Received(m zmq4.Msg) error {
	select {
	case x.slots <- struct{}{}:
	case <-x.ctx.Done():
		return context.Cause(x.ctx)
	}
	x.seq++
	seq := x.seq
	x.running.Go(func() {
		defer func() { <-x.slots }()
		if err := x.command.Run(x.ctx, m, seq); err != nil && x.ctx.Err() == nil {
			x.mu.Lock()
			x.failed++
			x.mu.Unlock()
			x.report(fmt.Errorf("message %d: %w", seq, err))
		}
	})
	return nil
}

// Flush does nothing: a command's output is its own.
func (x *Executor) Flush() error { return nil }

// Wait waits for the commands that run, and fails if any command ever did.
func (x *Executor) Wait() error {
	x.running.Wait()
	if x.failed > 0 {
		return fmt.Errorf("%d of %d commands failed", x.failed, x.seq)
	}
	return nil
}
