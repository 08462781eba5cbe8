package keys

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWritePair(t *testing.T) {
	name := filepath.Join(t.TempDir(), "alice")
	p := NewPair()
	public, secret, err := WritePair(name, p)
	if err != nil || public != name+".key" || secret != name+".key_secret" {
		t.Fatalf("%q, %q, %v", public, secret, err)
	}
	for path, want := range map[string]fs.FileMode{public: 0o644, secret: 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode()&^want != 0 || want == 0o600 && info.Mode() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	got, readable, err := ReadPair(secret)
	if err != nil || got != p || readable {
		t.Errorf("%v, %v, %v", got, readable, err)
	}
	for _, path := range []string{public, secret} {
		if k, err := ReadPublic(path); err != nil || k != p.Public {
			t.Errorf("%s: %v, %v", path, k, err)
		}
	}
}

func TestReadPairTellsOfOthers(t *testing.T) {
	path := scratch(t, "a.key_secret", NewPair().Certificate())
	for mode, want := range map[fs.FileMode]bool{0o600: false, 0o400: false, 0o640: true, 0o604: true, 0o666: true} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, readable, err := ReadPair(path); err != nil || readable != want {
			t.Errorf("%o: readable %v, %v", mode, readable, err)
		}
	}
}

// Nothing is written over, and nothing is left of a pair that can't be whole.
func TestWritePairLeavesWhatIsThere(t *testing.T) {
	for _, there := range []string{"alice.key", "alice.key_secret"} {
		t.Run(there, func(t *testing.T) {
			dir := filepath.Dir(scratch(t, there, "mine"))
			_, _, err := WritePair(filepath.Join(dir, "alice"), NewPair())
			wantError(t, err, filepath.Join(dir, there)+": is there already, and is not written over: give another name")
			entries, err := os.ReadDir(dir)
			if err != nil || len(entries) != 1 {
				t.Errorf("%v, %v", entries, err)
			}
			if text, err := os.ReadFile(filepath.Join(dir, there)); err != nil || string(text) != "mine" {
				t.Errorf("%q, %v", text, err)
			}
		})
	}
	dir := filepath.Join(t.TempDir(), "none")
	_, _, err := WritePair(filepath.Join(dir, "alice"), NewPair())
	wantError(t, err, filepath.Join(dir, "alice.key_secret")+": its folder is not there: make it first")
}

// A link to nowhere is not followed.
func TestWritePairFollowsNoLink(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(dir, "elsewhere"), filepath.Join(dir, "alice.key_secret")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := WritePair(filepath.Join(dir, "alice"), NewPair()); err == nil {
		t.Error("no error")
	}
	if _, err := os.Stat(filepath.Join(dir, "elsewhere")); err == nil {
		t.Error("it was written to")
	}
}

func TestUnusableFiles(t *testing.T) {
	dir := t.TempDir()
	large := strings.Repeat("#", maxCertificate+1)
	write(t, dir+"/empty", "")
	write(t, dir+"/large", large)
	tests := []struct{ path, want string }{
		{dir + "/none", dir + "/none: no such file or directory"},
		{dir, dir + ": is a folder; give a file"},
		{dir + "/empty", dir + "/empty: is empty"},
		{dir + "/large", dir + "/large: is over 64 KiB, too large for what it should be"},
		{"/dev/zero", "/dev/zero: is over 64 KiB, too large for what it should be"},
	}
	for _, tt := range tests {
		_, _, err := ReadPair(tt.path)
		wantError(t, err, tt.want)
		_, err = ReadPublic(tt.path)
		wantError(t, err, tt.want)
	}
	if os.Geteuid() != 0 { // who is root can read all
		write(t, dir+"/closed", "x")
		if err := os.Chmod(dir+"/closed", 0); err != nil {
			t.Fatal(err)
		}
		_, _, err := ReadPair(dir + "/closed")
		wantError(t, err, dir+"/closed: permission denied")
	}
	_, err := ReadPublicFrom(strings.NewReader(large), "stdin")
	wantError(t, err, "stdin: is over 64 KiB, too large for what it should be")
	_, err = ReadPublicFrom(strings.NewReader(""), "stdin")
	wantError(t, err, "stdin: is empty")
	_, err = ReadPublicFrom(strings.NewReader("curve\n"), "stdin")
	wantError(t, err, "stdin: holds no public-key")
}

func TestReadPairFromAPipe(t *testing.T) {
	p := NewPair()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := w.WriteString(p.Certificate()); err != nil {
		t.Fatal(err)
	}
	w.Close()
	path := pathOf(r)
	got, readable, err := ReadPair(path)
	if err != nil || got != p || readable {
		t.Errorf("%v, %v, %v", got, readable, err)
	}
}
