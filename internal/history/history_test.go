package history

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newList returns a list in a folder of the test's, and its file.
func newList(t *testing.T) (*List, string) {
	t.Helper()
	state := filepath.Join(t.TempDir(), "state")
	return Open(environment(map[string]string{"XDG_STATE_HOME": state})), filepath.Join(state, "fogmq", "endpoints")
}

func environment(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

func (l *List) note(endpoints ...string) {
	for _, e := range endpoints {
		l.Note(e)
		l.Wait()
	}
}

func TestNewestFirstAndEachOnce(t *testing.T) {
	l, path := newList(t)
	l.note("tcp://a:1", "tcp://b:1", "tcp://a:1")
	if got, want := l.Endpoints(), []string{"tcp://a:1", "tcp://b:1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	content, err := os.ReadFile(path)
	if err != nil || string(content) != "tcp://a:1\ntcp://b:1\n" {
		t.Errorf("the file is %q, %v", content, err)
	}
}

func TestFileIsPrivate(t *testing.T) {
	l, path := newList(t)
	l.note("tcp://a:1")
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v, want %v", name, info.Mode(), err, want)
		}
	}
}

func TestNoMoreThanMost(t *testing.T) {
	l, _ := newList(t)
	for i := range Most + 5 {
		l.note(fmt.Sprintf("tcp://a:%d", i))
	}
	got := l.Endpoints()
	if len(got) != Most || got[0] != fmt.Sprintf("tcp://a:%d", Most+4) || got[Most-1] != "tcp://a:5" {
		t.Errorf("%d endpoints, from %s to %s", len(got), got[0], got[len(got)-1])
	}
}

// What did not change is not written, which the file's inode tells.
func TestNothingIsWrittenInVain(t *testing.T) {
	l, path := newList(t)
	l.note("tcp://a:1")
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	l.note("tcp://a:1")
	if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
		t.Errorf("the file was written again, %v", err)
	}
}

func TestWhereTheListIs(t *testing.T) {
	home := t.TempDir()
	tests := []struct {
		name string
		vars map[string]string
		want string
	}{
		{"state home", map[string]string{"XDG_STATE_HOME": "/s", "HOME": home}, "/s/fogmq/endpoints"},
		{"home", map[string]string{"HOME": home}, home + "/.local/state/fogmq/endpoints"},
		{"relative", map[string]string{"XDG_STATE_HOME": "s", "HOME": home}, home + "/.local/state/fogmq/endpoints"},
		{"no such home", map[string]string{"HOME": home + "/nobody"}, ""},
		{"nothing", nil, ""},
		{"opted out", map[string]string{"XDG_STATE_HOME": "/s", "HOME": home, OptOut: "1"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := place(environment(tt.vars)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLinks(t *testing.T) {
	elsewhere := filepath.Join(t.TempDir(), "kept")
	if err := os.WriteFile(elsewhere, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		target string
		kept   int
	}{{os.DevNull, 0}, {elsewhere, 1}, {elsewhere + "-not", 0}}
	for _, tt := range tests {
		t.Run(filepath.Base(tt.target), func(t *testing.T) {
			l, path := newList(t)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(tt.target, path); err != nil {
				t.Fatal(err)
			}
			l.note("tcp://a:1")
			if got := len(l.Endpoints()); got != tt.kept {
				t.Errorf("%d endpoints, want %d", got, tt.kept)
			}
			if target, err := os.Readlink(path); err != nil || target != tt.target {
				t.Errorf("the link is %q, %v", target, err)
			}
		})
	}
}

// Under sudo the home may be that of the user, who would find a file of root's there.
func TestAForeignHomeIsLeftAlone(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a folder away")
	}
	for _, made := range []string{"", ".local/state/fogmq"} {
		home := t.TempDir()
		if err := os.MkdirAll(filepath.Join(home, made), 0o700); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("chown", "-R", "65534", home).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		l := Open(environment(map[string]string{"HOME": home}))
		l.note("tcp://a:1")
		if got := l.Endpoints(); len(got) != 0 {
			t.Errorf("%q was written into the home of another user", got)
		}
		if names, err := filepath.Glob(filepath.Join(home, made, "*")); err != nil || len(names) != 0 {
			t.Errorf("left %q, %v", names, err)
		}
	}
}

func TestWhatCantBeWrittenIsNoError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	l := Open(environment(map[string]string{"XDG_STATE_HOME": file}))
	l.note("tcp://a:1")
	if got := l.Endpoints(); len(got) != 0 {
		t.Errorf("got %q", got)
	}
}

// A file may hold anything; none of it reaches a terminal as it stands.
func TestWhatIsNoEndpointIsPassedOver(t *testing.T) {
	l, path := newList(t)
	l.note("tcp://a:1\nx", "plain", "ipc:///\x1b[2J", "ipc:///\xff", "tcp://"+strings.Repeat("a", 1000))
	if got := l.Endpoints(); len(got) != 0 {
		t.Errorf("kept %q", got)
	}
	l.note("tcp://a:1")
	if err := os.WriteFile(path, []byte("\n\x1b]0;x\x07://\r\ntcp://b:2\r\n"+strings.Repeat("x", 1<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := l.Endpoints(); !slices.Equal(got, []string{"tcp://b:2"}) {
		t.Errorf("read %q", got)
	}
}

// Processes that end together all leave their endpoint. Each has a List of its own
// here, which knows of the others as little as a process does.
func TestSeveralAtOnce(t *testing.T) {
	l, path := newList(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			(&List{path: l.path, patience: time.Minute}).note(fmt.Sprintf("tcp://a:%d", i))
		})
	}
	wg.Wait()
	if got := l.Endpoints(); len(got) != 8 {
		t.Errorf("%d endpoints: %q", len(got), got)
	}
	if left, err := filepath.Glob(filepath.Dir(path) + "/.endpoints-*"); err != nil || len(left) != 0 {
		t.Errorf("left %q, %v", left, err)
	}
}
