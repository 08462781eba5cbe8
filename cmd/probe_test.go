package cmd

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/patterns"
	"fogmq/internal/peertest"
	"fogmq/internal/zmtp"
)

// A probeLine is what --json says of one endpoint.
type probeLine struct {
	Endpoint, ZMTP, Mechanism, Failure, Error string
	OK                                        bool
	Identity, Said                            string
	Type                                      string   `json:"socket_type"`
	OneOf                                     []string `json:"one_of"`
	Compatible                                []string
	Connect                                   float64 `json:"connect_us"`
	RTT                                       *struct {
		Min, Median, Max float64
		N                int
	} `json:"rtt_us"`
}

// probeLines runs a probe, and returns its results by the names of what was probed.
func probeLines(t *testing.T, status int, names, endpoints []string, flags ...string) map[string]probeLine {
	t.Helper()
	p := fogmq(t, append(append([]string{"probe", "--json"}, flags...), endpoints...)...)
	if got := p.status(); got != status {
		t.Fatalf("status %d, want %d", got, status)
	}
	lines := p.out.lines()
	if len(lines) != len(endpoints) {
		t.Fatalf("%d lines for %d endpoints", len(lines), len(endpoints))
	}
	found := map[string]probeLine{}
	for i, line := range lines {
		var l probeLine
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if l.Endpoint != endpoints[i] {
			t.Errorf("line %d is of %s, want %s", i, l.Endpoint, endpoints[i])
		}
		found[names[i]] = l
	}
	return found
}

// A menagerie is libzmq's sockets of all types under all mechanisms.
type menagerie struct {
	names, endpoints []string
	folder           string
}

func openMenagerie(t *testing.T) (z menagerie) {
	t.Helper()
	var err error
	if z.folder, err = os.MkdirTemp("", "zoo"); err != nil { // t.TempDir is too long a path for a socket
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(z.folder) })
	peer := peertest.Start(t, "testdata/peers/menagerie.py", z.folder)
	for line := peer.Line(); line != "ready"; line = peer.Line() {
		name, endpoint, _ := strings.Cut(line, " ")
		z.names, z.endpoints = append(z.names, name), append(z.endpoints, endpoint)
	}
	return z
}

// some are those whose name has a prefix.
func (z menagerie) some(prefix string, but ...string) (names, endpoints []string) {
	for i, name := range z.names {
		if strings.HasPrefix(name, prefix) && !slices.Contains(but, name) {
			names, endpoints = append(names, name), append(endpoints, z.endpoints[i])
		}
	}
	return names, endpoints
}

// quiet are the types that a probe does not shake hands with.
var quiet = []string{"PUSH", "REQ", "DEALER", "PAIR"}

// libzmq's sockets of all types tell who they are, under all mechanisms, as far as
// they do.
func TestProbeOfEverySocketOfLibzmq(t *testing.T) {
	t.Parallel()
	z := openMenagerie(t)
	curve := []string{"--curve-key", z.folder + "/client.key_secret", "--curve-peer", z.folder + "/server.key"}
	plain := func(password string) []string {
		return []string{"--plain-user", "user", "--plain-password-file", scratchFile(t, "password", []byte(password+"\n"))}
	}

	names, endpoints := z.some("")
	for name, l := range probeLines(t, statusDone, names, endpoints) {
		mechanism, typ, isSecured := strings.Cut(name, "-")
		if !isSecured {
			mechanism, typ = "NULL", name
		}
		if name == "IPC" {
			typ = "REP"
		}
		if !l.OK || l.ZMTP != "3.1" || l.Mechanism != mechanism || l.Error != "" || l.Connect <= 0 {
			t.Errorf("%s: %+v", name, l)
		}
		if isSecured {
			if l.Type != "" || l.RTT != nil {
				t.Errorf("%s tells without keys: %+v", name, l)
			}
			continue
		}
		z.check(t, name, typ, l)
	}

	for prefix, keys := range map[string][]string{"CURVE-": curve, "PLAIN-": plain("secret")} {
		names, endpoints := z.some(prefix, "CURVE-CLIENT")
		for name, l := range probeLines(t, statusDone, names, endpoints, keys...) {
			typ := strings.TrimPrefix(name, prefix)
			if slices.Contains(quiet, typ) {
				if !l.OK || l.Type != "" || !slices.Equal(l.OneOf, quiet) {
					t.Errorf("%s: %+v", name, l)
				}
				continue
			}
			z.check(t, name, typ, l)
		}
	}

	stranger := []string{"--curve-key", z.folder + "/stranger.key_secret", "--curve-peer", z.folder + "/server.key"}
	wrongServer := []string{"--curve-key", z.folder + "/client.key_secret", "--curve-peer", z.folder + "/stranger.key"}
	for _, tt := range []struct {
		prefix, told string
		keys         []string
	}{
		{"CURVE-PUB", "does not let us in (400)", stranger},
		{"CURVE-ROUTER", "hung up on our HELLO: its key is not the one we were given", wrongServer},
		{"PLAIN-PULL", "does not let us in (400)", plain("wrong")},
	} {
		names, endpoints := z.some(tt.prefix)
		for name, l := range probeLines(t, statusFailed, names, endpoints, tt.keys...) {
			if l.OK || l.Failure != "denied" || l.ZMTP != "3.1" || !strings.Contains(l.Error, tt.told) {
				t.Errorf("%s: %+v", name, l)
			}
		}
	}
}

