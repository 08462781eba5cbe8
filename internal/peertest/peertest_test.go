package peertest

import (
	"strings"
	"testing"
)

func TestPeer(t *testing.T) {
	p := Start(t, `
		import sys, zmq
		print("ready", *sys.argv[1:])
		for line in sys.stdin:
			print("got", line.strip())
		`, "a", "b c")
	p.Wait("ready a b c")
	p.Tell("hello")
	p.Tell("again")
	if rest := p.WaitFor("got a"); rest != "gain" {
		t.Errorf("%q", rest)
	}
	p.End()
	p.Kill()
}

func TestPeerFromFile(t *testing.T) {
	p := Start(t, "testdata/hello.py")
	if line := p.Line(); !strings.HasPrefix(line, "hello ") {
		t.Errorf("%q", line)
	}
	p.Kill()
}
