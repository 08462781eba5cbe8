package cmd

import (
	"fmt"
	"strings"
	"testing"

	"fogmq/internal/peertest"
)

// TestRetries has a raw ROUTER of libzmq's count what req sends: the Guide's
// Lazy Pirate, which never takes a late reply and in the end gives up.
func TestRetries(t *testing.T) {
	t.Parallel()
	again := func(attempt, of int) string {
		return fmt.Sprintf("fogmq: no reply within 400ms; asking again (attempt %d of %d)\n", attempt, of)
	}
	const hint = " (is anybody there? -v tells)\n"
	tests := []struct {
		name     string
		args     string
		actions  string // of the ROUTER
		status   int
		stdout   string
		stderr   string
		requests []string
	}{
		{"answered at once", "-W 0.4 --retries 2 a b", "=x =y", 0, "x\ny\n", "", []string{"a", "b"}},
		{"silent once", "-W 0.4 --retries 2 a b", "silent =x =y", 0, "x\ny\n", again(2, 3), []string{"a", "a", "b"}},
		{"out of tries", "-W 0.4 --retries 2 a b", "", 124, "",
			again(2, 3) + again(3, 3) + "fogmq: timed out: no reply within 400ms, after 3 attempts" + hint, []string{"a", "a", "a"}},
		{"out of tries at the second message", "-W 0.4 --retries 1 a b c", "=x", 124, "x\n",
			again(2, 2) + "fogmq: timed out: no reply within 400ms, after 2 attempts" + hint, []string{"a", "b", "b"}},
		{"no retries asked for", "-W 0.4 a b", "", 124, "",
			"fogmq: timed out: no reply within 400ms" + hint, []string{"a"}},
		{"none at all", "-W 0.4 --retries 0 a b", "", 124, "",
			"fogmq: timed out: no reply within 400ms" + hint, []string{"a"}},
		{"late reply", "-W 0.4 --retries 2 a b", "silent late=LATE,=x =y", 0, "x\ny\n", again(2, 3), []string{"a", "a", "b"}},
		{"later still", "-W 0.4 --retries 2 a b", "silent =x late=LATE,=y", 0, "x\ny\n", again(2, 3), []string{"a", "a", "b"}},
		{"only late", "-W 0.4 --retries 1 a b", "silent late=LATE", 124, "",
			again(2, 2) + "fogmq: timed out: no reply within 400ms, after 2 attempts" + hint, []string{"a", "a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			router := peertest.Start(t, "testdata/peers/router.py", append([]string{"tcp://" + endpoint}, words(tt.actions)...)...)
			router.Wait("ready")
			req := fogmq(t, append([]string{"req", "-c", endpoint}, words(tt.args)...)...)
			req.wantEnd(tt.status, tt.stderr)
			if got := req.out.text(); got != tt.stdout {
				t.Errorf("stdout %q, want %q", got, tt.stdout)
			}
			router.Tell("count")
			for i, body := range tt.requests {
				router.Wait(fmt.Sprintf("request %d %s", i+1, body))
			}
			router.Wait(fmt.Sprintf("total %d", len(tt.requests)))
		})
	}
}

// Where the peer dies with the request, each try goes to whoever is there.
func TestRetriesOverADeath(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	silent := fogmq(t, "rep", "-b", endpoint, "--echo", "--delay", "60", "-F", "raw")
	req := fogmq(t, "req", "-c", endpoint, "-W", "30", "--retries", "2", "hello")
	silent.says("hello")
	silent.kill()
	req.warns(`^fogmq: the peer went away before it replied; asking again \(attempt 2 of 3\)\n`)
	fogmq(t, "rep", "-b", endpoint, "--reply", "there")
	if status := req.status(); status != 0 || req.out.text() != "there\n" {
		t.Errorf("status %d, stdout %q", status, req.out.text())
	}
}

// The deaths count as tries: who has none left gives up.
func TestOutOfTriesByDeaths(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	req := fogmq(t, "req", "-b", endpoint, "-W", "30", "--retries", "1", "hello", "more")
	for range 2 {
		rep := fogmq(t, "rep", "-c", endpoint, "--echo", "--delay", "60", "-F", "raw")
		rep.says("hello")
		rep.kill()
	}
	req.wantEndLike(124, `\nfogmq: timed out: the peer went away before it replied, after 2 attempts.*\n$`)
	if strings.Contains(req.out.text(), "more") {
		t.Errorf("stdout %q", req.out.text())
	}
}

// A request for which nobody is there when its time is up is not sent to who
// comes later.
func TestGivenUpRequestIsNotSent(t *testing.T) {
	t.Parallel()
	for _, side := range []string{"bind", "connect"} {
		req := fogmq(t, "req", "--"+side, freeEndpoint(t), "-W", "0.2", "--retries", "1", "first", "second")
		req.wantEndLike(124, `^fogmq: no reply within 200ms; .*\nfogmq: timed out: no reply within 200ms, after 2 attempts.*\n$`)
	}
}
