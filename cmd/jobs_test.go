package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// together is a command that ends only when three of it run at a time, and prints
// its stdin.
const together = `cat > "$0.$FOGMQ_SEQ"; touch "$0.up.$FOGMQ_SEQ"
while [ "$(ls "$0".up.* | wc -l)" -lt 3 ]; do sleep 0.01; done; tr a-z A-Z < "$0.$FOGMQ_SEQ"`

// Three requests are worked on at a time, and each reply goes to who asked.
func TestRepJobs(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	script := filepath.Join(t.TempDir(), "job")
	if err := os.WriteFile(script, []byte(together), 0o700); err != nil {
		t.Fatal(err)
	}
	rep := fogmq(t, "rep", "-b", endpoint, "--exec", "sh "+script, "--jobs", "3", "-n", "3")
	var asking []*process
	for _, word := range []string{"one", "two", "three"} {
		asking = append(asking, fogmq(t, "req", "-c", endpoint, word))
	}
	for i, want := range []string{"ONE\n", "TWO\n", "THREE\n"} {
		if got := asking[i].succeed(); got != want {
			t.Errorf("%s: %q", asking[i], got)
		}
	}
	rep.succeed()
}

// A job that fails is its own request's matter; a wait that is too long lets those
// at work finish.
func TestRepJobsFailAndEnd(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	rep := fogmq(t, "rep", "-b", endpoint, "--exec", `read word; [ "$word" != bad ] && printf %s "$word"`, "--jobs", "2", "-W", "1")
	req := fogmq(t, "req", "-c", endpoint, "good", "bad", "well")
	out := req.succeed()
	if !strings.HasPrefix(out, "good\nerror: ") || !strings.HasSuffix(out, "\nwell\n") {
		t.Errorf("replies %q", out)
	}
	rep.wantEndLike(statusTimeout, `^fogmq: request 2: .*\nfogmq: no request within 1s\n$`)
}

func TestJobsWithoutExec(t *testing.T) {
	fogmq(t, "rep", "--echo", "--jobs", "2").wantEnd(statusUsage,
		"fogmq: --jobs is how many commands run at a time: give --exec CMD too; see fogmq rep --help\n")
}
