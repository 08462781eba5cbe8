package cmd

import (
	"net"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// One socket binds and connects, each any number of times.
func TestManyEndpointsOnOneSocket(t *testing.T) {
	t.Parallel()
	a, b, c, d := freeEndpoint(t), freeEndpoint(t), freeEndpoint(t), freeEndpoint(t)
	sub := fogmq(t, "sub", "-b", a, "--bind="+b, "--connect", c, "-c"+d, "-n", "4")
	var pubs []*process
	for side, endpoints := range map[string][]string{"-c": {a, b}, "-b": {c, d}} {
		for _, endpoint := range endpoints {
			pubs = append(pubs, fogmq(t, "pub", side, endpoint, "--wait-subscribers", "1", "from "+endpoint))
		}
	}
	got := strings.Split(strings.TrimSuffix(sub.succeed(), "\n"), "\n")
	slices.Sort(got)
	want := []string{"from " + a, "from " + b, "from " + c, "from " + d}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, pub := range pubs {
		pub.succeed()
	}
}

// The requests of one req go to its repliers in turn.
func TestRequestsTakeTurns(t *testing.T) {
	t.Parallel()
	a, b := freeEndpoint(t), freeEndpoint(t)
	fogmq(t, "rep", "-b", a, "--reply", "a")
	fogmq(t, "rep", "-b", b, "--reply", "b")
	got := fogmq(t, "req", "-c", a, "-c", b, "1", "2", "3", "4").succeed()
	if got != "a\nb\na\nb\n" {
		t.Errorf("got %q", got)
	}
}

// A port that the system chooses is told on stderr; peers find it.
func TestEphemeralPort(t *testing.T) {
	t.Parallel()
	for _, bind := range []string{":0", "tcp://*:*", "127.0.0.1:0", "tcp://127.0.0.1:0"} {
		t.Run(bind, func(t *testing.T) {
			t.Parallel()
			sub := fogmq(t, "sub", "-b", bind, "-n", "1")
			port := sub.warns(`^fogmq: bound tcp://(?:0\.0\.0\.0|127\.0\.0\.1):(\d+)\n`)[1]
			fogmq(t, "pub", "-c", port, "--wait-subscribers", "1", "hello").succeed()
			if status := sub.status(); status != 0 || sub.out.text() != "hello\n" {
				t.Errorf("status %d, stdout %q", status, sub.out.text())
			}
		})
	}
}

// A port in use is one line and status 1.
func TestPortInUse(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	endpoint := l.Addr().String()
	for _, line := range []string{"sub", "pub hello", "rep --echo", "req hello"} {
		p := fogmq(t, append(words(line), "-b", endpoint)...)
		p.wantEnd(statusFailed, "fogmq: can't bind tcp://"+endpoint+": the port is in use; choose another one, or :0 for a free one\n")
	}
}

// A name that does not resolve yet is told of, and tried again.
func TestUnknownHost(t *testing.T) {
	t.Parallel()
	const endpoint = "fogmq-test.invalid:5556"
	sub := fogmq(t, "sub", "-c", endpoint, "-v", "-W", "0.7")
	if status := sub.status(); status != statusTimeout {
		t.Errorf("status %d", status)
	}
	tries := len(regexp.MustCompile(`(?m)^fogmq: CONNECT_RETRIED`).FindAllString(sub.err.text(), -1))
	if tries < 2 {
		t.Errorf("tried %d times: %q", tries, sub.err.text())
	}
}

// -v tells of a connection's life.
func TestVerbose(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	sub := fogmq(t, "sub", "-c", endpoint, "-v")
	sub.warns(`^fogmq: CONNECT_RETRIED tcp://` + endpoint + `: .*connection refused \(again in \d+ms\)\n`)
	pub := fogmq(t, "pub", "-b", endpoint, "-v", "--wait-subscribers", "1", "hello")
	pub.warns(`^fogmq: LISTENING tcp://` + endpoint + `\n(?s:.*)fogmq: ACCEPTED tcp://` + endpoint + ` peer 127\.0\.0\.1:\d+\n(?s:.*)HANDSHAKE_SUCCEEDED.* SUB NULL\n`)
	sub.says("hello")
	sub.warns(`(?s)\nfogmq: CONNECTED tcp://` + endpoint + `.*\nfogmq: HANDSHAKE_SUCCEEDED .* PUB.*\nfogmq: DISCONNECTED .*\nfogmq: CONNECT_RETRIED`)
}
