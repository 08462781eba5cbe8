package cmd

import (
	"errors"
	"io"
	"os"

	"github.com/spf13/pflag"
	"golang.org/x/sys/unix"
)

// eventsFlags say where the events of a command's sockets go, besides what -v
// tells.
type eventsFlags struct {
	form string
	fd   int
	file string
}

func (f *eventsFlags) register(fs flagSet) {
	fs.group = groupSeeing
	fs.add(newValue(&f.form, "FORM", "", oneOf("jsonl")), "events", "",
		"write what -v tells of as jsonl, a JSON object a line, to stderr or where one of the next two says")
	fs.add(newValue(&f.fd, "N", "", atLeast(2)), "events-fd", "",
		"write the events to file descriptor N, as in --events-fd 3 3>FIFO; implies --events jsonl")
	fs.add(newText(&f.file, "FILE", ""), "events-file", "", "add the events to FILE; implies --events jsonl")
}

// resolve makes the log of the events, or nil where nobody asked for it. sockets is
// how many the command has.
func (f *eventsFlags) resolve(e *env, flags *pflag.FlagSet, sockets int) (*eventLog, error) {
	if err := conflict(flags, "events-fd", "events-file"); err != nil {
		return nil, err
	}
	switch {
	case flags.Changed("events-fd") && f.fd != 2:
		if err := checkWritableFD(f.fd, "--events-fd"); err != nil {
			return nil, usagef("%s %d: %w", calledBy(flags, "events-fd"), f.fd, err)
		}
		unix.CloseOnExec(f.fd)
		return newEventLog(os.NewFile(uintptr(f.fd), "events"), sockets), nil
	case flags.Changed("events-file"):
		w, err := openEvents(f.file)
		if err != nil {
			return nil, usagef("%s %q: %w", calledBy(flags, "events-file"), f.file, err)
		}
		return newEventLog(w, sockets), nil
	case f.form == "" && f.fd == 0:
		return nil, nil
	}
	return newEventLog(stderrLines{e.report}, sockets), nil
}

func openEvents(name string) (io.Writer, error) {
	if name == "" {
		return nil, errors.New("empty: give the name of a file")
	}
	return os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
}

// stderrLines are lines of stderr that are not fogmq's words.
type stderrLines struct{ report *reporter }

// Write writes whole lines.
func (s stderrLines) Write(lines []byte) (int, error) { return s.report.raw(lines) }
