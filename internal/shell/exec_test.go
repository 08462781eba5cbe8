package shell

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/go-zeromq/zmq4"
)

func TestCommandOutput(t *testing.T) {
	t.Setenv("FOGMQ_TOPIC", "of a parent")
	const env = `printf '%s,%s,%s' "${FOGMQ_TOPIC-unset}" "$FOGMQ_FRAMES" "$FOGMQ_SEQ"`
	tests := []struct {
		name   string
		text   string
		typ    zmq4.SocketType
		codec  string
		frames []string
		want   string
	}{
		{"stdin is raw without newline", "cat", zmq4.Sub, "", []string{"cam", "a\x00b", ""}, "cam\ta\x00b\t"},
		{"codec", "cat", zmq4.Rep, "int:2:big", []string{"\x01\x02"}, "258"},
		{"router", "cat", zmq4.Router, "", []string{"\x00", "", "x"}, "0x00\t\tx"},
		{"environment", env, zmq4.Sub, "", []string{"cam 66"}, "cam,1,7"},
		{"topic frame", env, zmq4.Sub, "", []string{"c a m", "66"}, "c a m,2,7"},
		{"no topic", env, zmq4.Sub, "", []string{"hello"}, "unset,1,7"},
		{"no topic in rep", env, zmq4.Rep, "", []string{"a", "b", "c"}, "unset,3,7"},
		{"topic with NUL", env, zmq4.Sub, "", []string{"a\x00b", "66"}, "unset,2,7"},
		{"longest topic", `printf %s "${#FOGMQ_TOPIC}"`, zmq4.Sub, "", []string{strings.Repeat("t", 4096), ""}, "4096"},
		{"topic too long", env, zmq4.Sub, "", []string{strings.Repeat("t", 4097), ""}, "unset,2,7"},
		{"nothing of a message is shell text", `printf %s "$FOGMQ_TOPIC"`, zmq4.Sub, "", []string{"$(echo;x) `x`'\"", "; exit 9"}, "$(echo;x) `x`'\""},
		{"stdin not read", "true", zmq4.Pull, "", []string{strings.Repeat("x", 1<<20)}, ""},
		{"background process is not waited for", "sleep 1000 & echo $! >&2; echo done", zmq4.Pull, "", []string{""}, "done\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stderr bytes.Buffer
			c := &Command{Text: test.text, Type: test.typ, Stderr: &stderr}
			if test.codec != "" {
				c.Codec = openCodec(t, test.codec)
			}
			got, err := c.Output(t.Context(), zmq4.NewMsgFromString(test.frames), 7)
			if err != nil || string(got) != test.want {
				t.Errorf("got %q, %v, want %q", got, err, test.want)
			}
			if pid := strings.TrimSpace(stderr.String()); pid != "" {
				stopProcess(t, pid)
			}
		})
	}
}

func stopProcess(t *testing.T, pid string) {
	t.Helper()
	if err := (&Command{Text: "kill $(cat)", Stdout: io.Discard}).Run(t.Context(), zmq4.NewMsgString(pid), 1); err != nil {
		t.Error(err)
	}
}

func TestCommandErrors(t *testing.T) {
	tests := []struct{ text, want, stderr string }{
		{"exit 3", `exec "exit 3": exit status 3`, ""},
		{`printf 'first\nlast\033[2J\n\n' >&2; exit 1`, `exec "printf 'first\\nlast\\033[2J\\n\\n' >&2; exit 1": exit status 1: last\x1b[2J`, "first\nlast\x1b[2J\n\n"},
		{"kill -KILL $$", `exec "kill -KILL $$": signal: killed`, ""},
	}
	for _, test := range tests {
		var stdout, stderr bytes.Buffer
		c := &Command{Text: test.text, Stdout: &stdout, Stderr: &stderr}
		if err := c.Run(t.Context(), zmq4.NewMsgString("x"), 1); err == nil || err.Error() != test.want {
			t.Errorf("got %v\nwant %s", err, test.want)
		}
		if stderr.String() != test.stderr {
			t.Errorf("stderr is %q, want %q", stderr.String(), test.stderr)
		}
	}
}

func TestCommandPassesStdoutThrough(t *testing.T) {
	var stdout bytes.Buffer
	if err := (&Command{Text: "cat", Stdout: &stdout}).Run(t.Context(), zmq4.NewMsgString("x"), 1); err != nil || stdout.String() != "x" {
		t.Errorf("got %q, %v", stdout.String(), err)
	}
}

func TestCommandCodecError(t *testing.T) {
	c := &Command{Text: "exit 9", Codec: openCodec(t, "int:2:big")}
	var bad *RecordError
	if err := c.Run(t.Context(), zmq4.NewMsgString("x"), 4); !errors.As(err, &bad) || bad.Record != 4 {
		t.Errorf("got %v", err)
	}
}

// What the command started is stopped with it, also a child that does not hear SIGTERM and that holds no pipe of ours.
func TestCommandIsStoppedWithItsChildren(t *testing.T) {
	tests := []struct{ name, text string }{
		{"child", "exec 3>FIFO; sleep 1000 & echo >&3; wait"},
		{"deaf child", "(trap '' TERM; exec 3>FIFO; echo >&3; while :; do sleep 1000; done) >/dev/null 2>&1 & wait"},
		{"deaf command", "trap '' TERM; exec 3>FIFO; echo >&3; while :; do sleep 1000; done"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "fifo")
			if err := syscall.Mkfifo(path, 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				c := &Command{Text: strings.ReplaceAll(test.text, "FIFO", path), Stdout: io.Discard, Stderr: io.Discard}
				ended <- c.Run(ctx, zmq4.NewMsgString("x"), 1)
			}()
			fifo, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer fifo.Close()
			if _, err := io.ReadFull(fifo, make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
			cancel()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			// The fifo ends when the last process that holds it has.
			if _, err := io.Copy(io.Discard, fifo); err != nil {
				t.Error(err)
			}
		})
	}
}
