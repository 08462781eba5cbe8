package cmd

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fogmq/internal/peertest"
)

// Two REQs of libzmq's and one of ours share a rep that binds.
func TestManyRequestersOnOneRep(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	rep := fogmq(t, "rep", "-b", endpoint, "--exec", "cat; echo ' for you'")
	a, b := newAsker(t, endpoint), newAsker(t, endpoint)
	var input, want strings.Builder
	for i := range 20 {
		fmt.Fprintf(&input, "c%d\n", i)
		fmt.Fprintf(&want, "c%d for you\n\n", i)
	}
	ours := fogmqFrom(t, strings.NewReader(input.String()), "req", "-c", endpoint)
	for i := range 20 {
		for name, asker := range map[string]asker{"a": a, "b": b} {
			request := fmt.Sprint(name, i)
			if got := asker.ask(t, request); len(got) != 1 || got[0] != request+" for you\n" {
				t.Fatalf("%s got %q", request, got)
			}
		}
	}
	if got := ours.succeed(); got != want.String() {
		t.Errorf("our req printed %q", got)
	}
	rep.isWell()
}

// Each of many subscribers gets all of its own, through one PUB.
func TestManySubscribers(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	pub := fogmq(t, "pub", "-b", endpoint, "--wait-subscribers", "33", "--source", "number", "-i", "0", "-n", "300")
	awaitListener(t, endpoint)
	crowd := peertest.Start(t, `
		import sys, zmq
		context = zmq.Context()
		subs = []
		for i in range(30):
			sub = context.socket(zmq.SUB)
			sub.connect(sys.argv[1])
			sub.subscribe(str(i % 3 + 1))
			subs.append(sub)
		for i, sub in enumerate(subs):
			ch = i % 3 + 1
			got = [sub.recv_string() for _ in range(100)]
			assert got == [f"{ch} {ch * n}" for n in range(1, 101)], got
		print("all")`, "tcp://"+endpoint)
	var subs []*process
	for ch := 1; ch <= 3; ch++ {
		subs = append(subs, fogmq(t, "sub", "-c", endpoint, "-t", fmt.Sprint(ch), "-F", "pretty", "-n", "100"))
	}
	for i, sub := range subs {
		lines := strings.Split(strings.TrimSuffix(sub.succeed(), "\n"), "\n")
		if len(lines) != 100 {
			t.Fatalf("%d lines", len(lines))
		}
		wantMultiples(t, i+1, lines)
	}
	crowd.Wait("all")
	pub.succeed()
}

// --delay passes before each reply; other requests wait their turn meanwhile.
func TestDelay(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	fogmq(t, "rep", "-b", endpoint, "--echo", "--delay", "300ms")
	began := time.Now()
	if got := fogmq(t, "req", "-c", endpoint, "a", "b").succeed(); got != "a\nb\n" {
		t.Errorf("req printed %q", got)
	}
	if took := time.Since(began); took < 600*time.Millisecond {
		t.Errorf("two replies took %v", took)
	}
}

