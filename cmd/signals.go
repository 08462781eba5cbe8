package cmd

import (
	"os"
	"os/signal"
	"syscall"

	"fogmq/internal/shell"
)

// endingSignals are those that end a command with 128+N. SIGQUIT is one of them:
// else the Go runtime would answer Ctrl-\ with pages of its own insides.
func endingSignals() []os.Signal {
	ending := []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGQUIT}
	if !signal.Ignored(syscall.SIGHUP) { // nohup keeps its word
		ending = append(ending, syscall.SIGHUP)
	}
	return ending
}

// watchSignals returns a channel of the signals that end a command, and a function
// to call after the first: from then on another one ends the process at once, and
// with it the commands of --exec.
func watchSignals() (first chan os.Signal, release func()) {
	first = make(chan os.Signal, 1)
	ending := endingSignals()
	signal.Notify(first, ending...)
	return first, func() {
		second := make(chan os.Signal, 1)
		signal.Notify(second, ending...)
		signal.Stop(first)
		go func() { endAtOnce(<-second) }()
	}
}

// endAtOnce ends the process as the signal would have done.
func endAtOnce(s os.Signal) {
	shell.KillCommands()
	number, ok := s.(syscall.Signal)
	if ok && s != syscall.SIGQUIT {
		signal.Reset(s)
		if syscall.Kill(os.Getpid(), number) == nil {
			select {} // it is on its way
		}
	}
	os.Exit((&signalError{s}).status())
}
