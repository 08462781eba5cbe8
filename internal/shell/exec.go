package shell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/codec"
)

const (
	// termGrace is how long a command has between SIGTERM and SIGKILL.
	termGrace = time.Second
	// maxTopicEnv is the longest topic that goes into the environment, in bytes.
	maxTopicEnv = 4 << 10
	// groupPoll is how often a stopped command's process group is looked at.
	groupPoll = 10 * time.Millisecond
)

// A Command runs sh -c Text for messages. Nothing of a message becomes part of
// Text: it is on the command's stdin as raw prints it, without the record end,
// and in the environment: FOGMQ_TOPIC (unset where there is no topic, or one
// with a NUL or over 4 KiB), FOGMQ_FRAMES, FOGMQ_SEQ. Its methods may be called
// concurrently if Stdout and Stderr may be written so.
type Command struct {
	Text   string
	Type   zmq4.SocketType // as in OutputOptions, like the next two
	Topics []string
	Codec  codec.Codec
	Stdout io.Writer // for Run; nil means os.Stdout
	Stderr io.Writer // nil means os.Stderr
}

// Run runs the command for a message, its output going to Stdout. seq is the
// message's number, from 1. A codec error is a *RecordError with that number.
// The error of a command that failed has its exit status and the last line of
// its stderr. The end of ctx stops the command's process group, with SIGTERM
// and after a second with SIGKILL; the error is then that of ctx.
func (c *Command) Run(ctx context.Context, m zmq4.Msg, seq int) error {
	stdout := c.Stdout
	if stdout == nil {
		stdout = os.Stdout
	}
	return c.run(ctx, m, seq, stdout)
}

// Output is as Run, but returns what the command wrote to stdout.
func (c *Command) Output(ctx context.Context, m zmq4.Msg, seq int) ([]byte, error) {
	var stdout bytes.Buffer
	err := c.run(ctx, m, seq, &stdout)
	return stdout.Bytes(), err
}

func (c *Command) run(ctx context.Context, m zmq4.Msg, seq int, stdout io.Writer) error {
	v := newView(c.Type, c.Topics, c.Codec)
	input, err := v.appendRaw(nil, m.Frames)
	if err != nil {
		return &RecordError{Record: seq, Err: err}
	}
	stderr := &lastLine{w: c.Stderr}
	if stderr.w == nil {
		stderr.w = os.Stderr
	}
	cmd := exec.CommandContext(ctx, "sh", "-c", c.Text)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), stdout, stderr
	cmd.Env = environment(v, m.Frames, seq)
	// A group of its own, so that all the command started is stopped with it and Ctrl-C reaches it only through ctx.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var kill time.Time
	cmd.Cancel = func() error {
		kill = time.Now().Add(termGrace)
		return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
	}
	// Something left running in the background may hold stdout and stderr; it is not waited for.
	cmd.WaitDelay = termGrace
	if err := startGroup(cmd); err != nil {
		return fmt.Errorf("exec: %w", err)
	}
	defer endGroup(cmd)
	switch err = cmd.Wait(); {
	case err == nil:
		return nil
	case !kill.IsZero():
		killGroup(cmd.Process.Pid, kill)
		return fmt.Errorf("exec %s: %w", strconv.Quote(c.Text), context.Cause(ctx))
	case errors.Is(err, exec.ErrWaitDelay):
		return nil
	}
	return c.failure(err, stderr.text())
}

// failure says how the command ended.
func (c *Command) failure(err error, lastLine string) error {
	if lastLine == "" {
		return fmt.Errorf("exec %s: %w", strconv.Quote(c.Text), err)
	}
	return fmt.Errorf("exec %s: %w: %s", strconv.Quote(c.Text), err, Escape(lastLine))
}

// killGroup gives what is left of a process group until then and kills it.
func killGroup(group int, then time.Time) {
	deadline := time.NewTimer(time.Until(then))
	defer deadline.Stop()
	tick := time.NewTicker(groupPoll)
	defer tick.Stop()
	for syscall.Kill(-group, 0) == nil {
		select {
		case <-tick.C:
		case <-deadline.C:
			_ = syscall.Kill(-group, syscall.SIGKILL)
			return
		}
	}
}

// ownVariables are what our environment says of this process alone: of a message that its parent got, and of where it
// says that it is ready.
var ownVariables = []string{"FOGMQ_TOPIC", "FOGMQ_READY_FD", "FOGMQ_READY_FILE"}

// environment is ours with what tells of the message, and without what is about us alone.
func environment(v *view, frames [][]byte, seq int) []string {
	var env []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if !slices.Contains(ownVariables, name) {
			env = append(env, entry)
		}
	}
	var p parts
	v.split(frames, &p)
	if p.hasTopic && len(p.topic) <= maxTopicEnv && bytes.IndexByte(p.topic, 0) < 0 {
		env = append(env, "FOGMQ_TOPIC="+string(p.topic))
	}
	return append(env, "FOGMQ_FRAMES="+strconv.Itoa(len(frames)), "FOGMQ_SEQ="+strconv.Itoa(seq))
}

// A lastLine passes everything on and remembers the last line with something in it.
type lastLine struct {
	w     io.Writer
	line  []byte
	ended bool
}

// maxLastLine bounds what is remembered of a line.
const maxLastLine = 1 << 10

func (l *lastLine) Write(b []byte) (int, error) {
	for _, c := range b {
		switch {
		case c == '\n':
			l.ended = true
		case l.ended && c != '\r':
			l.line = append(l.line[:0], c)
			l.ended = false
		case len(l.line) < maxLastLine:
			l.line = append(l.line, c)
		}
	}
	return l.w.Write(b)
}

func (l *lastLine) text() string { return strings.TrimSpace(string(l.line)) }
