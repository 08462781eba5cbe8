package recording

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
	"go.uber.org/goleak"

	"fogmq/internal/shell"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// line is a record of one frame that came so long after some time.
func line(after time.Duration, text string) string {
	at := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC).Add(after)
	return fmt.Sprintf(`{"time":%q,"frames":[%q]}`+"\n", at.Format(time.RFC3339Nano), text)
}

// numbered are the lines of records from first to last.
func numbered(first, last int) string {
	var text strings.Builder
	for i := first; i <= last; i++ {
		text.WriteString(line(time.Duration(i)*time.Second, fmt.Sprint(i)))
	}
	return text.String()
}

// compressed is text in frames of so many records each.
func compressed(t testing.TB, text string, each int) []byte {
	t.Helper()
	var out bytes.Buffer
	s := &sink{out: &out}
	s.compress()
	lines := strings.SplitAfter(text, "\n")
	for len(lines) > 0 {
		n := min(each, len(lines))
		if lot := strings.Join(lines[:n], ""); lot != "" {
			if _, err := s.write([]byte(lot)); err != nil {
				t.Fatal(err)
			}
		}
		lines = lines[n:]
	}
	return out.Bytes()
}

func scratch(t testing.TB, name string, content []byte) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// record writes to a file with Open, and gives what Open and Close ended with.
func record(name, text string, o Options) (repaired bool, err error) {
	w, err := Open(name, o)
	if err != nil {
		return false, err
	}
	_, err = io.WriteString(w, text)
	return w.Repaired(), errors.Join(err, w.Close())
}

// readAll gives the text of a recording, and whether it ends torn.
func readAll(t testing.TB, name string) (text string, torn bool) {
	t.Helper()
	in, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil && !errors.Is(err, shell.ErrTorn) {
		t.Fatal(err)
	}
	return string(b), err != nil
}

// wholeLines are those of text that have an end.
func wholeLines(text string) string { return text[:strings.LastIndexByte(text, '\n')+1] }

// files are recordings in memory.
func files(texts ...string) (list []File) {
	for i, text := range texts {
		list = append(list, File{Name: fmt.Sprintf("file%d", i+1), Open: func() (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(text)), nil
		}})
	}
	return list
}

// play gives the frames of all that a Player plays, and what it ends with.
func play(p *Player) (played []string, err error) {
	for {
		msgs, err := p.Next(3)
		if err != nil {
			return played, err
		}
		for _, m := range msgs {
			played = append(played, text(m))
		}
		p.Took(len(msgs))
		p.Recycle(1 << 20)
	}
}

func text(m zmq4.Msg) string { return string(bytes.Join(m.Frames, []byte("|"))) }
