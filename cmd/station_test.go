package cmd

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"fogmq/internal/peertest"
)

// A station is a libzmq socket of any type that a test works by hand: see
// testdata/peers/station.py.
type station struct {
	*process
	typing *os.File
}

// newStation returns a station that is bound, or connecting. Options are
// libzmq's, as NAME=VALUE.
func newStation(t *testing.T, kind, side, endpoint string, options ...string) *station {
	t.Helper()
	if !strings.Contains(endpoint, "://") {
		endpoint = "tcp://" + endpoint
	}
	stdin, typing, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	args := append([]string{"-u", "testdata/peers/station.py", side, endpoint, kind}, options...)
	s := &station{launch(t, stdin, peertest.Python(t), args...), typing}
	t.Cleanup(func() { typing.Close() })
	s.says("ready")
	return s
}

// sends has the station send a message.
func (s *station) sends(frames ...string) {
	s.t.Helper()
	texts := make([]string, len(frames))
	for i, frame := range frames {
		texts[i] = latin1(frame)
	}
	line, err := json.Marshal(texts)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.typing.Write(append(line, '\n')); err != nil {
		s.t.Fatalf("%s: %v", s, err)
	}
}

// latin1 makes a character of each byte.
func latin1(b string) string {
	runes := make([]rune, len(b))
	for i := range len(b) {
		runes[i] = rune(b[i])
	}
	return string(runes)
}

// received returns the messages that came so far.
func (s *station) received() (messages [][]string) {
	s.t.Helper()
	for _, line := range s.out.lines() {
		if !strings.HasPrefix(line, "[") {
			continue
		}
		var frames []string
		if err := json.Unmarshal([]byte(line), &frames); err != nil {
			s.t.Fatalf("%s: %v: %s", s, err, line)
		}
		for i, text := range frames {
			var b []byte
			for _, r := range text {
				b = append(b, byte(r))
			}
			frames[i] = string(b)
		}
		messages = append(messages, frames)
	}
	return messages
}

// gets waits for as many messages as are wanted, and compares all that came.
func (s *station) gets(want ...[]string) {
	s.t.Helper()
	s.waitFor(len(want))
	if got := s.received(); !slices.EqualFunc(got, want, slices.Equal) {
		s.t.Fatalf("%s received %q, want %q", s, got, want)
	}
}

// waitFor waits until n messages came.
func (s *station) waitFor(n int) {
	s.t.Helper()
	s.await(s.out, fmt.Sprintf("%d messages", n), func(text string) bool { return strings.Count(text, "]\n") >= n })
}

// joins waits for the nth handshake that succeeded.
func (s *station) joins(n int) {
	s.t.Helper()
	s.await(s.out, fmt.Sprintf("%d handshakes", n), func(text string) bool { return strings.Count(text, "+peer\n") >= n })
}

// meets waits for the nth peer of a fogmq that runs with -v.
func (p *process) meets(n int) {
	p.t.Helper()
	p.await(p.err, fmt.Sprintf("%d peers", n), func(text string) bool {
		return strings.Count(text, "HANDSHAKE_SUCCEEDED") >= n
	})
}

// types writes lines to a stdin.
func types(t *testing.T, stdin *os.File, lines ...string) {
	t.Helper()
	if _, err := stdin.WriteString(strings.Join(lines, "\n") + "\n"); err != nil {
		t.Fatal(err)
	}
}

// numbered returns lines of the numbers from first to last.
func numbered(first, last int) (lines []string) {
	for i := first; i <= last; i++ {
		lines = append(lines, fmt.Sprint(i))
	}
	return lines
}

// linesOf is what prints as those lines.
func linesOf(lines ...string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}
