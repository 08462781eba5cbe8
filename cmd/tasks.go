package cmd

import (
	"io"
	"os"
	"strings"
	"sync/atomic"
)

// showProgress shows a task of the socket's until finish has drained it. Where
// messages go to the terminal they are the progress.
func (r *running) showProgress(t task) {
	if isTerminal(r.e.stdout) {
		return
	}
	t.title = strings.ToLower(string(r.Type()))
	r.wipe = r.e.showProgress(t)
}

// in and out are how many messages were received, and written to a peer.
func (r *running) in() int64  { return int64(r.Stats().MsgsIn) }
func (r *running) out() int64 { return int64(r.Stats().MsgsOut) }

// counted is the task of --count, or none without it.
func counted(count int, done func() int64) task {
	if count == 0 {
		return task{}
	}
	return task{total: int64(count), done: done}
}

// sending is the task of a command that sends. What a publisher takes has left,
// once for each subscriber or not at all; others wait until it is written.
func (r *running) sending(c inputConfig, count int, taken *atomic.Int64) task {
	if writesToMany(r.Type()) {
		return c.progress(r.e, count, taken.Load)
	}
	return c.progress(r.e, count, r.out)
}

// progress is the task of a command that is done when its input is, or after count
// messages. done is how many messages are through.
func (c inputConfig) progress(e *env, count int, done func() int64) task {
	switch {
	case count > 0:
		return counted(count, done)
	case c.origin == fromFiles:
		return counted(len(c.files), done)
	case c.origin == fromStdin && classifyStdin(e.stdin) == stdinData:
		return reading(e.stdin, done)
	}
	return task{}
}

// reading is the task of stdin: of a file how far it is read, of all else how many
// messages came of it.
func reading(stdin io.Reader, done func() int64) task {
	f, ok := stdin.(*os.File)
	if !ok {
		return task{done: done}
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return task{done: done}
	}
	began, err := f.Seek(0, io.SeekCurrent)
	if err != nil || info.Size() <= began {
		return task{done: done}
	}
	return task{total: info.Size() - began, bytes: true, done: func() int64 {
		now, err := f.Seek(0, io.SeekCurrent)
		if err != nil {
			return 0
		}
		return now - began
	}}
}
