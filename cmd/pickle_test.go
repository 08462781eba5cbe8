package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fogmq/internal/peertest"
)

// pyzmq's send_pyobj is printed as JSON, and nothing that it would do is done.
func TestPicklesFromPyzmq(t *testing.T) {
	t.Parallel()
	needNumPy(t)
	endpoint := freeEndpoint(t)
	touched := filepath.Join(t.TempDir(), "touched")
	pull := fogmq(t, "pull", "-n", "5", "-b", endpoint, "--codec", "pickle")
	peertest.Start(t, `
		import datetime, os, sys, numpy, zmq
		class Hostile:
			def __reduce__(self):
				return os.system, ("touch " + sys.argv[2],)
		push = zmq.Context().socket(zmq.PUSH)
		push.connect(sys.argv[1])
		push.send_pyobj({"n": 2**70, "x": [1.5, None, True], "raw": b"\x00", "to": ("a", "é")})
		push.send_pyobj({"at": datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.timezone.utc), "frame": numpy.eye(2, dtype="u1")})
		push.send_pyobj(Hostile())
		push.send_pyobj(numpy.float32(0.1), protocol=5)
		push.send_pyobj("ends")
		push.context.destroy(linger=10000)`, "tcp://"+endpoint, touched).End()
	const want = `{"n":1180591620717411303424,"x":[1.5,null,true],"raw":{"base64":"AA=="},"to":["a","é"]}
{"at":"2024-02-29T12:00:00+00:00","frame":[[1,0],[0,1]]}
`
	got := pull.succeed()
	if got != want+`{"class":"posix.system","args":["touch `+touched+`"]}`+"\n0.1\n\"ends\"\n" {
		t.Errorf("pull printed %s", got)
	}
	if _, err := os.Stat(touched); err == nil {
		t.Error("the pickle was run")
	}
}

// recv_pyobj reads what is sent.
func TestPicklesToPyzmq(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	peer := peertest.Start(t, `
		import sys, zmq
		pull = zmq.Context().socket(zmq.PULL)
		pull.connect(sys.argv[1])
		for _ in range(3):
			print(ascii(pull.recv_pyobj()))`, "tcp://"+endpoint)
	fogmq(t, "push", "-b", endpoint, "--codec", "pickle", `{"b":[1,-1.5,null,true],"a":123456789012345678901234567890}`,
		`["é","\ud83d",{"base64":"AP8="}]`, "NaN").succeed()
	peer.Wait(`{'b': [1, -1.5, None, True], 'a': 123456789012345678901234567890}`)
	peer.Wait(`['\xe9', '\ud83d', b'\x00\xff']`)
	peer.Wait("nan")
}

// rep adds to what send_pyobj carries, lists and arrays too.
func TestAddToPickles(t *testing.T) {
	t.Parallel()
	needNumPy(t)
	endpoint := freeEndpoint(t)
	rep := fogmq(t, "rep", "-b", endpoint, "--codec", "pickle", "--add", "1")
	peer := peertest.Start(t, `
		import sys, numpy, zmq
		req = zmq.Context().socket(zmq.REQ)
		req.connect(sys.argv[1])
		for value in 41, [1, [2.5]], numpy.arange(3), 2**64:
			req.send_pyobj(value)
			print(req.recv_pyobj())
		req.send_pyobj({"a": 1})
		print(req.recv().decode())`, "tcp://"+endpoint)
	peer.Wait("42")
	peer.Wait("[2, [3.5]]")
	peer.Wait("[1, 2, 3]")
	peer.Wait("18446744073709551617")
	peer.Wait(`error: "{\"a\":1}" is not a number or a JSON array of numbers`)
	rep.warns(`is not a number`)
}

// What is no pickle is named, or passed over.
func TestBadPickles(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		flags, stderr, stdout string
		status                int
	}{
		{"", "fogmq: record 2: pickle: unexpected end of data\n", "1\n", statusFailed},
		{"--skip-bad -n 2", "fogmq: record 2: pickle: unexpected end of data (passed over)\n", "1\n2\n", statusDone},
	} {
		t.Run(tt.flags, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			pull := fogmq(t, append(words("pull --codec pickle -b "+endpoint), words(tt.flags)...)...)
			fogmq(t, "push", "-c", endpoint, "--codec", "hex", "80034b012e", "80035d4b", "4b022e").succeed()
			pull.wantEnd(tt.status, tt.stderr)
			if got := pull.out.text(); got != tt.stdout {
				t.Errorf("pull printed %q, want %q", got, tt.stdout)
			}
		})
	}
}

// Pickles follow one another in a stream, as pickle.dump writes them.
func TestConvertPickles(t *testing.T) {
	t.Parallel()
	pickled := fogmq(t, "convert", "--to", "pickle", "1", `["a"]`, `{"b":2.5}`).succeed()
	if got := fogmqFrom(t, strings.NewReader(pickled), "convert", "--from", "pickle").succeed(); got != "1\n[\"a\"]\n{\"b\":2.5}\n" {
		t.Errorf("convert printed %q", got)
	}
	fogmqFrom(t, strings.NewReader(pickled[:len(pickled)-1]), "convert", "--from", "pickle").
		wantEnd(statusFailed, "fogmq: record 3: pickle: unexpected end of data\n")
}
