package cmd

import (
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/fatih/color"
	"golang.org/x/term"

	"fogmq/internal/shell"
)

// reporter says on stderr what is not message output: each line begins with
// "fogmq: ", and control characters in it are escaped, as text of a peer may
// be part of it. Safe for concurrent use once the flags are parsed.
type reporter struct {
	mu     sync.Mutex
	w      io.Writer
	getenv func(string) string

	color   string // --color
	quiet   bool   // --quiet
	verbose bool   // --verbose
	stats   bool   // --stats

	drawn   bool // the cursor stands in the line of a progress bar
	midline bool // it stands behind the beginning of a line of others
}

func newReporter(w io.Writer, getenv func(string) string) *reporter {
	return &reporter{w: w, getenv: getenv, color: "auto"}
}

// errorf reports what went wrong, in red on a terminal.
func (r *reporter) errorf(format string, args ...any) {
	r.line(color.New(color.FgRed), format, args...)
}

// noticef says what is good to know. --quiet silences it.
func (r *reporter) noticef(format string, args ...any) {
	if !r.quiet {
		r.line(nil, format, args...)
	}
}

// verbosef says what only --verbose asks for.
func (r *reporter) verbosef(format string, args ...any) {
	if r.verbose {
		r.line(color.New(color.Faint), format, args...)
	}
}

// prompt writes a part of a line, such as a question for who sits at the terminal.
func (r *reporter) prompt(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, _ = r.passLocked([]byte(text)) // stderr is where this would be told
}

// mostHeld is how many bytes of lines are kept while the screen is somebody else's.
const mostHeld = 64 << 10

// hold keeps lines back until the function that it returns is called, as somebody
// else draws on the whole terminal. Of too many the first are kept.
func (r *reporter) hold() (resume func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept, w := &heldLines{}, r.w
	r.w = kept
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.w = w
		_, _ = w.Write(kept.lines) // stderr is where this would be told
	}
}

type heldLines struct{ lines []byte }

// Write keeps lines as long as there is room.
func (h *heldLines) Write(lines []byte) (int, error) {
	if len(h.lines)+len(lines) <= mostHeld {
		h.lines = append(h.lines, lines...)
	}
	return len(lines), nil
}

// raw writes whole lines as they are, apart from what is drawn.
func (r *reporter) raw(lines []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wipeLocked()
	r.midline = false
	return r.w.Write(lines)
}

func (r *reporter) line(paint *color.Color, format string, args ...any) {
	text := "fogmq: " + shell.Escape(fmt.Sprintf(format, args...))
	if paint != nil && r.colorOn(r.w) {
		paint.EnableColor()
		text = paint.Sprint(text)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wipeLocked()
	r.midline = false
	_, _ = fmt.Fprintln(r.w, text) // stderr is where this would be told
}

// colorOn tells whether what is written to w is coloured: as --color says, and
// for auto on a terminal, unless NO_COLOR is set or the terminal is a dumb one.
func (r *reporter) colorOn(w io.Writer) bool {
	switch r.color {
	case "always":
		return true
	case "never":
		return false
	default:
		return r.getenv("NO_COLOR") == "" && r.getenv("TERM") != "dumb" && isTerminal(w)
	}
}

// isTerminal tells whether a reader or writer of the process is a terminal.
func isTerminal(stream any) bool {
	if w, ok := stream.(stdoutWriter); ok {
		stream = w.Writer
	}
	f, ok := stream.(*os.File)
	return ok && f != nil && term.IsTerminal(int(f.Fd()))
}
