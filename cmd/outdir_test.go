package cmd

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"fogmq/internal/peertest"
)

// Arrays of PyZMQ's serialisation example become the files that np.save makes of them, and the files the arrays.
func TestArraysOfPyZMQ(t *testing.T) {
	t.Parallel()
	needNumPy(t)
	theirs, ours, endpoint := t.TempDir(), t.TempDir(), freeEndpoint(t)
	const arrays = "9"
	pull := fogmq(t, "pull", "-b", endpoint, "-n", arrays, "--codec", "ndarray:header", "--out-dir", ours)
	launch(t, nil, peertest.Python(t), "-u", "testdata/peers/arrays.py", "send", "tcp://"+endpoint, theirs).succeed()
	if got := pull.succeed(); got != "" {
		t.Errorf("pull printed %q", got)
	}
	files, err := filepath.Glob(filepath.Join(theirs, "*"))
	if err != nil || len(files) != 9 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(ours, filepath.Base(file)))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %.80q, want %.80q (%v)", filepath.Base(file), got, want, err)
		}
	}

	endpoint = freeEndpoint(t)
	peer := launch(t, nil, peertest.Python(t), "-u", "testdata/peers/arrays.py", "take", "tcp://"+endpoint, theirs)
	fogmq(t, "push", "-b", endpoint, "--codec", "ndarray:header", "--file", filepath.Join(ours, "*.npy")).succeed()
	peer.succeed()
}

// A disk that is full ends a receiver with one line that says how many messages are there, and leaves no part of a file.
func TestOutDirOnAFullDisk(t *testing.T) {
	t.Parallel()
	disk, endpoint := tinyDisk(t), freeEndpoint(t)
	pull := fogmq(t, "pull", "-b", endpoint, "--out-dir", filepath.Join(disk, "out"), "-F", "raw")
	source := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(source, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	fogmq(t, "push", "-c", endpoint, "small")
	pull.says("small")
	fogmq(t, "push", "-c", endpoint, "--file", source)
	pull.wantEndLike(statusFailed, `^fogmq: out-dir: [^\n]*: no space left on device; 1 message was saved, message 2 and what came after it are lost\n$`)
	entries, err := os.ReadDir(filepath.Join(disk, "out"))
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder has %v (%v)", entries, err)
	}
}
