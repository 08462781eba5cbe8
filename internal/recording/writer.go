package recording

import (
	"bytes"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// maxWaiting bounds what is taken and not yet written: some hundred thousand small
	// messages, so that a disk that stops for a while does not stop a subscriber.
	maxWaiting = 32 << 20
	// maxSpare bounds the memory that is kept for the next lot.
	maxSpare = 8 << 20
)

// A Writer writes lines to a recording. It takes them in pieces of any size and writes
// them whole, in lots, from a goroutine of its own: what is written to it is on its way
// after a second at most, and after a tenth of one where it is not compressed. It
// implements io.Writer and may be used concurrently.
type Writer struct {
	sink     *sink
	close    func() error
	failed   func(error)
	repaired bool
	most     int // may wait; maxWaiting
	records  atomic.Int64

	mu     sync.Mutex
	room   sync.Cond // there may be room for more, or no hope of it
	lines  []byte
	whole  int // lines[:whole] are whole records
	err    error
	closed bool

	news chan struct{} // there are whole records, enough of them, or no more to come
	done chan struct{} // all is written
}

// NewWriter returns a Writer to what can be written but not cut, such as a pipe. failed,
// if it is not nil, is called once by another goroutine when out takes no more.
func NewWriter(out io.Writer, compressed bool, failed func(error)) *Writer {
	s := &sink{out: out}
	if compressed {
		s.compress()
	}
	return startWriter(s.ready(), func() error { return nil }, failed)
}

func startWriter(s *sink, close func() error, failed func(error)) *Writer {
	w := &Writer{sink: s, close: close, failed: failed, news: make(chan struct{}, 1), done: make(chan struct{}), most: maxWaiting}
	w.room.L = &w.mu
	go w.run()
	return w
}

// Write takes a piece of the recording. It waits only while as much as memory is set
// aside for waits to be written. Its error is that of an earlier piece.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.whole >= w.most && w.err == nil {
		w.room.Wait()
	}
	if w.err != nil {
		return 0, w.err
	}
	before := w.whole
	if i := bytes.LastIndexByte(p, '\n'); i >= 0 {
		w.whole = len(w.lines) + i + 1
	}
	w.lines = append(w.lines, p...)
	if before == 0 && w.whole > 0 || before < w.sink.enough && w.whole >= w.sink.enough {
		w.tell()
	}
	return len(p), nil
}

func (w *Writer) tell() {
	select {
	case w.news <- struct{}{}:
	default: // it will look anyway
	}
}

// Records is how many records were written so far.
func (w *Writer) Records() int64 { return w.records.Load() }

// Repaired tells whether the file had a torn end, which was cut off.
func (w *Writer) Repaired() bool { return w.repaired }

// Close writes what was taken and closes the recording. It returns the first error
// there was. A record that was never ended is not written.
func (w *Writer) Close() error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.tell()
	<-w.done
	if err := w.close(); w.err == nil {
		w.err = err
	}
	return w.err
}

func (w *Writer) run() {
	defer close(w.done)
	var spare []byte
	for last := false; !last; {
		<-w.news
		w.gather()
		var lot []byte
		lot, last = w.take(spare)
		if len(lot) == 0 {
			continue
		}
		kept, err := w.sink.write(lot)
		w.records.Add(int64(bytes.Count(lot[:kept], []byte{'\n'})))
		if err != nil {
			w.fail(err)
			return
		}
		if spare = lot[:0]; cap(spare) > maxSpare {
			spare = nil
		}
	}
}

// gather waits until it is worth while to write, or until what is there has waited
// long enough.
func (w *Writer) gather() {
	patience := time.NewTimer(w.sink.patience)
	defer patience.Stop()
	for !w.isDue() {
		select {
		case <-w.news:
		case <-patience.C:
			return
		}
	}
}

func (w *Writer) isDue() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.closed || w.whole >= w.sink.enough
}

// take returns the whole records that are there, and whether they are the last ones.
// From now on, spare is what is added to.
func (w *Writer) take(spare []byte) (lot []byte, last bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	lot = w.lines[:w.whole]
	w.lines, w.whole = append(spare, w.lines[w.whole:]...), 0
	w.room.Broadcast()
	return lot, w.closed
}

func (w *Writer) fail(err error) {
	w.mu.Lock()
	w.err = err
	w.room.Broadcast()
	w.mu.Unlock()
	if w.failed != nil {
		w.failed(err)
	}
}
