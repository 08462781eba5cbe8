package demo

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/fatih/color"

	"fogmq/internal/history"
)

// grace is how long a node may take to end by itself, once it was told to.
const grace = 2 * time.Second

// A node is one process of a scene. It is an io.Writer for what it prints.
type node struct {
	stage *stage
	name  string
	paint *color.Color
	cmd   *exec.Cmd
	done  chan struct{} // closed when the process has ended and all it printed was shown

	// The stage's lock guards these.
	rest  string   // of a line that has no end yet
	lines []string // of messages, that were shown
	word  string   // the last that it said besides messages
	told  bool     // to end
}

// start shows a command line and runs it, as a node called name.
func (st *stage) start(name string, args ...string) (*node, error) {
	n := &node{stage: st, name: name, done: make(chan struct{})}
	n.cmd = exec.Command(st.exe, args...)
	n.cmd.Args[0] = "fogmq"
	n.cmd.Env = append(os.Environ(), history.OptOut+"=1") // nobody asked for these endpoints
	n.cmd.Stdout, n.cmd.Stderr = n, n
	// What the command line shows is all there is to it.
	n.cmd.Env = slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, "FOGMQ_") })
	n.cmd.SysProcAttr = ownGroup()
	n.cmd.WaitDelay = grace
	st.mu.Lock()
	defer st.mu.Unlock()
	n.paint = st.colorOf(name)
	n.print(st.typed.Sprint("$ " + strings.Join(n.cmd.Args, " ")))
	if st.ctx.Err() != nil {
		return nil, st.ctx.Err()
	}
	if err := n.cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	st.nodes = append(st.nodes, n)
	go n.watch()
	return n, nil
}

// colorOf gives a node its colour: the same again when it is started again.
func (st *stage) colorOf(name string) *color.Color {
	var names []string
	for _, n := range st.nodes {
		if n.name == name {
			return n.paint
		}
		names = append(names, n.name)
	}
	return st.colors[len(names)%len(st.colors)]
}

// watch waits for the end of the process. One that fails, and was not told to
// end, ends the scene.
func (n *node) watch() {
	err := n.cmd.Wait()
	n.stage.mu.Lock()
	if n.rest != "" {
		n.add(n.rest)
	}
	if err != nil && !n.told {
		n.stage.fail(n.failure(err))
	}
	n.stage.mu.Unlock()
	close(n.done)
}

// failure says why a node ended: its own last word, where it had one.
func (n *node) failure(err error) error {
	if n.word != "" {
		return fmt.Errorf("%s: %s", n.name, n.word)
	}
	return fmt.Errorf("%s: %w", n.name, err)
}

// Write shows the lines that p ends. Lines that were printed together are
// shown together.
func (n *node) Write(p []byte) (int, error) {
	n.stage.mu.Lock()
	defer n.stage.mu.Unlock()
	lines := strings.Split(n.rest+string(p), "\n")
	n.rest = lines[len(lines)-1]
	n.add(lines[:len(lines)-1]...)
	return len(p), nil
}

func (n *node) add(lines ...string) {
	if len(lines) == 0 {
		return
	}
	for _, line := range lines {
		if word, ok := strings.CutPrefix(line, "fogmq: "); ok {
			n.word = word
			continue
		}
		n.lines = append(n.lines, line)
	}
	n.print(lines...)
	close(n.stage.changed)
	n.stage.changed = make(chan struct{})
}

// print shows lines under the node's name. It needs the stage's lock.
func (n *node) print(lines ...string) {
	var b strings.Builder
	prefix := n.paint.Sprintf("%-*s |", nameWidth, n.name)
	for _, line := range lines {
		b.WriteString(strings.TrimRight(prefix+" "+line, " ") + "\n")
	}
	n.stage.print(b.String())
}

// pressCtrlC shows what a terminal shows for it.
func (n *node) pressCtrlC() {
	n.stage.mu.Lock()
	defer n.stage.mu.Unlock()
	n.print("^C")
}

func (n *node) running() bool {
	select {
	case <-n.done:
		return false
	default:
		return true
	}
}

// end interrupts the process if it still runs, kills it if it does not heed
// that, and returns when it is gone.
func (n *node) end() error {
	n.stage.mu.Lock()
	n.told = true
	n.stage.mu.Unlock()
	n.signal(syscall.SIGINT)
	patience := time.NewTimer(grace)
	defer patience.Stop()
	select {
	case <-n.done:
	case <-patience.C:
		n.signal(syscall.SIGKILL)
		<-n.done
		return errors.New(n.name + " had to be killed")
	}
	if state := n.cmd.ProcessState; !state.Success() && !wasInterrupted(state) {
		return fmt.Errorf("%s: %v", n.name, state)
	}
	return nil
}

// wasInterrupted tells of the end by SIGINT: by fogmq's own hand, or by the
// system's where fogmq had not yet begun to listen for it.
func wasInterrupted(state *os.ProcessState) bool {
	status, ok := state.Sys().(syscall.WaitStatus)
	return ok && status.Signal() == syscall.SIGINT || state.ExitCode() == 128+int(syscall.SIGINT)
}

// signal reaches the whole process group of a node that runs.
func (n *node) signal(s syscall.Signal) {
	if n.running() {
		_ = syscall.Kill(-n.cmd.Process.Pid, s) // it may just have ended
	}
}
