package cmd

import (
	"os"
	"path/filepath"
	"testing"

	"fogmq/internal/patterns"
	"fogmq/internal/peertest"
)

// remembering starts fogmq with a home of its own, where it keeps its endpoints.
func remembering(t *testing.T, state string, args ...string) *process {
	t.Helper()
	p := prepareProcess(t, "fogmq", args...)
	p.cmd.Env = append(p.cmd.Env, "FOGMQ_NO_HISTORY=", "XDG_STATE_HOME="+state)
	p.start()
	return p
}

func remembered(t *testing.T, state string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(state, "fogmq", "endpoints"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(content)
}

// What was bound is remembered at once, what was connected once somebody was there.
func TestEndpointsThatWereUsedAreRemembered(t *testing.T) {
	t.Parallel()
	state := t.TempDir()
	ours, theirs := "ipc://"+t.TempDir()+"/ours", "ipc://"+t.TempDir()+"/theirs"
	remembering(t, state, "pull", "--bind", ours, "--connect", "ipc://"+t.TempDir()+"/nobody", "-W", "0.01").wantEnd(statusTimeout,
		"fogmq: no message within 10ms\n")
	if got, want := remembered(t, state), ours+"\n"; got != want {
		t.Errorf("after a bind: %q, want %q", got, want)
	}
	peer := peertest.Start(t, `
		import sys, zmq
		s = zmq.Context().socket(zmq.PULL)
		s.bind(sys.argv[1])
		print("ready")
		s.recv()`, theirs)
	peer.Wait("ready")
	remembering(t, state, "push", "--connect", theirs, "hello").succeed()
	peer.End()
	if got, want := remembered(t, state), theirs+"\n"+ours+"\n"; got != want {
		t.Errorf("after a connect: %q, want %q", got, want)
	}
	p := prepareProcess(t, "fogmq", "pull", "--bind", "ipc://"+t.TempDir()+"/x", "-W", "0.01")
	p.cmd.Env = append(p.cmd.Env, "FOGMQ_NO_HISTORY=1", "XDG_STATE_HOME="+state)
	p.start()
	if p.status(); remembered(t, state) != theirs+"\n"+ours+"\n" {
		t.Errorf("against FOGMQ_NO_HISTORY: %q", remembered(t, state))
	}
}

func TestWhatIsWorthRemembering(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		":5556": "tcp://*:5556", "tcp://*:*": "", ":0": "", "ipc://*": "", "inproc://x": "",
		"ipc:///run/x": "ipc:///run/x", "ipc://x": "ipc://" + here + "/x", "ipc://@x": "ipc://@x",
	} {
		ep, err := patterns.ParseEndpoint(text, true)
		if err != nil {
			t.Fatal(err)
		}
		if got := lasting(ep); got != want {
			t.Errorf("%s is remembered as %q, want %q", text, got, want)
		}
	}
}
