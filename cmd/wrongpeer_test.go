package cmd

import (
	"io"
	"net"
	"strings"
	"testing"

	"fogmq/internal/peertest"
)

// A peer of the wrong type is told of once, by name, however often it is tried;
// then the right one may come.
func TestPeerOfWrongType(t *testing.T) {
	t.Parallel()
	tests := []struct{ line, wrong, told, right string }{
		{"sub -n 1", "PUSH", "the peer is a PUSH socket; SUB talks to PUB and XPUB", "pub --wait-subscribers 1 hello"},
		{"pub --wait-subscribers 1 hello", "PULL", "the peer is a PULL socket; PUB talks to SUB and XSUB", "sub -n 1"},
		{"req hello", "PUB", "the peer is a PUB socket; REQ talks to REP and ROUTER", "rep --echo -n 1"},
		{"rep --echo -n 1", "PUB", "the peer is a PUB socket; REP talks to REQ and DEALER", "req hello"},
	}
	for _, tt := range tests {
		for _, side := range []string{"bind", "connect"} {
			t.Run(tt.line+", "+side, func(t *testing.T) {
				t.Parallel()
				endpoint := freeEndpoint(t)
				wrong := peertest.Start(t, "testdata/peers/talker.py", otherSide(side), "tcp://"+endpoint, tt.wrong)
				wrong.Wait("ready")
				// The events that -v tells show how often the peer was tried.
				p := fogmq(t, append(words(tt.line), "-v", "--"+side, endpoint)...)
				tries := 3
				if side == "bind" {
					tries = 1 // the other side decides, and not every libzmq tries again
				}
				p.warns(strings.Repeat(`(?s)HANDSHAKE_FAILED.*`, tries))
				wrong.Kill()
				fogmq(t, append(words(tt.right), "--"+otherSide(side), endpoint)...).succeed()
				if status := p.status(); status != 0 {
					t.Errorf("status %d", status)
				}
				told := 0
				for _, line := range p.err.lines() {
					if strings.Contains(line, tt.told) && !strings.Contains(line, "HANDSHAKE_FAILED") && !strings.Contains(line, "CONNECT_RETRIED") {
						told++
						if !strings.HasPrefix(line, "fogmq: tcp://"+endpoint) {
							t.Errorf("told as %q", line)
						}
					}
				}
				if told != 1 {
					t.Errorf("told %d times", told)
				}
			})
		}
	}
}

// Each endpoint has its own say.
func TestWrongPeersAtTwoEndpoints(t *testing.T) {
	t.Parallel()
	a, b := freeEndpoint(t), freeEndpoint(t)
	for _, endpoint := range []string{a, b} {
		peertest.Start(t, "testdata/peers/talker.py", "bind", "tcp://"+endpoint, "PUSH").Wait("ready")
	}
	sub := fogmq(t, "sub", "-c", a, "-c", b)
	for _, endpoint := range []string{a, b} {
		sub.warns(`(?m)^fogmq: tcp://` + endpoint + `: the peer is a PUSH socket; SUB talks to PUB and XPUB$`)
	}
}

// What is no ZMTP peer at all is told of too, whatever it says, and harms
// nobody.
func TestPeerThatSpeaksSomethingElse(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	sub := fogmq(t, "sub", "-b", endpoint, "-n", "1")
	awaitListener(t, endpoint)
	conn, err := net.Dial("tcp", endpoint)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: \x1b[2Jexample\r\n\r\n"+strings.Repeat("x", 100)); err != nil {
		t.Fatal(err)
	}
	sub.warns(`^fogmq: tcp://` + endpoint + ` \(127.0.0.1:\d+\): not a ZMTP 3 peer: what it sends begins with "GET / .*\n$`)
	fogmq(t, "pub", "-c", endpoint, "--wait-subscribers", "1", "hello").succeed()
	if status := sub.status(); status != 0 || sub.out.text() != "hello\n" {
		t.Errorf("status %d, stdout %q", status, sub.out.text())
	}
}
