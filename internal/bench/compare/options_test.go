package main

import (
	"io"
	"testing"
)

func TestParseOptions(t *testing.T) {
	o, err := parseOptions([]string{"--rounds", "3", "--only", "thr,^lat-64$", "--quick"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := o.command(), "go run ./internal/bench/compare --rounds 3 --only 'thr,^lat-64$' --quick"; got != want {
		t.Errorf("to run again: %q, want %q", got, want)
	}
	for id, want := range map[string]bool{"thr-16": true, "lat-64": true, "lat-1024": false} {
		if o.wants(id) != want {
			t.Errorf("%s: %v, want %v", id, !want, want)
		}
	}
	if o.scaled(1000) != 100 || o.scaled(3) != 2 {
		t.Errorf("1000 messages are %d, 3 are %d", o.scaled(1000), o.scaled(3))
	}
	for _, args := range [][]string{{"--rounds", "0"}, {"--only", "("}, {"thr"}, {"--nope"}} {
		if _, err := parseOptions(args, io.Discard); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
}

// Names are what --only and the JSON report know scenes by.
func TestNamesOfScenes(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range scenes(options{scale: 1}) {
		if seen[s.id] {
			t.Errorf("%s is there twice", s.id)
		}
		seen[s.id] = true
		if len(s.metrics) == 0 || s.contestants[0].name != nameFogmq {
			t.Errorf("%s: no metric, or fogmq is not its first contestant", s.id)
		}
	}
}
