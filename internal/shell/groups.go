package shell

import (
	"errors"
	"os/exec"
	"sync"
	"syscall"
)

// running are the process groups of the commands at work.
var running = struct {
	sync.Mutex
	groups map[int]struct{}
	over   bool // KillCommands was called
}{groups: make(map[int]struct{})}

// errOver is the answer to a command that would start behind KillCommands.
var errOver = errors.New("this process is about to end")

// startGroup starts a command that leads a process group of its own, which
// KillCommands knows until the caller has called endGroup.
func startGroup(cmd *exec.Cmd) error {
	running.Lock()
	defer running.Unlock()
	if running.over {
		return errOver
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	running.groups[cmd.Process.Pid] = struct{}{}
	return nil
}

func endGroup(cmd *exec.Cmd) {
	running.Lock()
	defer running.Unlock()
	delete(running.groups, cmd.Process.Pid)
}

// KillCommands kills all commands that run, with what they started, and lets no
// other start. It is for a process that ends at once. Safe for concurrent use.
func KillCommands() {
	running.Lock()
	defer running.Unlock()
	running.over = true
	for group := range running.groups {
		_ = syscall.Kill(-group, syscall.SIGKILL) // it may have ended
	}
}
