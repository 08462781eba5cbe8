package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"fogmq/internal/peertest"
)

// root is the root of the repository, seen from this package.
const root = "../../.."

// handWritten are the files beside the generated ones that the generator leaves
// as they are.
var handWritten = []string{"man/fogmq-topologies.7"}

func TestGeneratedFilesAreFresh(t *testing.T) {
	files, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range files {
		got, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Errorf("%v: run go generate ./...", err)
		} else if string(got) != want {
			t.Errorf("%s is stale: run go generate ./...", path)
		}
	}
	for _, path := range handWritten {
		files[path] = ""
	}
	for _, dir := range []string{"man", "completions"} {
		entries, err := os.ReadDir(filepath.Join(root, dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			if _, ok := files[dir+"/"+entry.Name()]; !ok {
				t.Errorf("%s/%s belongs to no command: remove it", dir, entry.Name())
			}
		}
	}
}

func TestManPagesAreClean(t *testing.T) {
	peertest.Program(t, "mandoc", "mandoc")
	pages, err := filepath.Glob(filepath.Join(root, "man", "*.[17]"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no man pages: %v", err)
	}
	out, err := exec.Command("mandoc", append([]string{"-Tlint", "-W", "style"}, pages...)...).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("mandoc -Tlint: %v\n%s", err, out)
	}
}

func TestCompletionsAreValidScripts(t *testing.T) {
	for shell, args := range map[string][]string{"bash": {"-n"}, "zsh": {"-n"}, "fish": {"--no-execute"}} {
		t.Run(shell, func(t *testing.T) {
			peertest.Program(t, shell, shell)
			script := filepath.Join(root, completionFiles[shell])
			if out, err := exec.Command(shell, append(args, script)...).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

func TestRoffEscapesWhatRoffWouldRead(t *testing.T) {
	tests := []struct{ text, want string }{
		{`plain`, `plain`},
		{`-n \n`, `\-n \en`},
		{`.start`, `\&.start`},
		{`'quoted'`, `\(aqquoted\(aq`},
		{"`~^\"", `\(ga\(ti\(ha\(dq`},
	}
	for _, tt := range tests {
		if got := line(tt.text); got != tt.want {
			t.Errorf("line(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}
