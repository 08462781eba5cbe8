package cmd

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"fogmq/internal/peertest"
)

// Arrays of every dtype and of many shapes come back as NumPy's own sum.
func TestAddAgainstNumPy(t *testing.T) {
	t.Parallel()
	for _, n := range []string{"1", "-1", "0.5"} {
		t.Run(n, func(t *testing.T) {
			t.Parallel()
			needNumPy(t)
			endpoint := freeEndpoint(t)
			rep := fogmq(t, "rep", "-b", endpoint, "--add", n)
			peer := python(t, "adder.py", "tcp://"+endpoint, n)
			peer.saysLike(`^\d{3} sums\n`)
			if status := peer.status(); status != 0 {
				t.Errorf("the peer ended with %d", status)
			}
			if n != "-1" { // which unsigned integers are too narrow for
				rep.isWell()
			}
		})
	}
}

// An asker is a REQ of libzmq's under the test's control.
type asker struct{ *peertest.Peer }

func newAsker(t *testing.T, endpoint string) asker {
	t.Helper()
	return asker{peertest.Start(t, "testdata/peers/asker.py", "connect", "tcp://"+endpoint)}
}

// ask sends a request and returns the reply.
func (a asker) ask(t *testing.T, frames ...string) []string {
	t.Helper()
	a.Tell(latin1List(frames))
	return unquoteFrames(t, a.Line())
}

// latin1List is a JSON list of frames in which a character is a byte.
func latin1List(frames []string) string {
	var b strings.Builder
	for i, frame := range frames {
		b.WriteString(map[bool]string{true: `["`, false: `", "`}[i == 0])
		for _, c := range []byte(frame) {
			fmt.Fprintf(&b, `\u%04x`, c)
		}
	}
	return b.String() + `"]`
}

const two = "\x02\x00\x00\x00\x00\x00\x00\x00"

// What rep can't take gets an answer that begins with "error: ", is told of on
// stderr, and the next request is served.
func TestMalformedRequests(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		request []string
		problem string // a part of the error
	}{
		{"shape and data disagree", []string{"int64", "[2, 3]", two}, "data is 8 bytes, but shape [2, 3] of int64 needs 48"},
		{"unknown dtype", []string{"int65", "[1]", two}, `unknown dtype "int65"`},
		{"no number", []string{"object", "[1]", two}, `dtype "object"`},
		{"too few frames", []string{"int64", "[1]"}, "2 frames"},
		{"too many frames", []string{"int64", "[1]", two, two}, "4 frames"},
		{"shape not JSON", []string{"int64", "(1,)", two}, `shape "(1,)"`},
		{"negative shape", []string{"int64", "[-1]", two}, `"[-1]"`},
		{"huge shape", []string{"int8", "[9223372036854775807, 9]", two}, "too big"},
		{"text", []string{"hello"}, `"hello" is not a number`},
		{"empty", []string{""}, "is not a number"},
		{"escapes", []string{"\x1b[31m", "[1]", two}, `\x1b[31m`},
	}
	endpoint := freeEndpoint(t)
	rep := fogmq(t, "rep", "-b", endpoint, "--add", "1")
	peer := newAsker(t, endpoint)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			reply := peer.ask(t, tt.request...)
			if len(reply) != 1 || !strings.HasPrefix(reply[0], "error: ") || !strings.Contains(reply[0], tt.problem) {
				t.Errorf("reply %q, want an error with %q", reply, tt.problem)
			}
			if got := peer.ask(t, "41"); len(got) != 1 || got[0] != "42" {
				t.Errorf("the request after it got %q", got)
			}
		})
	}
	if t.Failed() {
		return
	}
	lines := rep.err.lines()
	if len(lines) != len(tests) {
		t.Fatalf("%d lines on stderr for %d bad requests: %q", len(lines), len(tests), lines)
	}
	for i, line := range lines {
		if want := fmt.Sprintf("fogmq: request %d: ", 2*i+1); !strings.HasPrefix(line, want) || !strings.Contains(line, tests[i].problem) {
			t.Errorf("stderr %q, want %s... %s", line, want, tests[i].problem)
		}
	}
	rep.signal(syscall.SIGINT)
	if status := rep.status(); status != 130 {
		t.Errorf("status %d", status)
	}
}

// Besides arrays, --add takes a text that is a number or a JSON array of
// numbers, and what a number codec takes.
func TestAddToTextAndNumbers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		args, request, reply string
	}{
		{"--add 1", "41", "42"},
		{"--add 1", "[1, [2, -3]]", "[2, [3, -2]]"},
		{"--add 1", "99999999999999999999999999", "100000000000000000000000000"},
		{"--add 0.5", "1", "1.5"},
		{"--add -3", "1", "-2"},
		{"--add 1 --codec int:4:little", "\x07\x00\x00\x00", "\x08\x00\x00\x00"},
		{"--add 1 --codec uint:2:big", "\x00\xff", "\x01\x00"},
		{"--add 0.5 --codec float:8:little", "\x00\x00\x00\x00\x00\x00\xf0\x3f", "\x00\x00\x00\x00\x00\x00\xf8\x3f"},
		{"--add 1 --codec int:1:little", "\x7f", "error: 128 does not fit int:1:little (-128..127)"},
		{"--add 1 --codec int:4:little", "\x07", "error: int:4:little: a frame of 1 byte is not a number of 4 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.args+" "+tt.request, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			fogmq(t, append(words("rep -b "+endpoint), words(tt.args)...)...)
			got := fogmqFrom(t, strings.NewReader(tt.request), words("req --input raw -c "+endpoint)...).succeed()
			if got != tt.reply+"\n" {
				t.Errorf("reply %q, want %q", got, tt.reply)
			}
		})
	}
}
