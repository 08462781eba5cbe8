package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A command is a program to start. Without a stdin it gets /dev/null, without a
// stdout what it prints is kept.
type command struct {
	words         []string
	stdin, stdout *os.File
}

// A process is one that a turn started.
type process struct {
	name string
	cmd  *exec.Cmd
	out  bytes.Buffer  // its stdout, once it has ended
	done chan struct{} // closed when it has ended

	// These are set once done is closed.
	err   error
	ended time.Time

	mu      sync.Mutex
	lines   []string      // of its stderr
	changed chan struct{} // closed and made anew when there are more lines
}

// start runs a command until ctx ends, which kills it and its children.
func start(ctx context.Context, c command) (*process, error) {
	p := &process{
		name:    filepath.Base(c.words[0]),
		cmd:     exec.CommandContext(ctx, c.words[0], c.words[1:]...),
		done:    make(chan struct{}),
		changed: make(chan struct{}),
	}
	p.cmd.SysProcAttr = ownGroup()
	p.cmd.Cancel = func() error { return syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }
	p.cmd.WaitDelay = time.Second
	if c.stdin != nil {
		p.cmd.Stdin = c.stdin
	}
	p.cmd.Stdout = &p.out
	if c.stdout != nil {
		p.cmd.Stdout = c.stdout
	}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go p.watch(bufio.NewScanner(stderr))
	return p, nil
}

func (p *process) watch(stderr *bufio.Scanner) {
	for stderr.Scan() {
		p.mu.Lock()
		p.lines = append(p.lines, strings.TrimPrefix(stderr.Text(), "fogmq: "))
		close(p.changed)
		p.changed = make(chan struct{})
		p.mu.Unlock()
	}
	err := p.cmd.Wait()
	p.ended = time.Now()
	if err != nil {
		p.err = p.failure(err)
	}
	close(p.done)
}

// failure says why a process ended: its last word on stderr, where it had one.
func (p *process) failure(err error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.lines) == 0 {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	return fmt.Errorf("%s: %w: %s", p.name, err, p.lines[len(p.lines)-1])
}

// await waits until the process has said count lines on stderr that begin with
// prefix (behind a "fogmq: ", if there is one), and returns the rest of the last.
func (p *process) await(ctx context.Context, prefix string, count int) (rest string, err error) {
	begins := func(line string) bool {
		var ok bool
		rest, ok = strings.CutPrefix(line, prefix)
		return ok
	}
	if err := p.awaitLines(ctx, begins, count); err != nil {
		return "", fmt.Errorf("%w (waiting for %q on its stderr)", err, strings.TrimSpace(prefix))
	}
	return strings.TrimSpace(rest), nil
}

// awaitPart waits until the process has said a line on stderr that holds part.
func (p *process) awaitPart(ctx context.Context, part string) error {
	holds := func(line string) bool { return strings.Contains(line, part) }
	if err := p.awaitLines(ctx, holds, 1); err != nil {
		return fmt.Errorf("%w (waiting for %q on its stderr)", err, part)
	}
	return nil
}

func (p *process) awaitLines(ctx context.Context, match func(string) bool, count int) error {
	for next := 0; ; {
		p.mu.Lock()
		lines, changed := p.lines[next:], p.changed
		p.mu.Unlock()
		next += len(lines)
		for _, line := range lines {
			if match(line) {
				if count--; count == 0 {
					return nil
				}
			}
		}
		if err := p.more(ctx, changed); err != nil {
			return err
		}
	}
}

// more waits for another line.
func (p *process) more(ctx context.Context, changed chan struct{}) error {
	select {
	case <-changed:
		return nil
	case <-p.done:
	case <-ctx.Done():
		<-p.done
		return p.failure(context.Cause(ctx))
	}
	select {
	case <-changed: // its last words came with its end
		return nil
	default:
	}
	if p.err != nil {
		return p.err
	}
	return p.failure(errEarly)
}

// errEarly is the end of a process that was still needed.
var errEarly = errors.New("ended too early")

// wait waits for the process to end, which its context sees to.
func (p *process) wait(ctx context.Context) error {
	<-p.done
	if p.err != nil && ctx.Err() != nil {
		return p.failure(context.Cause(ctx))
	}
	return p.err
}

// kill ends the process and its children, and returns when it is gone.
func (p *process) kill() {
	select {
	case <-p.done:
	default:
		_ = p.cmd.Cancel() // it may just have ended
	}
	<-p.done
}

// cpu returns the time that the processors spent on a process that has ended.
func (p *process) cpu() time.Duration {
	return p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
}
