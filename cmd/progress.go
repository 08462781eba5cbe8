package cmd

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/cheggaaa/pb/v3"
	"golang.org/x/term"
)

// redraw is the pause between two looks at how far a command has come.
const redraw = 200 * time.Millisecond

// progressLook is what stands in the line of a progress bar.
const progressLook pb.ProgressBarTemplate = `{{string . "title"}} {{bar . "[" "=" ">" " " "]"}} {{percent . "%3.0f%%"}} {{counters . "%s/%s"}} {{rtime . "%s left" "" ""}}`

// showProgress draws on a terminal's stderr how much of total is done, until the
// function that it returns is called. done is called now and then by a goroutine
// of its own, so that counting costs nothing but the counter. Where stderr is no
// terminal, or under --quiet, nothing is drawn and done is never called.
func (e *env) showProgress(title string, total int64, done func() int64) (stop func()) {
	width := e.report.progressWidth()
	if width == 0 {
		return func() {}
	}
	bar := pb.New64(total).
		SetTemplate(progressLook).
		Set("title", title).
		Set(pb.Static, true). // we draw it
		Set(pb.Terminal, true).
		Set(pb.Color, false).
		SetWidth(width).
		SetWriter(progressWriter{e.report}).
		Start()
	stopped := make(chan struct{})
	var drawing sync.WaitGroup
	drawing.Go(func() {
		tick := time.NewTicker(redraw)
		defer tick.Stop()
		for {
			select {
			case <-stopped:
				return
			case <-tick.C:
				bar.SetWidth(e.report.progressWidth()).SetCurrent(done()).Write()
			}
		}
	})
	return func() {
		close(stopped)
		drawing.Wait()
		e.report.wipe()
	}
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
// wipes.
type progressWriter struct{ r *reporter }

func (w progressWriter) Write(p []byte) (int, error) {
	w.r.mu.Lock()
	defer w.r.mu.Unlock()
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
