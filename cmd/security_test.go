package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"fogmq/internal/keys"
	"fogmq/internal/peertest"
)

// A keyring is the files of a test: pairs by name, and a folder of those who are
// let in.
type keyring struct {
	t   *testing.T
	dir string
}

func newKeyring(t *testing.T, names ...string) keyring {
	t.Helper()
	k := keyring{t, t.TempDir()}
	for _, name := range names {
		if _, _, err := keys.WritePair(filepath.Join(k.dir, name), keys.NewPair()); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(k.allowed(), 0o755); err != nil {
		t.Fatal(err)
	}
	return k
}

func (k keyring) public(name string) string { return filepath.Join(k.dir, name+".key") }
func (k keyring) secret(name string) string { return filepath.Join(k.dir, name+".key_secret") }
func (k keyring) allowed() string           { return filepath.Join(k.dir, "allowed") }

// key returns a public key as it stands on a command line.
func (k keyring) key(name string) string {
	k.t.Helper()
	key, err := keys.ReadPublic(k.public(name))
	if err != nil {
		k.t.Fatal(err)
	}
	return key.String()
}

// letIn adds a key to the folder of those who are let in.
func (k keyring) letIn(name string) {
	k.t.Helper()
	text, err := os.ReadFile(k.public(name))
	if err != nil {
		k.t.Fatal(err)
	}
	k.write(filepath.Join("allowed", name+".key"), string(text))
}

// turnOut takes a key out of it.
func (k keyring) turnOut(name string) {
	k.t.Helper()
	if err := os.Remove(filepath.Join(k.allowed(), name+".key")); err != nil {
		k.t.Fatal(err)
	}
}

func (k keyring) write(name, text string) string {
	k.t.Helper()
	path := filepath.Join(k.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		k.t.Fatal(err)
	}
	return path
}

// roles are both mechanisms, with each side as the server: the flags of ours, and
// the arguments of pyzmq's.
func roles(t *testing.T) []struct {
	name   string
	ours   []string
	theirs []string
} {
	t.Helper()
	k := newKeyring(t, "ours", "theirs")
	k.letIn("ours")
	k.letIn("theirs")
	line, err := keys.UserLine("pi", "raspberry")
	if err != nil {
		t.Fatal(err)
	}
	users, password := k.write("users", line+"\n"), k.write("password", "raspberry\n")
	return []struct {
		name   string
		ours   []string
		theirs []string
	}{
		{"CURVE server", []string{"--curve-key", k.secret("ours"), "--curve-allow", k.allowed()},
			[]string{"curve-client", k.secret("theirs"), k.public("ours")}},
		{"CURVE client", []string{"--curve-key", k.secret("ours"), "--curve-peer", k.key("theirs")},
			[]string{"curve-server", k.secret("theirs"), k.allowed()}},
		{"PLAIN server", []string{"--plain-users", users}, []string{"plain-client", "pi", "raspberry"}},
		{"PLAIN client", []string{"--plain-user", "pi", "--plain-password-file", password},
			[]string{"plain-server", "pi", "raspberry"}},
	}
}

// pyzmq with its authenticator, and the files of fogmq keygen, on the other side:
// either role, either side bound, both directions.
func TestSecurityWithPyzmq(t *testing.T) {
	t.Parallel()
	for _, r := range roles(t) {
		for _, side := range []string{"bind", "connect"} {
			t.Run(r.name+", "+side, func(t *testing.T) {
				t.Parallel()
				secure := func(kind, endpoint string) *peertest.Peer {
					peer := peertest.Start(t, "testdata/peers/secure.py",
						append([]string{kind, otherSide(side), "tcp://" + endpoint}, r.theirs...)...)
					peer.Wait("ready")
					return peer
				}
				endpoint := freeEndpoint(t)
				peer := secure("PULL", endpoint)
				fogmq(t, append([]string{"push", "--" + side, endpoint, "hello", "from fogmq"}, r.ours...)...).succeed()
				peer.Wait("hello")
				peer.Wait("from fogmq")
				peer.Kill()

				endpoint = freeEndpoint(t)
				pull := fogmq(t, append([]string{"pull", "--" + side, endpoint, "-n", "2"}, r.ours...)...)
				peer = secure("PUSH", endpoint)
				peer.Tell("hello")
				peer.Tell("from pyzmq")
				if got := pull.succeed(); got != "hello\nfrom pyzmq\n" {
					t.Errorf("received %q", got)
				}
			})
		}
	}
}

// A key may be let in, and taken out again, while both sides run. A client that
// was refused comes back by itself, fogmq's and libzmq's.
func TestCurveKeysComeAndGo(t *testing.T) {
	t.Parallel()
	clients := map[string]func(t *testing.T, endpoint string, k keyring){
		"fogmq": func(t *testing.T, endpoint string, k keyring) {
			p := fogmq(t, "push", "-c", endpoint, "--source", "number", "-i", tick, "-F", "raw",
				"--curve-key", k.secret("client"), "--curve-peer", k.public("server"))
			p.warns(`the peer hung up on our INITIATE: it does not let our key in`)
		},
		"pyzmq": func(t *testing.T, endpoint string, k keyring) {
			peertest.Start(t, "testdata/peers/secure.py", "PUSH", "connect", "tcp://"+endpoint,
				"curve-client", k.secret("client"), k.public("server")).Tell("1 1")
		},
	}
	for name, start := range clients {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKeyring(t, "server", "client")
			endpoint := freeEndpoint(t)
			pull := fogmq(t, "pull", "-b", endpoint, "--curve-key", k.secret("server"), "--curve-allow", k.allowed())
			start(t, endpoint, k)
			pull.warns(`127\.0\.0\.1:\d+\): not let in: the key \S{40} is not in --curve-allow\n`)
			if got := pull.out.text(); got != "" {
				t.Fatalf("received %q of a key that is not let in", got)
			}
			k.letIn("client")
			pull.says("1 1")
			k.turnOut("client")
			pull.warns(`the connection was ended: not let in: the key \S{40} is not in --curve-allow\n`)
		})
	}
}