// How rep answers, to a REQ of libzmq's, and how it ends.
func TestHowRepAnswers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		args    []string
		stdin   string
		request []string
		replies [][]string
		stderr  string
	}{
		{"echo", words("--echo -n 1"), "stdin\n", []string{"a", "", "\xff\x00"}, [][]string{{"a", "", "\xff\x00"}}, ""},
		{"reply", []string{"--reply", "日本 語", "-n", "2"}, "", []string{"x"}, [][]string{{"日本 語"}, {"日本 語"}}, ""},
		{"empty reply", []string{"--reply", "", "-n", "1"}, "", []string{"x"}, [][]string{{""}}, ""},
		{"reply of frames", []string{"--reply", "a\tb", "-m", "-n", "1"}, "", []string{"x"}, [][]string{{"a", "b"}}, ""},
		{"reply through a codec", words("--reply 7 --codec int:2:big -n 1"), "", []string{"x"}, [][]string{{"\x00\x07"}}, ""},
		{"exec", []string{"-x", "tr a-z A-Z", "-n", "1"}, "", []string{"x", "y"}, [][]string{{"X\tY"}}, ""},
		{"exec's environment", []string{"-x", "echo $FOGMQ_SEQ $FOGMQ_FRAMES", "-n", "2"}, "", []string{"x", "y"}, [][]string{{"1 2\n"}, {"2 2\n"}}, ""},
		{"exec that fails", []string{"-x", "exit 3", "-n", "1"}, "", []string{"x"}, [][]string{{`error: exec "exit 3": exit status 3`}},
			"fogmq: request 1: exec \"exit 3\": exit status 3\n"},
		{"stdin", nil, "one\n\nthree", []string{"x"}, [][]string{{"one"}, {""}, {"three"}}, ""},
		{"stdin of frames", words("-m"), "one\ttwo\n", []string{"x"}, [][]string{{"one", "two"}}, ""},
		{"stdin through a codec", words("--codec int:1:little"), "1\n-1\n", []string{"x"}, [][]string{{"\x01"}, {"\xff"}}, ""},
		{"stdin with a bad record", words("--codec int:1:little --skip-bad"), "1\nx\n3\n", []string{"x"}, [][]string{{"\x01"}, {"\x03"}},
			"fogmq: record 2: int:1:little: \"x\" is not an integer (passed over)\n"},
		{"pretty", words("--add 1 -F pretty -n 1"), "", []string{"1"}, [][]string{{"2"}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			rep := fogmqFrom(t, strings.NewReader(tt.stdin), append([]string{"rep", "-b", endpoint}, tt.args...)...)
			peer := newAsker(t, endpoint)
			for _, reply := range tt.replies {
				if got := peer.ask(t, tt.request...); !equalFrames(got, reply) {
					t.Errorf("reply %q, want %q", got, reply)
				}
			}
			rep.wantEnd(statusDone, tt.stderr)
		})
	}
}

// Without records on stdin there is nothing to answer with: rep ends before it
// takes a request.
func TestRepOfNoRecords(t *testing.T) {
	t.Parallel()
	fogmqFrom(t, strings.NewReader(""), "rep", "-b", freeEndpoint(t)).succeed()
}

// A bad record of stdin ends rep, which then owes nobody a reply.
func TestRepOfABadRecord(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	rep := fogmqFrom(t, strings.NewReader("1\nx\n"), "rep", "-b", endpoint, "--codec", "int:1:little")
	if got := newAsker(t, endpoint).ask(t, "a"); !equalFrames(got, []string{"\x01"}) {
		t.Errorf("reply %q", got)
	}
	rep.wantEnd(statusFailed, "fogmq: record 2: int:1:little: \"x\" is not an integer\n")
}

// What pretty prints of requests that are no arrays.
func TestPrettyTexts(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	rep := fogmq(t, "rep", "-b", endpoint, "--add", "1", "-F", "pretty", "-n", "1")
	req := fogmq(t, "req", "-c", endpoint, "-F", "pretty", "41")
	if got, want := req.succeed(), "Request:\n41 sent\nReply:\n42 received\n"; got != want {
		t.Errorf("req printed %q, want %q", got, want)
	}
	if got, want := rep.succeed(), "Request:\n41 received\nReply:\n42 sent\n"; got != want {
		t.Errorf("rep printed %q, want %q", got, want)
	}
}

// Messages larger than every buffer come whole both ways.
func TestLargeMessages(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	large := strings.Repeat("0123456789abcde\n", 2<<20)
	fogmq(t, "rep", "-b", endpoint, "--echo")
	got := fogmqFrom(t, strings.NewReader(large), "req", "-c", endpoint, "--input", "raw").succeed()
	if got != large+"\n" {
		t.Errorf("%d bytes came back of %d", len(got), len(large))
	}
}
