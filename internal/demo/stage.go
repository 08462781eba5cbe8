package demo

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"

	"github.com/fatih/color"
)

// nameWidth is the column that the lines of all nodes begin in.
const nameWidth = 8

// A stage is where one scene plays: its nodes, its port, and all that is shown.
type stage struct {
	ctx    context.Context // ends with the scene
	fail   context.CancelCauseFunc
	exe    string
	port   int
	title  *color.Color
	typed  *color.Color
	colors []*color.Color // of the nodes, in turn

	mu      sync.Mutex // guards all below, and what nodes showed
	out     io.Writer
	outErr  error
	nodes   []*node
	changed chan struct{} // closed, and made anew, when a node showed something
}

func newStage(ctx context.Context, o Options, name string) *stage {
	ctx, fail := context.WithCancelCause(ctx)
	st := &stage{
		ctx: ctx, fail: fail, exe: o.Executable, port: o.Port, out: o.Stdout,
		title: color.New(color.Bold), typed: color.New(color.Bold),
		changed: make(chan struct{}),
	}
	for _, a := range []color.Attribute{color.FgCyan, color.FgGreen, color.FgMagenta, color.FgYellow} {
		st.colors = append(st.colors, color.New(a))
	}
	for _, c := range append(st.colors, st.title, st.typed) {
		// Whether there are colours is our caller's choice, not the package's.
		c.DisableColor()
		if o.Color {
			c.EnableColor()
		}
	}
	return st
}

// open shows the heading and chooses the port.
func (st *stage) open(sc scene) error {
	st.say(st.title.Sprintf("== %s: %s", sc.name, strings.Join(sc.heading, "\n   ")))
	port, err := freePort(st.port)
	if err != nil {
		return err
	}
	if port != st.port {
		st.say(fmt.Sprintf("   (Port %d is in use, so this scene uses %d.)", st.port, port))
		st.port = port
	}
	return nil
}

// freePort returns port, or one that is free where it is not.
func freePort(port int) (int, error) {
	// All addresses of both families: a node that connects to localhost must
	// not meet somebody else.
	l, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	if err != nil {
		l, err = net.Listen("tcp", ":0")
	}
	if err != nil {
		return 0, fmt.Errorf("no free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// endpoint is what the nodes bind and connect to.
func (st *stage) endpoint() string { return fmt.Sprintf(":%d", st.port) }

// say shows lines that are no node's.
func (st *stage) say(text string) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.print(text + "\n")
}

// print needs the lock. The first error of the output ends the scene.
func (st *stage) print(text string) {
	if st.outErr != nil {
		return
	}
	if _, st.outErr = io.WriteString(st.out, text); st.outErr != nil {
		st.fail(st.outErr)
	}
}

func (st *stage) outputError() error {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.outErr
}

// showMore waits until each node has shown n more lines than it has by now.
func (st *stage) showMore(n int, nodes ...*node) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	due := make([]int, len(nodes))
	for i := range nodes {
		due[i] = len(nodes[i].lines) + n
	}
	for i := 0; i < len(nodes); {
		if len(nodes[i].lines) >= due[i] {
			i++
			continue
		}
		changed := st.changed
		st.mu.Unlock()
		select {
		case <-changed:
		case <-st.ctx.Done():
		}
		st.mu.Lock()
		if st.ctx.Err() != nil {
			return context.Cause(st.ctx)
		}
	}
	return nil
}

// wait waits until nodes have ended by themselves.
func (st *stage) wait(nodes ...*node) error {
	for _, n := range nodes {
		select {
		case <-n.done:
		case <-st.ctx.Done():
			return context.Cause(st.ctx)
		}
	}
	return nil
}

// stop ends a node as Ctrl-C does.
func (st *stage) stop(n *node) error {
	n.pressCtrlC()
	return n.end()
}

// clear ends the nodes that still run, and returns when all are gone.
func (st *stage) clear() error {
	st.mu.Lock()
	nodes := st.nodes
	st.mu.Unlock()
	errs := make(chan error, len(nodes))
	for _, n := range nodes {
		if n.running() && st.ctx.Err() == nil {
			n.pressCtrlC()
		}
		go func() { errs <- n.end() }()
	}
	var first error
	for range nodes {
		if err := <-errs; first == nil {
			first = err
		}
	}
	return first
}
