package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// program writes a shell script that the nodes of a scene run in the place of
// fogmq, with fogmq's arguments. Each of them leaves its process id in dir.
func program(t *testing.T, body string) (path, dir string) {
	t.Helper()
	dir = t.TempDir()
	path = filepath.Join(dir, "program")
	text := "#!/bin/sh\necho $$ > " + dir + "/$$.pid\n" + body + "\n"
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	return path, dir
}

// goneFrom fails if a process that left its id in dir, or one of its group,
// is still there. It returns how many there were.
func goneFrom(t *testing.T, dir string) int {
	t.Helper()
	pids, err := filepath.Glob(filepath.Join(dir, "*.pid"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range pids {
		pid, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(file), ".pid"))
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(pid, 0); err == nil {
			t.Errorf("process %d is left", pid)
		}
	}
	return len(pids)
}

// What the nodes of the scenes would print, and how they end on Ctrl-C.
const (
	prelude = `trap 'exit 130' INT
forever() { while :; do echo "$1"; sleep 0.05; done; }
lines() { printf '%s\n' "$@"; }
`
	playsWell = prelude + `case "$*" in
"sub --connect"*"--topic 2"*) forever "Ch 2 -> 4 received";;
"sub --connect"*"--topic 3"*) forever "Ch 3 -> 9 received";;
"sub --bind"*) lines "Ch 2 -> 4 received" "Ch 2 -> B received";;
pub*) forever "Ch 1 <- 1 sent";;
req*) lines Reply: "[[1 2 3]" " [3 2 1]] received";;
rep*) lines Request: "[[0 1 2]" " [2 1 0]] received";;
esac`
)

func TestScenesFailWithoutWhatTheyPromise(t *testing.T) {
	tests := []struct{ name, scene, program, want string }{
		{"a node that fails", "pubsub", `exit 3`, `(pub|sub 2|sub 3): exit status 3`},
		{"a node that says why", "fanin", `case $1 in sub) echo 'fogmq: no luck' >&2; exit 1;; esac; exec sleep 60`,
			`sub: no luck`},
		{"a node that is killed", "reqrep", `kill -9 $$`, `re[qp]: signal: killed`},
		{"a message of another topic", "fanin", `case $1 in sub) echo 'Ch 2 -> 4 received'; echo 'Ch 2 -> A received'
			echo 'Ch 1 -> 1 received';; *) exec sleep 60;; esac`, `sub showed "Ch 1 -> 1 received", which is not for it`},
		{"no letters", "fanin", `case $1 in sub) echo 'Ch 2 -> 4 received';; *) exec sleep 60;; esac`,
			`sub did not show "Ch 2 -> [A-Z] received"`},
		{"a wrong sum", "reqrep", strings.ReplaceAll(playsWell, "[3 2 1]", "[3 2 2]"), `req did not show .*3 2 1.*`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			exe, dir := program(t, tt.program)
			err := Play(t.Context(), Options{Port: somePort(t), Executable: exe, Stdout: io.Discard}, tt.scene)
			want := regexp.MustCompile("^scene " + tt.scene + ": " + regexpOrText(tt.want) + "$")
			if err == nil || !want.MatchString(err.Error()) {
				t.Errorf("error %v, want %v", err, want)
			}
			if strings.Contains(fmt.Sprint(err), "\n") {
				t.Errorf("more than one line: %v", err)
			}
			goneFrom(t, dir)
		})
	}
}

// regexpOrText quotes what holds brackets of a message.
func regexpOrText(want string) string {
	if strings.Contains(want, `"`) {
		return regexp.QuoteMeta(want)
	}
	return want
}

func TestMissingProgram(t *testing.T) {
	err := Play(t.Context(), Options{Port: somePort(t), Executable: filepath.Join(t.TempDir(), "none"), Stdout: io.Discard}, "pubsub")
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func TestUnknownScene(t *testing.T) {
	if err := Play(t.Context(), Options{Stdout: io.Discard}, "nosuch"); err == nil {
		t.Error("no error")
	}
}

func TestNamesAreTheArticlesScenes(t *testing.T) {
	if got, want := Names(), []string{"pubsub", "fanin", "reqrep"}; !slices.Equal(got, want) {
		t.Errorf("Names() = %q, want %q", got, want)
	}
}

func TestASceneThatHangsIsEnded(t *testing.T) {
	exe, dir := program(t, `exec sleep 60`)
	err := Play(t.Context(), Options{Port: somePort(t), Executable: exe, Stdout: io.Discard, Limit: 100 * time.Millisecond}, "pubsub")
	if err == nil || !strings.Contains(err.Error(), "not over after 100ms") {
		t.Errorf("error %v", err)
	}
	goneFrom(t, dir)
}

// A watcher is an output that calls found once its text has all of certain parts.
type watcher struct {
	parts []string
	found func()
	text  strings.Builder
}

func (w *watcher) Write(p []byte) (int, error) {
	before := w.hasAll()
	w.text.Write(p)
	if !before && w.hasAll() {
		w.found()
	}
	return len(p), nil
}

func (w *watcher) hasAll() bool {
	for _, part := range w.parts {
		if !strings.Contains(w.text.String(), part) {
			return false
		}
	}
	return true
}

func TestNothingOutlivesAScene(t *testing.T) {
	tests := []struct{ name, program string }{
		{"nodes that heed Ctrl-C", prelude + `forever 'Ch 9 -> 9 received'`},
		{"nodes that don't", `trap '' INT TERM; echo 'Ch 9 -> 9 received'; sleep 60; sleep 60`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			exe, dir := program(t, tt.program)
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			because := errors.New("that is why")
			out := &watcher{parts: []string{"pub      | Ch 9", "sub 2    | Ch 9", "sub 3    | Ch 9"}, found: func() { cancel(because) }}
			if err := Play(ctx, Options{Port: somePort(t), Executable: exe, Stdout: out}, "pubsub"); !errors.Is(err, because) {
				t.Errorf("error %v, want the cause of the context's end", err)
			}
			if n := goneFrom(t, dir); n != 3 {
				t.Errorf("%d processes, want 3", n)
			}
		})
	}
}