// The server that we connect to must have the key that we were given.
func TestCurveWrongServer(t *testing.T) {
	t.Parallel()
	k := newKeyring(t, "server", "client", "other")
	k.letIn("client")
	servers := map[string]func(endpoint string){
		"fogmq": func(endpoint string) {
			p := fogmq(t, "pull", "-b", endpoint, "--curve-key", k.secret("server"), "--curve-allow", "any")
			t.Cleanup(func() {
				if got := p.out.text(); got != "" {
					t.Errorf("received %q", got)
				}
			})
		},
		"pyzmq": func(endpoint string) {
			peertest.Start(t, "testdata/peers/secure.py", "PULL", "bind", "tcp://"+endpoint,
				"curve-server", k.secret("server"), k.allowed()).Wait("ready")
		},
	}
	for name, serve := range servers {
		t.Run(name, func(t *testing.T) {
			endpoint := freeEndpoint(t)
			serve(endpoint)
			push := fogmq(t, "push", "-c", endpoint, "--curve-key", k.secret("client"), "--curve-peer", k.public("other"), "--linger", "1", "secret")
			push.wantEndLike(statusFailed, `hung up on our HELLO: its key is not the one we were given, or it has just stopped\n(?s).*1 message was not sent`)
		})
	}
}

// A path may have 40 characters that make a key: the file counts, unless it lies
// where somebody could have put it to be taken for the key.
func TestPathThatReadsAsAKey(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	name := "./" + strings.Repeat("k", keys.Z85Length-len("./.key"))
	pair := keys.NewPair()
	public, _, err := keys.WritePair(name, pair)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.ParseKey(public); err != nil {
		t.Fatalf("%s is no key: %v", public, err)
	}
	if key, err := readKey(public); err != nil || key != pair.Public {
		t.Errorf("--curve-peer: %v, %v", key, err)
	}
	if err := os.WriteFile(pair.Public.String(), nil, 0o600); err == nil { // no slash in it
		if _, err := readKey(pair.Public.String()); err == nil || !strings.Contains(err.Error(), "both a key and the name of a file") {
			t.Errorf("a key that is a file too: %v", err)
		}
	}
	if allowed, err := readAllowed([]string{public}, nil); err != nil || !allowed.Allows(pair.Public) {
		t.Errorf("--curve-allow: %v", err)
	}
}

// Two sides with the same role, or one without a mechanism, are told of.
func TestSecurityMismatches(t *testing.T) {
	t.Parallel()
	k := newKeyring(t, "server", "client")
	server := []string{"--curve-key", k.secret("server"), "--curve-allow", "any"}
	client := []string{"--curve-key", k.secret("client"), "--curve-peer", k.public("server")}
	users := k.write("users", userLine(t, "pi", "raspberry")+"\n")
	tests := []struct {
		name       string
		push, pull []string
		told       string // by push
	}{
		{"two servers", server, server, "the peer is a CURVE server, as we are"},
		{"two clients", client, client, "the peer is a CURVE client, as we are"},
		{"one in the clear", server, nil, "the peer uses the security mechanism NULL, we use CURVE"},
		{"the other in the clear", nil, server, "the peer uses the security mechanism CURVE, we use NULL"},
		{"two mechanisms", []string{"--plain-users", users}, server, "the peer uses the security mechanism CURVE, we use PLAIN"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			pull := fogmq(t, append([]string{"pull", "-b", endpoint}, tt.pull...)...)
			push := fogmq(t, append([]string{"push", "-c", endpoint, "secret"}, tt.push...)...)
			push.warns(tt.told)
			if got := pull.out.text(); got != "" {
				t.Errorf("received %q", got)
			}
		})
	}
}

