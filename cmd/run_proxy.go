package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/patterns"
	"fogmq/internal/shell"
)

// runProxy passes messages between two sockets until a signal ends it.
func runProxy(ctx context.Context, e *env, c proxyConfig) error {
	tap, err := c.openCapture(e)
	if err != nil {
		return err
	}
	front, err := c.front.open(e, nil)
	if err != nil {
		return errors.Join(err, tap.close(ctx))
	}
	back, err := c.back.open(e, nil)
	if err != nil {
		return errors.Join(err, front.finish(ctx, nil), tap.close(ctx))
	}
	front.name, back.name = "frontend: ", "backend: "
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	lost, err := patterns.Proxy(ctx, front.Socket, back.Socket, tap.function(fail))
	if err == nil {
		err = context.Cause(ctx)
	}
	if lost > 0 {
		e.report.errorf("%s: nobody there could take %s", countOf(lost, "message was received and not passed on",
			"messages were received and not passed on"), pronoun(lost))
	}
	e.tellSide("frontend", front)
	e.tellSide("backend", back)
	err = back.finish(ctx, err)
	err = front.finish(ctx, err)
	if captureErr := tap.close(ctx); captureErr != nil {
		return captureErr
	}
	return err
}

// tellSide gives, under -v, what passed through one side of a proxy.
func (e *env) tellSide(name string, r *running) {
	s := r.Stats()
	e.report.verbosef("%s %s: %d messages in, %d out, %d dropped", name, r.Type(), s.MsgsIn, s.MsgsOut, s.Dropped)
}

// A capture keeps what passes through a proxy: in a file, or at a PUB socket.
// Its zero value keeps nothing.
type capture struct {
	mu      sync.Mutex
	file    *os.File // nil for stdout and for a socket
	printer *shell.Printer
	sock    *running
}

func (c proxyConfig) openCapture(e *env) (*capture, error) {
	switch {
	case c.capture == "":
		return &capture{}, nil
	case c.capture != "-" && isSide(c.capture):
		return c.openCaptureSocket(e)
	}
	to, file := e.stdout, (*os.File)(nil)
	if c.capture != "-" {
		var err error
		if file, err = os.OpenFile(c.capture, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644); err != nil {
			return nil, fmt.Errorf("--capture: %w", err)
		}
		to = file
	}
	printer, err := shell.NewPrinter(to, shell.OutputOptions{Format: "jsonl"})
	return &capture{file: file, printer: printer}, err
}

// isSide tells an endpoint from the name of a file.
func isSide(text string) bool {
	return strings.HasPrefix(text, ">") || strings.HasPrefix(text, "@") || patterns.LooksLikeEndpoint(text)
}

func (c proxyConfig) openCaptureSocket(e *env) (*capture, error) {
	ep, err := parseSide(c.capture)
	if err != nil {
		return nil, usagef("--capture: %w", err)
	}
	sock, err := socketConfig{typ: zmq4.Pub, endpoints: []endpoint{ep}, limits: c.front.limits, security: c.captureSecurity}.open(e, nil)
	if err != nil {
		return &capture{}, err
	}
	sock.name = "capture: "
	return &capture{sock: sock}, nil
}

// function gives what a proxy shows its messages to, or nil. fail is told when
// they can't be kept any more.
func (c *capture) function(fail func(error)) func([]zmq4.Msg) {
	switch {
	case c.sock != nil:
		return func(msgs []zmq4.Msg) { _, _ = c.sock.SendBatch(context.Background(), msgs) } // a PUB never waits or fails
	case c.printer == nil:
		return nil
	}
	return func(msgs []zmq4.Msg) {
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, m := range msgs {
			if err := c.printer.Received(m); err != nil {
				fail(fmt.Errorf("--capture: %w", err))
				return
			}
		}
		if err := c.printer.Flush(); err != nil {
			fail(fmt.Errorf("--capture: %w", err))
		}
	}
}

func (c *capture) close(ctx context.Context) error {
	switch {
	case c.sock != nil:
		return c.sock.finish(ctx, nil)
	case c.file != nil:
		return c.file.Close()
	}
	return nil
}