func TestAnOutputThatFailsEndsTheScene(t *testing.T) {
	exe, dir := program(t, playsWell)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	r.Close()
	if err := Play(t.Context(), Options{Port: somePort(t), Executable: exe, Stdout: w}, "fanin"); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("error %v, want EPIPE", err)
	}
	goneFrom(t, dir)
}

func TestWhatIsShown(t *testing.T) {
	exe, dir := program(t, playsWell)
	var out strings.Builder
	if err := Play(t.Context(), Options{Port: somePort(t), Executable: exe, Stdout: &out}, Names()...); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	goneFrom(t, dir)
	for _, want := range []string{
		`(?m)^== pubsub: .*\n   \S.*\n(   \(Port .*\)\n)?pub      \| \$ fogmq pub --bind :\d+ .*$`,
		`(?m)^sub 2    \| \$ fogmq sub --connect :\d+ --topic 2 .*$`,
		`(?m)^sub 3    \| Ch 3 -> 9 received$`,
		`(?s)\npub      \| \^C\n(.*\n)?pub      \| \$ fogmq pub .*\nsub 2    \| \^C\n`,
		`(?m)^alphabet \| \$ fogmq pub --connect :\d+ --source alphabet .*$`,
		`\nreq      \| Reply:\nreq      \| \[\[1 2 3\]\nreq      \|  \[3 2 1\]\] received\n`,
		`\n\nNext: .*\n$`,
	} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("nothing matches %s", want)
		}
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("colours that nobody asked for")
	}
	if t.Failed() {
		t.Log(out.String())
	}
}

func TestColors(t *testing.T) {
	t.Setenv("NO_COLOR", "1") // what the caller says counts
	exe, _ := program(t, playsWell)
	var out strings.Builder
	if err := Play(t.Context(), Options{Port: somePort(t), Executable: exe, Stdout: &out, Color: true}, "pubsub"); err != nil {
		t.Fatal(err)
	}
	painted := regexp.MustCompile(`\x1b\[(\d+)m(pub|sub 2|sub 3) +\|\x1b\[0m`)
	colors := map[string]string{}
	for _, m := range painted.FindAllStringSubmatch(out.String(), -1) {
		if old := colors[m[2]]; old != "" && old != m[1] {
			t.Errorf("%s in the colours %s and %s", m[2], old, m[1])
		}
		colors[m[2]] = m[1]
	}
	if len(colors) != 3 || colors["pub"] == colors["sub 2"] || colors["sub 2"] == colors["sub 3"] {
		t.Errorf("colours of the nodes: %v", colors)
	}
}

func TestFreePort(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	taken := l.Addr().(*net.TCPAddr).Port
	port, err := freePort(taken)
	if err != nil || port == taken || port == 0 {
		t.Errorf("freePort(%d) = %d, %v while it is in use", taken, port, err)
	}
	l.Close()
	if port, err := freePort(taken); err != nil || port != taken {
		t.Errorf("freePort(%d) = %d, %v while it is free", taken, port, err)
	}
}

func TestAPortInUseIsToldOf(t *testing.T) {
	l, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	taken := l.Addr().(*net.TCPAddr).Port
	exe, _ := program(t, playsWell)
	var out strings.Builder
	if err := Play(t.Context(), Options{Executable: exe, Stdout: &out, Port: taken}, "reqrep"); err != nil {
		t.Fatal(err)
	}
	told := regexp.MustCompile(fmt.Sprintf(`\(Port %d is in use, so this scene uses (\d+)\.\)`, taken))
	m := told.FindStringSubmatch(out.String())
	if m == nil || !strings.Contains(out.String(), "req --bind :"+m[1]+" ") ||
		!strings.Contains(out.String(), "rep --connect :"+m[1]+" ") {
		t.Errorf("shown:\n%s", out.String())
	}
}

// somePort leaves 5556 to tests that can't do without it.
func somePort(t *testing.T) int {
	t.Helper()
	port, err := freePort(0)
	if err != nil {
		t.Fatal(err)
	}
	return port
}
