package cmd

import (
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"fogmq/internal/peertest"
)

// The four commands that the article's reader types first, word for word, with
// stdin at /dev/null. They are about port 5556, so the test has it for itself.
func TestTheFourCommands(t *testing.T) {
	needDefaultPort(t)
	pub := fogmq(t, words("pub --bind :5556")...)
	sub := fogmq(t, words("sub --connect --topic 2")...)
	pub.warns("sending the feed number .*--source")
	lines := strings.Join(firstLines(sub, 2), " ")
	if lines != "2 2 2 4" && lines != "2 4 2 6" && lines != "2 6 2 8" {
		t.Errorf("sub printed %q", lines)
	}
	sub.isWell()
	pub.signal(syscall.SIGINT)
	if status := pub.status(); status != 130 || pub.out.text() != "" {
		t.Errorf("pub after Ctrl-C: status %d, stdout %q", status, pub.out.text())
	}
	sub.signal(syscall.SIGINT)
	sub.wantEnd(130, "")

	req := fogmq(t, words("req --multipart")...)
	rep := fogmq(t, words("rep --add 1")...)
	req.wantEndLike(statusDone, "^fogmq: sending the feed matrix .*\n$")
	const data = "\x01\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00"
	const back = "\x03\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00"
	if got, want := req.out.text(), "int64\t[2, 3]\t"+data+back+"\n"; got != want {
		t.Errorf("req printed %q, want %q", got, want)
	}
	rep.isWell()
	rep.signal(syscall.SIGTERM)
	rep.wantEnd(143, "")
}

// Bare --bind and --connect mean port 5556, whatever follows them.
func TestBareEndpoints(t *testing.T) {
	needDefaultPort(t)
	other := freeEndpoint(t)
	sub := fogmq(t, "sub", "--connect", "--bind", other, "--topic", "2", "-n", "2")
	pub := fogmq(t, "pub", "-b", "2 word", "1 word", "--wait-subscribers", "1") // -b is bare: "2 word" is no endpoint
	sub.says("2 word")
	pub.succeed()
	fogmq(t, "pub", "-c", other, "--wait-subscribers", "1", "2 other").succeed()
	if got := sub.succeed(); got != "2 word\n2 other\n" {
		t.Errorf("sub printed %q", got)
	}

	rep := fogmq(t, "rep", "-b", "--echo", "-n", "1")
	if got := fogmq(t, "req", "-cq", "hello").succeed(); got != "hello\n" {
		t.Errorf("req printed %q", got)
	}
	rep.succeed()

	// With neither flag, the article's roles: req binds, rep connects.
	rep = fogmq(t, "rep", "--echo", "-n", "1")
	if got := fogmq(t, "req", "hello").succeed(); got != "hello\n" {
		t.Errorf("req printed %q", got)
	}
	rep.succeed()
}

// needDefaultPort waits for port 5556. While something else keeps it the test is
// skipped, or fails where peers are required: there nothing may go untested.
func needDefaultPort(t *testing.T) {
	t.Helper()
	retry := time.NewTicker(100 * time.Millisecond)
	defer retry.Stop()
	for deadline := time.Now().Add(patience); ; <-retry.C {
		l, err := net.Listen("tcp", ":5556")
		if err == nil {
			leave(l)
			return
		}
		if time.Now().After(deadline) {
			peertest.Lack(t, fmt.Errorf("NOT TESTED: the commands as the article has them need port 5556, and something else has it: %w", err))
		}
	}
}

func words(line string) []string { return strings.Fields(line) }

// firstLines waits for the first n lines of stdout.
func firstLines(p *process, n int) (lines []string) {
	p.t.Helper()
	p.await(p.out, "its first lines", func(string) bool {
		lines = p.out.lines()
		return len(lines) >= n
	})
	return lines[:n]
}
