package recording

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// An outlet keeps each write apart, and fails behind a number of bytes.
type outlet struct {
	mu     sync.Mutex
	writes [][]byte
	room   int // -1 is without end
	wrote  chan struct{}
}

func newOutlet(room int) *outlet { return &outlet{room: room, wrote: make(chan struct{}, 1000)} }

var errFull = errors.New("full")

func (o *outlet) Write(b []byte) (n int, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n = len(b)
	if o.room >= 0 && n > o.room {
		n, err = o.room, errFull
	}
	if o.room >= 0 {
		o.room -= n
	}
	o.writes = append(o.writes, bytes.Clone(b[:n]))
	o.wrote <- struct{}{}
	return n, err
}

// Whatever pieces lines come in, they are written whole, and all of them.
func TestWriterWritesWholeLines(t *testing.T) {
	text := numbered(1, 500)
	for _, size := range []int{1, 7, 4096, len(text)} {
		out := newOutlet(-1)
		w := NewWriter(out, false, nil)
		for at := 0; at < len(text); at += size {
			if _, err := io.WriteString(w, text[at:min(at+size, len(text))]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		for _, b := range out.writes {
			if b[len(b)-1] != '\n' {
				t.Errorf("a write ends in %.20q", b)
			}
		}
		if got := string(bytes.Join(out.writes, nil)); got != text || w.Records() != 500 {
			t.Errorf("pieces of %d: %d bytes in %d records, want %d in 500", size, len(got), w.Records(), len(text))
		}
	}
}

// What waits is written without more to come, and the beginning of a line is not.
func TestWriterWritesWhenIdle(t *testing.T) {
	for _, compressed := range []bool{false, true} {
		out := newOutlet(-1)
		w := NewWriter(out, compressed, nil)
		w.sink.patience = time.Millisecond
		for range 3 {
			io.WriteString(w, numbered(1, 2)+"{")
			<-out.wrote
			io.WriteString(w, "}\n")
			<-out.wrote
		}
		if err := w.Close(); err != nil || w.Records() != 9 {
			t.Errorf("%d records, %v", w.Records(), err)
		}
	}
}

// Much at once makes few writes.
func TestWriterWritesLots(t *testing.T) {
	out := newOutlet(-1)
	w := NewWriter(out, false, nil)
	row := strings.Repeat(line(0, "x"), 1000)
	for range 100 {
		io.WriteString(w, row)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if most := 100*len(row)/enoughText + 2; len(out.writes) > most {
		t.Errorf("%d writes for %d bytes, want %d at most", len(out.writes), 100*len(row), most)
	}
}

// An output that takes no more ends it at once, and every Write from then on; what
// was written is counted.
func TestWriterFails(t *testing.T) {
	one := len(line(0, "x"))
	for _, compressed := range []bool{false, true} {
		out := newOutlet(2*one + 10)
		told := make(chan error, 1)
		w := NewWriter(out, compressed, func(err error) { told <- err })
		io.WriteString(w, strings.Repeat(line(0, "x"), 3)+strings.Repeat(line(0, "\U0001F4A9 is not compressible by ten"), 200))
		if err := <-told; !errors.Is(err, errFull) {
			t.Errorf("told of %v", err)
		}
		if _, err := io.WriteString(w, "\n"); !errors.Is(err, errFull) {
			t.Errorf("Write: %v", err)
		}
		if err := w.Close(); !errors.Is(err, errFull) {
			t.Errorf("Close: %v", err)
		}
		if want := map[bool]int64{false: 2}[compressed]; w.Records() != want {
			t.Errorf("%d records, want %d", w.Records(), want)
		}
	}
}

// A Writer whose output stands still takes so much and no more, then goes on.
func TestWriterIsBounded(t *testing.T) {
	r, out := io.Pipe()
	w := NewWriter(out, false, nil)
	w.most = 10 * enoughText
	row := strings.Repeat("x", enoughText-1) + "\n"
	taken := make(chan int, 1000)
	go func() {
		for i := range 40 {
			io.WriteString(w, row)
			taken <- i
		}
		w.Close()
		out.Close()
	}()
	for range 10 {
		<-taken
	}
	got, err := io.Copy(io.Discard, r)
	if err != nil || got != 40*enoughText {
		t.Errorf("%d bytes came: %v", got, err)
	}
}

// A record larger than a frame should be passes.
func TestLargeRecord(t *testing.T) {
	large := line(0, strings.Repeat("x", maxFrame))
	name := t.TempDir() + "/large.zst"
	if _, err := record(name, line(0, "a")+large+line(0, "b"), Options{Compressed: true}); err != nil {
		t.Fatal(err)
	}
	if got, torn := readAll(t, name); got != line(0, "a")+large+line(0, "b") || torn {
		t.Errorf("%d bytes, torn %v", len(got), torn)
	}
}

// Two can't record to one file.
func TestOpenLocks(t *testing.T) {
	name := t.TempDir() + "/a"
	w, err := Open(name, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := record(name, "", Options{Overwrite: true}); err == nil || !strings.Contains(err.Error(), "another command") {
		t.Errorf("a second Writer: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := record(name, numbered(1, 1), Options{}); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(name); err != nil || info.Size() == 0 {
		t.Error(err)
	}
}
