package main

import (
	"context"
	"strings"
	"syscall"
	"testing"
	"time"
)

func testTurn(t *testing.T, limit time.Duration) *turn {
	one := newTurn(context.Background(), &kit{dir: t.TempDir()}, limit)
	t.Cleanup(one.end)
	return one
}

func shell(script string) command { return command{words: []string{"sh", "-c", script}} }

func TestAwait(t *testing.T) {
	for _, test := range []struct {
		name, script string
		count        int
		rest, failed string
	}{
		{"a line", "echo no >&2; echo 'bound  here ' >&2; exec sleep 60", 1, "here", ""},
		{"fogmq's", "echo 'fogmq: bound here' >&2; exec sleep 60", 1, "here", ""},
		{"the second", "echo bound a >&2; echo bound b >&2; exec sleep 60", 2, "b", ""},
		{"with its last breath", "echo bound here >&2", 1, "here", ""},
		{"it failed", "echo 'fogmq: no such port' >&2; exit 3", 1, "", "sh: exit status 3: no such port"},
		{"too few", "echo bound a >&2", 2, "", "ended too early"},
	} {
		t.Run(test.name, func(t *testing.T) {
			one := testTurn(t, time.Minute)
			p, err := one.start(shell(test.script))
			if err != nil {
				t.Fatal(err)
			}
			rest, err := p.await(one.ctx, "bound ", test.count)
			if rest != test.rest || (err == nil) != (test.failed == "") {
				t.Errorf("%q, %v", rest, err)
			}
			if err != nil && !strings.Contains(err.Error(), test.failed) {
				t.Errorf("%v, want %q", err, test.failed)
			}
		})
	}
}

// A turn that takes too long fails, and nothing of it is left.
func TestDeadline(t *testing.T) {
	one := testTurn(t, 50*time.Millisecond)
	p, err := one.start(shell("sleep 60 & wait"))
	if err != nil {
		t.Fatal(err)
	}
	if err := one.wait(p); err == nil || !strings.Contains(err.Error(), "a message was lost") {
		t.Errorf("%v", err)
	}
	gone(t, p)
}

func TestEndKills(t *testing.T) {
	one := testTurn(t, time.Minute)
	p, err := one.start(shell("echo on >&2; sleep 60 & wait"))
	if err != nil {
		t.Fatal(err)
	}
	if err := one.ctx.Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.await(one.ctx, "on", 1); err != nil {
		t.Fatal(err)
	}
	one.end()
	gone(t, p)
}

// gone makes sure that a process is, and that all its children are dead.
func gone(t *testing.T, p *process) {
	t.Helper()
	if err := syscall.Kill(p.cmd.Process.Pid, 0); err != syscall.ESRCH {
		t.Errorf("still there: %v", err)
	}
}

func TestFigures(t *testing.T) {
	for _, test := range []struct {
		script string
		failed string
	}{
		{`echo '{"pattern":"thr","count":7,"msgs_per_s":12.5}'`, ""},
		{`echo '{"count":6,"msgs_per_s":12.5}'`, "counted 6 messages, not 7"},
		{`echo fine`, "not a JSON object"},
	} {
		one := testTurn(t, time.Minute)
		p, err := one.start(shell(test.script))
		if err != nil {
			t.Fatal(err)
		}
		if err := one.wait(p); err != nil {
			t.Fatal(err)
		}
		got, err := p.figures(7)
		if test.failed == "" && (err != nil || got["msgs_per_s"] != 12.5) {
			t.Errorf("%v, %v", got, err)
		}
		if test.failed != "" && (err == nil || !strings.Contains(err.Error(), test.failed)) {
			t.Errorf("%v, want %q", err, test.failed)
		}
	}
}

func TestGate(t *testing.T) {
	one := testTurn(t, time.Minute)
	in, err := one.gate()
	if err != nil {
		t.Fatal(err)
	}
	reader, err := one.start(command{words: []string{"cat"}, stdin: in.r})
	if err != nil {
		t.Fatal(err)
	}
	begun, err := in.open(one, "echo", "hello")
	if err != nil {
		t.Fatal(err)
	}
	if err := one.wait(reader); err != nil {
		t.Fatal(err)
	}
	if err := reader.printed("hello\n"); err != nil {
		t.Error(err)
	}
	if reader.ended.Before(begun) {
		t.Error("it ended before the gate was opened")
	}
}
