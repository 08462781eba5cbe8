package cmd

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/patterns"
	"fogmq/internal/recording"
	"fogmq/internal/shell"
)

// runReplay sends what is recorded when it is due.
func runReplay(ctx context.Context, e *env, c replayConfig) error {
	var read atomic.Int64
	files, size, err := c.open(e, &read)
	if err != nil {
		return err
	}
	c.play.Note = func(err error) { e.report.errorf("%v", err) }
	sock, err := c.socket.open(e, nil)
	if err != nil {
		return err
	}
	player := recording.NewPlayer(files, c.play)
	defer player.Close()
	send := shell.SendOptions{
		Count: c.count, SkipBad: c.skipBad, Report: e.reportSkipped,
		Before: c.before(sock), Sent: new(atomic.Int64),
	}
	c.showProgress(e, sock, player, send.Sent, size, &read)
	err = c.send(ctx, player, sock, send)
	ended := ctx.Err() != nil
	err = sock.finish(ctx, err)
	if ended {
		c.tellPlace(e, player.Last(), sock, send.Sent.Load())
	}
	return err
}

// send sends all there is. Where peers may answer, their answers are taken, so that
// nobody waits for us.
func (c replayConfig) send(ctx context.Context, player *recording.Player, sock *running, o shell.SendOptions) error {
	switch c.socket.typ {
	case zmq4.Pub, zmq4.Push:
		o.Copied = patterns.CopiedBody
		return shell.Send(ctx, player, player.Through(sock, nil), o)
	}
	both := struct {
		shell.Sender
		shell.Receiver
	}{player.Through(sock, isUnroutable), sock}
	return shell.Converse(ctx, player, both, unheard{}, o, shell.ReceiveOptions{}, true)
}

// unheard is a Handler that passes over what comes.
type unheard struct{}

func (unheard) Received(zmq4.Msg) error { return nil }
func (unheard) Flush() error            { return nil }

// before gives what is waited for before the first message, or nil.
func (c replayConfig) before(sock *running) func(context.Context) error {
	subscribers := sock.subscribers(c.waitSubscribers)
	if c.waitPeers == 0 {
		return subscribers
	}
	return func(ctx context.Context) error {
		if subscribers != nil {
			if err := subscribers(ctx); err != nil {
				return err
			}
		}
		return sock.WaitPeers(ctx, c.waitPeers)
	}
}

// open looks that every file can be read, and returns them with the size of all, 0
// where that is unknown. read counts what is read of them.
func (c replayConfig) open(e *env, read *atomic.Int64) (files []recording.File, size int64, err error) {
	known := c.play.Rounds > 0
	for _, name := range c.files {
		open := func() (io.ReadCloser, error) { return os.Open(name) }
		if name == "-" {
			name, known = "stdin", false
			open = func() (io.ReadCloser, error) { return io.NopCloser(e.stdin), nil }
		} else {
			info, err := checkReadable(name)
			if err != nil {
				return nil, 0, err
			}
			known = known && info.Mode().IsRegular()
			size += info.Size()
		}
		files = append(files, recording.File{Name: name, Open: func() (io.ReadCloser, error) {
			in, err := open()
			return countingReader{in, read}, err
		}})
	}
	if !known {
		return files, 0, nil
	}
	return files, size * int64(c.play.Rounds), nil
}

// checkReadable finds out before anything is sent what can't be read. A FIFO is not
// opened, as it has a reader then.
func checkReadable(name string) (os.FileInfo, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s: is a folder: give a file that fogmq record made", name)
	case !info.Mode().IsRegular():
		return info, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	return info, f.Close()
}

// A countingReader counts what is read.
type countingReader struct {
	io.ReadCloser
	n *atomic.Int64
}

func (r countingReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.n.Add(int64(n))
	return n, err
}

// showProgress shows how much of the files is read, or how many messages were sent.
func (c replayConfig) showProgress(e *env, sock *running, player *recording.Player, sent *atomic.Int64, size int64, read *atomic.Int64) {
	t := task{title: "replay", say: func() string { return player.Played().Truncate(time.Second / 10).String() }}
	switch {
	case c.count > 0:
		t.total, t.done = int64(c.count), sent.Load
	case size > 0:
		t.total, t.done, t.bytes = size, read.Load, true
		t.say = func() string {
			return fmt.Sprintf("%d at %v", sent.Load(), player.Played().Truncate(time.Second/10))
		}
	default:
		t.done = sent.Load
	}
	sock.wipe = e.showProgress(t)
}

// tellPlace says where a replay that was stopped can be gone on with. Messages that no
// peer took are sent again, and so, where not all records became messages, may be some
// in front of them.
func (c replayConfig) tellPlace(e *env, last recording.Place, sock *running, sent int64) {
	total := last.Total
	if sock.left > 0 && last.Round == 1 {
		total = max(c.play.Skip, c.play.Skip+int(sent)-sock.left)
	}
	if total <= c.play.Skip {
		return
	}
	e.report.noticef("stopped behind record %d: --skip %d goes on from there", total, total)
}
