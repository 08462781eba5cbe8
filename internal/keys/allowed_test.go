package keys

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// told keeps the warnings of an Allowed or a Users.
type told struct {
	mu    sync.Mutex
	lines []string
}

func (w *told) warn(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, err.Error())
}

// want checks the warnings since it was called last.
func (w *told) want(t *testing.T, want ...string) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Equal(w.lines, want) {
		t.Errorf("warned %q, want %q", w.lines, want)
	}
	w.lines = nil
}

// wantAllowed asks twice for each key, as clients do.
func wantAllowed(t *testing.T, a *Allowed, want map[Key]bool) {
	t.Helper()
	for range 2 {
		for k, want := range want {
			if got := a.Allows(k); got != want {
				t.Errorf("%v: %v, want %v", k, got, want)
			}
		}
	}
}

func TestAllowAny(t *testing.T) {
	wantAllowed(t, AllowAny(), map[Key]bool{NewPair().Public: true})
}

func TestAllowedKeysOfTheCommandLine(t *testing.T) {
	a, err := ReadAllowed(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	one, two := NewPair().Public, NewPair().Public
	wantAllowed(t, a, map[Key]bool{one: false, {}: false})
	a.Add(one)
	a.Add(one)
	near := one
	near[31] ^= 1
	wantAllowed(t, a, map[Key]bool{one: true, two: false, near: false, {}: false})
}

// A folder is looked at again each time: keys come, change and go.
func TestAllowedFolder(t *testing.T) {
	dir := t.TempDir()
	one, two, three := NewPair(), NewPair(), NewPair()
	var w told
	a, err := ReadAllowed([]string{dir}, w.warn)
	if err != nil {
		t.Fatal(err)
	}
	wantAllowed(t, a, map[Key]bool{one.Public: false})

	write(t, dir+"/one.key", one.publicCertificate())
	write(t, dir+"/two.key", two.Certificate()) // by its name it counts
	write(t, dir+"/three.key_secret", three.Certificate())
	write(t, dir+"/.three.key", three.publicCertificate())
	if err := os.MkdirAll(dir+"/folder.key/three.key", 0o700); err != nil {
		t.Fatal(err)
	}
	wantAllowed(t, a, map[Key]bool{one.Public: true, two.Public: true, three.Public: false})

	if err := os.Remove(dir + "/one.key"); err != nil {
		t.Fatal(err)
	}
	write(t, dir+"/two.key", three.publicCertificate())
	wantAllowed(t, a, map[Key]bool{one.Public: false, two.Public: false, three.Public: true})
	w.want(t)

	// One bad file keeps nobody else out, and is told once until it is well.
	bad := dir + "/one.key: holds no curve section; give a certificate, as fogmq keygen makes it"
	for range 2 {
		write(t, dir+"/one.key", "half")
		wantAllowed(t, a, map[Key]bool{one.Public: false, three.Public: true})
		w.want(t, bad)
		write(t, dir+"/one.key", one.publicCertificate())
		wantAllowed(t, a, map[Key]bool{one.Public: true, three.Public: true})
		w.want(t)
	}

	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	wantAllowed(t, a, map[Key]bool{one.Public: false, three.Public: false})
	w.want(t, dir+": no such file or directory")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, dir+"/one.key", one.publicCertificate())
	wantAllowed(t, a, map[Key]bool{one.Public: true, three.Public: false})
	w.want(t)
}

