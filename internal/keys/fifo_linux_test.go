package keys

import (
	"context"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// A named pipe in the place of a file keeps nobody waiting.
func TestNamedPipesAreNotWaitedFor(t *testing.T) {
	dir := t.TempDir()
	p := NewPair()
	write(t, dir+"/a.key", p.publicCertificate())
	write(t, dir+"/users", testUsers)
	var w told
	a, err := ReadAllowed([]string{dir, dir + "/a.key"}, w.warn)
	if err != nil {
		t.Fatal(err)
	}
	u, err := ReadUsers(dir+"/users", w.warn)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir + "/a.key", dir + "/users"} {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := unix.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	wantAllowed(t, a, map[Key]bool{p.Public: false})
	if u.Check(context.Background(), "alice", "secret") {
		t.Error("let in")
	}
	bad := ": is no regular file, which alone can be read again"
	w.want(t, dir+"/a.key"+bad, dir+"/a.key"+bad, dir+"/users"+bad)
	if _, err := ReadAllowed([]string{dir}, nil); err == nil {
		t.Error("a folder with a named pipe is taken")
	}
}