// check checks what a socket tells of itself, once it does.
func (z menagerie) check(t *testing.T, name, typ string, l probeLine) {
	t.Helper()
	if l.Type != typ || len(l.Compatible) == 0 {
		t.Errorf("%s: %+v", name, l)
	}
	if named := slices.Contains([]string{"REQ", "DEALER", "ROUTER"}, typ); named && l.Identity != "zoo-"+typ || !named && l.Identity != "" {
		t.Errorf("%s: identity %q", name, l.Identity)
	}
	pinged := l.RTT != nil
	if pinged == slices.Contains(quiet, typ) || pinged && (l.RTT.N != 5 || l.RTT.Min <= 0 || l.RTT.Min > l.RTT.Median || l.RTT.Median > l.RTT.Max) {
		t.Errorf("%s: round trips %+v", name, l.RTT)
	}
}

// Messages that wait in libzmq for a peer go to none but a peer, and a PAIR's place
// stays free.
func TestProbeTakesNothingOfLibzmq(t *testing.T) {
	t.Parallel()
	for typ, peer := range map[string]string{"PUSH": "PULL", "DEALER": "DEALER", "REQ": "REP", "PAIR": "PAIR", "PUB": "SUB"} {
		t.Run(typ, func(t *testing.T) {
			t.Parallel()
			p := peertest.Start(t, `
				import sys, zmq
				context = zmq.Context()
				mine, others = sys.argv[1:]
				n = 1 if mine == "REQ" else 200
				a = context.socket(getattr(zmq, mine))
				a.bind("tcp://127.0.0.1:*")
				endpoint = a.getsockopt(zmq.LAST_ENDPOINT).rstrip(b"\0").decode()
				print(endpoint)
				sys.stdin.readline()
				b = context.socket(getattr(zmq, others))
				if others == "SUB":
					b.subscribe(b"")
				else:
					try:
						a.send(b"nobody", zmq.NOBLOCK)
						print("somebody took a message")
					except zmq.Again:
						pass
				b.connect(endpoint)
				if others == "SUB":
					while not b.poll(10):
						a.send(b"first")
					a.send(b"last")
					while b.recv() != b"last":
						pass
				else:
					for i in range(n):
						a.send(b"%d" % i)
						assert b.recv() == b"%d" % i
				print("all")
			`, typ, peer)
			endpoint := p.Line()
			for range 3 {
				fogmq(t, "probe", endpoint).succeed()
			}
			p.Tell("go")
			p.Wait("all")
			p.End()
		})
	}
}

// Silence is a timeout, another failure a failure, and both together are one.
func TestProbeStatus(t *testing.T) {
	t.Parallel()
	serve := func(say string) string {
		return peertest.Serve(t, func(conn net.Conn) {
			io.WriteString(conn, say)
			io.Copy(io.Discard, conn)
		})
	}
	silent, other := serve(""), serve("HTTP/1.1 400 Bad Request\r\n\x1b[2J\u009b")
	p := fogmq(t, "probe", "-W", "0.2", silent)
	p.wantEnd(statusTimeout, "fogmq: the endpoint did not answer within 200ms (--timeout)\n")
	p.saysLike(`\n  failed      the peer accepted the connection, but its greeting did not come within 200ms\n`)
	p = fogmq(t, "probe", "-W", "0.2", "--json", silent, other)
	p.wantEnd(statusFailed, "fogmq: 2 of 2 endpoints did not answer as a ZeroMQ peer that we can talk to\n")
	p.saysLike(`"failure":"timeout".*\n.*"failure":"not_zmtp","error":"not ZeroMQ: what it says begins with \\"HTTP/1.1 400 Bad Request\\"".*"said":"HTTP/1.1 400 Bad Request\\r\\n\\u001b\[2J\\u009b"`)
}

// What a peer says of itself is shown in bounds, and nothing of it is obeyed.
func TestProbePageOfAHostilePeer(t *testing.T) {
	text := newProbePage(false).text(probed{
		endpoint: patterns.Endpoint{Transport: patterns.TransportTCP, Address: "h:1"},
		Probed: patterns.Probed{Address: "192.0.2.1:1", Connect: 1234567, Probed: zmtp.Probed{
			Major: 3, Minor: 1, Mechanism: "NULL\x1b[2J", Server: true, Type: "PUB\n\u202e", ID: []byte("\x00\xff"), NoPings: zmtp.ErrNoPing,
			Meta: zmq4.Metadata{"Socket-Type": "PUB", "Identity": "x", "X\x07": strings.Repeat("\x1b", 60000)}, Handshake: 2e9,
		}},
	}, 0)
	const want = `tcp://h:1
  address     192.0.2.1:1
  protocol    ZMTP 3.1, NULL\x1b[2J, as the server
  socket      PUB\n\u202e, a type that fogmq does not know
  identity    0x00ff
  property    X\x07: %s... (60000 bytes)
  connect     1.235ms
  handshake   2s
  round trip  not measured: its ZMTP is older than PING, which came with 3.1
`
	if want := fmt.Sprintf(want, strings.Repeat(`\x1b`, 50)); text != want {
		t.Errorf("%s\nwant %s", text, want)
	}
}
