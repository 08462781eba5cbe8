package cmd

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/cheggaaa/pb/v3"
	"golang.org/x/term"
)

// redraw is the pause between two looks at how far a command has come; what is done
// within appears has no progress to show.
const (
	redraw  = 200 * time.Millisecond
	appears = 500 * time.Millisecond
)

// What stands in the line, with a total and without one.
const (
	progressLook pb.ProgressBarTemplate = `{{string . "title"}} {{bar . "[" "=" ">" " " "]"}} {{percent . "%3.0f%%"}} {{counters . "%s/%s"}} {{speed . "%s/s" "-/s"}} {{rtime . "%s left" "" ""}}`
	endlessLook  pb.ProgressBarTemplate = `{{string . "title"}} {{counters .}} {{speed . "%s/s" "-/s"}} {{etime .}}`
)

// A task is work whose progress can be shown.
type task struct {
	title string
	total int64 // 0 is unknown
	bytes bool  // they are what is counted
	// say, if it is not nil, gives what is shown behind the title; it is called as done is.
	say func() string
	// done is how much of total is done. It is called now and then by a
	// goroutine of its own, so that counting costs nothing but the counter.
	done func() int64
}

// showProgress draws on a terminal's stderr how much of a task is done, until the
// function that it returns is called; a second call does nothing. Where stderr is
// no terminal, or under --quiet, nothing is drawn and done is never called.
func (e *env) showProgress(t task) (stop func()) {
	if t.done == nil || e.report.progressWidth() == 0 {
		return func() {}
	}
	bar := e.newBar(t)
	stopped := make(chan struct{})
	var drawing sync.WaitGroup
	drawing.Go(func() {
		next := time.NewTimer(appears)
		defer next.Stop()
		for {
			select {
			case <-stopped:
				return
			case <-next.C:
				next.Reset(redraw)
				done := t.done()
				if t.total > 0 {
					done = min(done, t.total)
				}
				if t.say != nil {
					bar.Set("title", t.title+" "+t.say())
				}
				bar.SetWidth(e.report.progressWidth()).SetCurrent(done).Write()
			}
		}
	})
	return sync.OnceFunc(func() {
		close(stopped)
		drawing.Wait()
		e.report.wipe()
	})
}

func (e *env) newBar(t task) *pb.ProgressBar {
	look := progressLook
	if t.total == 0 {
		look = endlessLook
	}
	return pb.New64(t.total).
		SetTemplate(look).
		Set("title", t.title).
		Set(pb.Bytes, t.bytes).
		Set(pb.Static, true). // we draw it
		Set(pb.Terminal, true).
		Set(pb.Color, false).
		SetWidth(e.report.progressWidth()).
		SetWriter(progressWriter{e.report}).
		Start()
}

// progressWidth is how wide a progress bar may be; 0 where none is to be shown.
func (r *reporter) progressWidth() int {
	f, ok := r.w.(*os.File)
	if !ok || r.quiet || r.getenv("TERM") == "dumb" || !isTerminal(f) {
		return 0
	}
	const least, most = 20, 100
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return least
	}
	return max(least, min(width-1, most)) // the last column would wrap
}

// progressWriter draws in the line that the cursor is in, which the next report
// wipes. In a line that somebody else has begun it draws nothing.
type progressWriter struct{ r *reporter }

func (w progressWriter) Write(p []byte) (int, error) {
	w.r.mu.Lock()
	defer w.r.mu.Unlock()
	if w.r.midline {
		return len(p), nil
	}
	w.r.drawn = true
	return w.r.w.Write(p)
}

// wipe takes what is drawn away.
func (r *reporter) wipe() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wipeLocked()
}

func (r *reporter) wipeLocked() {
	if r.drawn {
		r.drawn = false
		_, _ = fmt.Fprint(r.w, "\r\x1b[K") // stderr is where this would be told
	}
}

// passed is what others say on stderr, such as the commands of --exec, byte for byte.
type passed struct{ r *reporter }

func (w passed) Write(p []byte) (int, error) {
	w.r.mu.Lock()
	defer w.r.mu.Unlock()
	return w.r.passLocked(p)
}

func (r *reporter) passLocked(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	r.wipeLocked()
	r.midline = p[len(p)-1] != '\n'
	return r.w.Write(p)
}