func userLine(t *testing.T, name, password string) string {
	t.Helper()
	line, err := keys.UserLine(name, password)
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// Users come and go with the file, and no password is let in but the right one.
func TestPlainUsersComeAndGo(t *testing.T) {
	t.Parallel()
	k := newKeyring(t)
	users, password := k.write("users", userLine(t, "pi", "raspberry")+"\n"), k.write("password", "blueberry\nignored\n")
	endpoint := freeEndpoint(t)
	pull := fogmq(t, "pull", "-b", endpoint, "--plain-users", users)
	push := fogmq(t, "push", "-c", endpoint, "--plain-user", "pi", "--plain-password-file", password, "hello")
	pull.warns(`127\.0\.0\.1:\d+\): not let in: unknown user "pi", or a wrong password\n`)
	push.warns(`the peer hung up on our HELLO: it does not let in this user with this password`)
	for _, p := range []*process{pull, push} {
		if text := p.err.text(); strings.Contains(text, "berry") || strings.Contains(text, "argon2") {
			t.Errorf("a secret is told: %q", text)
		}
	}
	k.write("users", userLine(t, "pi", "blueberry")+"\n")
	pull.says("hello")
	if status := push.status(); status != statusDone {
		t.Errorf("status %d", status)
	}
}

// A client knows its keys, and its password, for as long as it runs: it gets in
// again when the server is killed and comes back.
func TestSecurityOutlivesTheServer(t *testing.T) {
	t.Parallel()
	k := newKeyring(t, "server", "client")
	users, password := k.write("users", userLine(t, "pi", "raspberry")+"\n"), k.write("password", "raspberry\n")
	tests := []struct {
		name           string
		server, client []string
	}{
		{"CURVE", []string{"--curve-key", k.secret("server"), "--curve-allow", k.public("client")},
			[]string{"--curve-key", k.secret("client"), "--curve-peer", k.public("server")}},
		{"PLAIN", []string{"--plain-users", users}, []string{"--plain-user", "pi", "--plain-password-file", password}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			push := fogmq(t, append([]string{"push", "-c", endpoint, "--source", "number", "-i", tick}, tt.client...)...)
			for range 3 {
				pull := fogmq(t, append([]string{"pull", "-b", endpoint}, tt.server...)...)
				pull.news(3)
				pull.kill()
			}
			push.signal(syscall.SIGTERM)
			push.status()
			if text := push.err.text(); strings.Contains(text, "hung up on") {
				t.Errorf("refused: %q", text)
			}
		})
	}
}

// Addresses are judged before a byte is read, and whoever connects.
func TestAddressRules(t *testing.T) {
	t.Parallel()
	tests := []struct {
		flags string
		in    bool
	}{
		{"--allow 127.0.0.0/8", true},
		{"--allow 127.0.0.1 --allow 10.0.0.0/8", true},
		{"--allow ::ffff:127.0.0.1", true},
		{"--deny 10.0.0.0/8", true},
		{"--allow 10.0.0.0/8", false},
		{"--deny 127.0.0.1", false},
		{"--allow 127.0.0.0/8 --deny 127.0.0.1/32", false},
	}
	for _, tt := range tests {
		for _, side := range []string{"bind", "connect"} {
			t.Run(tt.flags+" "+side, func(t *testing.T) {
				t.Parallel()
				endpoint := freeEndpoint(t)
				fogmq(t, "push", "--"+otherSide(side), endpoint, "hello")
				pull := fogmq(t, append([]string{"pull", "--" + side, endpoint, "-n", "1"}, words(tt.flags)...)...)
				if tt.in {
					if got := pull.succeed(); got != "hello\n" {
						t.Errorf("received %q", got)
					}
					return
				}
				pull.warns(`not let in: the address 127\.0\.0\.1 is not allowed\n`)
				if got := pull.out.text(); got != "" {
					t.Errorf("received %q", got)
				}
			})
		}
	}
}

// A gateway is the server of its sensors and the client of its cloud.
func TestProxySecurityOfEachSide(t *testing.T) {
	t.Parallel()
	k := newKeyring(t, "gateway", "sensor", "cloud")
	front, back := freeEndpoint(t), freeEndpoint(t)
	fogmq(t, "proxy", "streamer", "--frontend", front, "--backend", ">"+back,
		"--frontend-curve-key", k.secret("gateway"), "--frontend-curve-allow", k.public("sensor"),
		"--backend-curve-key", k.secret("gateway"), "--backend-curve-peer", k.key("cloud"))
	cloud := fogmq(t, "pull", "-b", back, "-n", "1", "-v", "--curve-key", k.secret("cloud"), "--curve-allow", k.key("gateway"))
	fogmq(t, "push", "-c", front, "20.5", "--curve-key", k.secret("sensor"), "--curve-peer", k.public("gateway")).succeed()
	if status := cloud.status(); status != 0 || cloud.out.text() != "20.5\n" {
		t.Errorf("status %d, received %q", status, cloud.out.text())
	}
	if !strings.Contains(cloud.err.text(), "PUSH CURVE key "+k.key("gateway")+"\n") {
		t.Errorf("-v does not say whose key: %q", cloud.err.text())
	}
}