func TestAllowedFile(t *testing.T) {
	one, two := NewPair(), NewPair()
	path := scratch(t, "a.key", one.publicCertificate())
	var w told
	a, err := ReadAllowed([]string{path}, w.warn)
	if err != nil {
		t.Fatal(err)
	}
	wantAllowed(t, a, map[Key]bool{one.Public: true, two.Public: false})

	// In place, within a step of the file system's clock, and of the same length.
	if err := os.WriteFile(path, []byte(two.publicCertificate()), 0o600); err != nil {
		t.Fatal(err)
	}
	wantAllowed(t, a, map[Key]bool{one.Public: false, two.Public: true})

	// What is old shows its next change by its time.
	age(t, path, time.Hour)
	wantAllowed(t, a, map[Key]bool{one.Public: false, two.Public: true})
	if err := os.WriteFile(path, []byte(one.publicCertificate()), 0o600); err != nil {
		t.Fatal(err)
	}
	age(t, path, time.Minute)
	wantAllowed(t, a, map[Key]bool{one.Public: true, two.Public: false})

	for _, next := range []struct {
		change func() error
		want   string
	}{
		{func() error { return os.Remove(path) }, ": no such file or directory"},
		{func() error { return os.Mkdir(path, 0o700) }, ": is a folder; give a file"},
		{func() error { return os.Remove(path) }, ": no such file or directory"},
		{func() error { return os.WriteFile(path, nil, 0o600) }, ": is empty"},
	} {
		if err := next.change(); err != nil {
			t.Fatal(err)
		}
		wantAllowed(t, a, map[Key]bool{one.Public: false})
		w.want(t, path+next.want)
	}
	write(t, path, one.publicCertificate())
	wantAllowed(t, a, map[Key]bool{one.Public: true})
	w.want(t)
}

// A settled file is not read again: a state that nothing tells from another one
// costs a stat.
func TestWatchedReadsOnlyWhatChanged(t *testing.T) {
	path := scratch(t, "f", "one")
	age(t, path, time.Hour)
	parsed := 0
	w := watched[string]{path: path, limit: 100, parse: func(b []byte) (string, error) { parsed++; return string(b), nil }}
	if err := w.open(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("two"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if got, _ := w.look(); got != "one" || parsed != 1 {
		t.Errorf("%q, parsed %d times", got, parsed)
	}
	age(t, path, 0)
	for range 3 {
		if got, _ := w.look(); got != "two" || parsed != 2 {
			t.Errorf("%q, parsed %d times", got, parsed)
		}
	}
}

// A pipe can be read but once, and is.
func TestAllowedFromAPipe(t *testing.T) {
	p := NewPair()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := w.WriteString(p.publicCertificate()); err != nil {
		t.Fatal(err)
	}
	w.Close()
	a, err := ReadAllowed([]string{pathOf(r)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	wantAllowed(t, a, map[Key]bool{p.Public: true, NewPair().Public: false})
}

func TestReadAllowedRefuses(t *testing.T) {
	dir := t.TempDir()
	_, err := ReadAllowed([]string{dir + "/none"}, nil)
	wantError(t, err, dir+"/none: no such file or directory")
	if err := os.Symlink("nowhere", dir+"/link.key"); err != nil {
		t.Fatal(err)
	}
	_, err = ReadAllowed([]string{dir}, nil)
	wantError(t, err, dir+"/link.key: no such file or directory")
	write(t, dir+"/link.key", "curve\n    public-key = \"x\"\n")
	for _, path := range []string{dir, dir + "/link.key"} {
		_, err = ReadAllowed([]string{path}, nil)
		wantError(t, err, dir+"/link.key: public-key: not a key: 40 characters of Z85 (RFC 32)")
	}
}

// Questions and changes at once: a key that stays is always let in, and no
// warning comes twice.
func TestAllowedFromManySides(t *testing.T) {
	dir := t.TempDir()
	stays, comes := NewPair(), NewPair()
	write(t, dir+"/stays.key", stays.publicCertificate())
	var w told
	a, err := ReadAllowed([]string{dir}, w.warn)
	if err != nil {
		t.Fatal(err)
	}
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for range 200 {
				if !a.Allows(stays.Public) {
					t.Error("not let in")
				}
				a.Allows(comes.Public)
			}
		})
	}
	for i := range 50 {
		write(t, filepath.Join(dir, fmt.Sprint(i%3, ".key")), comes.publicCertificate())
		if err := os.Remove(filepath.Join(dir, fmt.Sprint(i%3, ".key"))); err != nil {
			t.Error(err)
		}
	}
	asking.Wait()
	if a.Allows(comes.Public) {
		t.Error("let in after it was taken out")
	}
	if text := strings.Join(w.lines, "\n"); text != "" {
		t.Errorf("warned %s", text)
	}
}
