package keys

import (
	"path/filepath"
	"testing"

	"fogmq/internal/peertest"
)

// pyzmq reads what WritePair writes, and says so of each file.
func TestPyzmqReadsOurs(t *testing.T) {
	dir := t.TempDir()
	p := NewPair()
	if _, _, err := WritePair(filepath.Join(dir, "alice"), p); err != nil {
		t.Fatal(err)
	}
	peer := peertest.Start(t, `
		import sys, zmq, zmq.auth
		name = sys.argv[1] + "/alice.key"
		print(zmq.auth.load_certificate(name))
		public, secret = zmq.auth.load_certificate(name + "_secret")
		print(public.decode())
		print(secret.decode())
		print(zmq.curve_public(secret).decode())
		print([k.decode() for k in zmq.auth.load_certificates(sys.argv[1])])
		`, dir)
	peer.Wait("(b'" + p.Public.String() + "', None)")
	peer.Wait(p.Public.String())
	peer.Wait(p.Secret.Z85())
	peer.Wait(p.Public.String())
	peer.Wait("['" + p.Public.String() + "']")
	peer.End()
}

func TestWeReadPyzmqs(t *testing.T) {
	dir := t.TempDir()
	peer := peertest.Start(t, `
		import sys, zmq.auth
		zmq.auth.create_certificates(sys.argv[1], "bob", {"who": "Bob = 'me'", "public-key": "none"})
		zmq.auth.create_certificates(sys.argv[1], "eve")
		print(zmq.auth.load_certificate(sys.argv[1] + "/bob.key_secret")[1].decode())
		`, dir)
	secret := peer.Line()
	peer.End()
	p, _, err := ReadPair(dir + "/bob.key_secret")
	if err != nil || p.Secret.Z85() != secret {
		t.Fatal(err)
	}
	for _, path := range []string{dir + "/bob.key", dir + "/bob.key_secret"} {
		if k, err := ReadPublic(path); err != nil || k != p.Public {
			t.Errorf("%s: %v, %v", path, k, err)
		}
	}
	a, err := ReadAllowed([]string{dir}, nil)
	if err != nil || !a.Allows(p.Public) || a.Allows(NewPair().Public) {
		t.Errorf("the folder: %v", err)
	}
}
