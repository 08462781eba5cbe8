package shell

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/peertest"
)

// A tally counts what is reported, from any goroutine.
type tally struct {
	mu   sync.Mutex
	errs []string
}

func (c *tally) add(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.errs = append(c.errs, err.Error())
}

// One job at a time runs the commands in the order of the messages.
func TestExecutorInOrder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "out")
	x := NewExecutor(t.Context(), &Command{Text: `cat >> "` + file + `"; echo " $FOGMQ_SEQ" >> "` + file + `"`, Type: zmq4.Pull}, 1, func(err error) { t.Error(err) })
	for _, m := range []string{"a", "b", "c"} {
		if err := x.Received(zmq4.NewMsgString(m)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(x.Flush(), x.Wait()); err != nil {
		t.Error(err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "a 1\nb 2\nc 3\n" {
		t.Errorf("%q, %v", got, err)
	}
}

// Several jobs run together: each of these waits for the others.
func TestExecutorTogether(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"to1", "to2"} {
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
			peertest.Lack(t, err)
		}
	}
	text := `cd "` + dir + `"; if [ $FOGMQ_SEQ = 1 ]; then cat > to2; cat to1; else cat to2 > /dev/null; echo > to1; fi`
	x := NewExecutor(t.Context(), &Command{Text: text, Type: zmq4.Pull, Stdout: io.Discard}, 2, func(err error) { t.Error(err) })
	for range 2 {
		if err := x.Received(zmq4.NewMsgString("m")); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Wait(); err != nil {
		t.Error(err)
	}
}

func TestExecutorCountsFailures(t *testing.T) {
	var reported tally
	x := NewExecutor(t.Context(), &Command{Text: `test "$(cat)" = good`, Type: zmq4.Pull}, 2, reported.add)
	for _, m := range []string{"good", "bad", "good", "worse"} {
		if err := x.Received(zmq4.NewMsgString(m)); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Wait(); text(err) != "2 of 4 commands failed" || len(reported.errs) != 2 {
		t.Errorf("error %v, reported %q", err, reported.errs)
	}
	for _, line := range reported.errs {
		if !strings.HasPrefix(line, "message 2: exec ") && !strings.HasPrefix(line, "message 4: exec ") {
			t.Errorf("reported %q", line)
		}
	}
}

// A stdout that fails is told of in a way that its owner knows.
func TestExecutorPassesOnTheErrorOfStdout(t *testing.T) {
	var got error
	x := NewExecutor(t.Context(), &Command{Text: "echo", Type: zmq4.Pull, Stdout: failing{}}, 1, func(err error) { got = err })
	if err := x.Received(zmq4.NewMsgString("m")); err != nil {
		t.Fatal(err)
	}
	if err := x.Wait(); err == nil || !errors.Is(got, errStop) {
		t.Errorf("reported %v, error %v", got, err)
	}
}

// The end of ctx stops what runs, takes no more messages and is no failure of
// the commands.
func TestExecutorEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	var reported tally
	r, w := io.Pipe()
	x := NewExecutor(ctx, &Command{Text: "echo; exec sleep 1000", Type: zmq4.Pull, Stdout: w}, 1, reported.add)
	if err := x.Received(zmq4.NewMsgString("m")); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(make([]byte, 1)); err != nil { // the command runs
		t.Fatal(err)
	}
	cancel(errStop)
	if err := x.Received(zmq4.NewMsgString("m")); !errors.Is(err, errStop) {
		t.Errorf("error %v", err)
	}
	began := time.Now()
	if err := x.Wait(); err != nil || len(reported.errs) != 0 {
		t.Errorf("error %v, reported %q", err, reported.errs)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("stopping took %v", took)
	}
}
