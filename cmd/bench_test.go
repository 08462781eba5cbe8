package cmd

import (
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"

	"fogmq/internal/bench"
	"fogmq/internal/peertest"
)

// benchConfigOf reads a command line of bench.
func benchConfigOf(t *testing.T, line string) (benchConfig, error) {
	t.Helper()
	var (
		f benchFlags
		c cobra.Command
	)
	f.register(c.Flags(), testEnv(nil).env)
	if err := c.ParseFlags(normalise(c.Flags(), words(line))); err != nil {
		return benchConfig{}, err
	}
	return f.resolve(testEnv(nil).env, c.Flags(), c.Flags().Args())
}

func TestBenchIsConfigured(t *testing.T) {
	tests := []struct {
		line      string
		runs      []bench.Run
		transport string
		typ       zmq4.SocketType // of an end alone
		endpoint  string
	}{
		{"thr", []bench.Run{{Size: 64, Count: 3000000}}, "tcp", "", ""},
		{"lat", []bench.Run{{Size: 64, Count: 30000}}, "tcp", "", ""},
		{"thr --size 0 -n 5", []bench.Run{{Size: 0, Count: 5}}, "tcp", "", ""},
		{"thr --sizes 16,1K,1MiB", []bench.Run{{Size: 16, Count: 3000000}, {Size: 1000, Count: 2000000}, {Size: 1 << 20, Count: 1907}}, "tcp", "", ""},
		{"lat --sizes 1,2 --count 7", []bench.Run{{Size: 1, Count: 7}, {Size: 2, Count: 7}}, "tcp", "", ""},
		{"lat -C 1 --size 1GiB", []bench.Run{{Size: 1 << 30, Count: 1}}, "tcp", "", ""},
		{"lat --size 1GiB", []bench.Run{{Size: 1 << 30, Count: 10}}, "tcp", "", ""},
		{"--transport ipc -n 1 thr", []bench.Run{{Size: 64, Count: 1}}, "ipc", "", ""},
		{"thr -n 1 --transport inproc", []bench.Run{{Size: 64, Count: 1}}, "inproc", "", ""},
		{"-n 1 --bind thr", []bench.Run{{Size: 64, Count: 1}}, "", zmq4.Pull, "tcp://*:5556"},
		{"thr -n 1 --connect", []bench.Run{{Size: 64, Count: 1}}, "", zmq4.Push, "tcp://localhost:5556"},
		{"lat -n 1 -b :7000", []bench.Run{{Size: 64, Count: 1}}, "", zmq4.Rep, "tcp://*:7000"},
		{"lat -n 1 -c ipc://@x", []bench.Run{{Size: 64, Count: 1}}, "", zmq4.Req, "ipc://@x"},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			c, err := benchConfigOf(t, tt.line)
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(c.runs) != fmt.Sprint(tt.runs) || c.transport != tt.transport || c.socket.typ != tt.typ {
				t.Errorf("got %v over %q, %q alone", c.runs, c.transport, c.socket.typ)
			}
			if tt.endpoint != "" && (len(c.socket.endpoints) != 1 || c.socket.endpoints[0].String() != tt.endpoint) {
				t.Errorf("got endpoints %v", c.socket.endpoints)
			}
			if c.socket.limits.hwm != 1000 || c.socket.linger != untilWritten {
				t.Errorf("got limits %+v, linger %v", c.socket.limits, c.socket.linger)
			}
		})
	}
}

// The size and count of every object, in order.
func measured(t *testing.T, p *process) (sizes, counts []int) {
	t.Helper()
	for _, line := range p.out.lines() {
		var r struct{ Size, Count int }
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%s: %q: %v", p, line, err)
		}
		sizes, counts = append(sizes, r.Size), append(counts, r.Count)
	}
	return sizes, counts
}

// speaker is the side of a pattern that prints a result.
var speaker = map[string]string{"thr": "bind", "lat": "connect"}

func TestBenchBetweenTwoProcesses(t *testing.T) {
	t.Parallel()
	for pattern, speaks := range speaker {
		for _, first := range []string{"bind", "connect"} {
			t.Run(pattern+", "+first+" first", func(t *testing.T) {
				t.Parallel()
				endpoint := freeEndpoint(t)
				ends := map[string]*process{}
				start := func(side string) {
					ends[side] = fogmq(t, "bench", pattern, "--"+side, endpoint, "--sizes", "16,0,5K", "-n", "1500", "--json")
				}
				start(first)
				awaitStarted(t, first, endpoint)
				start(otherSide(first))
				if out := ends[otherSide(speaks)].succeed(); out != "" {
					t.Errorf("--%s printed %q", otherSide(speaks), out)
				}
				ends[speaks].succeed()
				sizes, counts := measured(t, ends[speaks])
				if fmt.Sprint(sizes, counts) != "[16 0 5000] [1500 1500 1500]" {
					t.Errorf("measured sizes %v, counts %v", sizes, counts)
				}
			})
		}
	}
}

// libzmq's perf tools are at the other end, and wait for not one message more
// or less than they were told.
func TestBenchAgainstLibzmq(t *testing.T) {
	t.Parallel()
	tests := []struct{ pattern, side, tool string }{
		{"thr", "bind", "remote_thr"}, {"thr", "connect", "local_thr"},
		{"lat", "bind", "remote_lat"}, {"lat", "connect", "local_lat"},
	}
	for _, tt := range tests {
		for _, oursFirst := range []bool{true, false} {
			for _, size := range []string{"64", "0"} {
				t.Run(fmt.Sprintf("%s, ours first %v, size %s", tt.tool, oursFirst, size), func(t *testing.T) {
					t.Parallel()
					endpoint := freeEndpoint(t)
					var ours, theirs *process
					start := []func(){
						func() {
							ours = fogmq(t, "bench", tt.pattern, "--"+tt.side, endpoint, "--size", size, "-n", "3000", "--json")
						},
						func() { theirs = python(t, "perf.py", tt.tool, "tcp://"+endpoint, size, "3000") },
					}
					first := tt.side
					if !oursFirst {
						start[0], start[1] = start[1], start[0]
						first = otherSide(first)
					}
					start[0]()
					awaitStarted(t, first, endpoint)
					start[1]()
					if got := theirs.succeed(); got != "done 3000\n" {
						t.Errorf("%s printed %q", tt.tool, got)
					}
					ours.succeed()
					if sizes, _ := measured(t, ours); (len(sizes) == 1) != (speaker[tt.pattern] == tt.side) {
						t.Errorf("bench printed %q", ours.out.text())
					}
				})
			}
		}
	}
}

func TestBenchOfOneMessage(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	pull := fogmq(t, "bench", "thr", "--bind", endpoint, "-n", "1", "--json")
	fogmq(t, "bench", "thr", "--connect", endpoint, "-n", "1").succeed()
	if got := pull.succeed(); got != `{"pattern":"thr","size":64,"count":1,"msgs_per_s":0,"bytes_per_s":0}`+"\n" {
		t.Errorf("got %q", got)
	}
}

func TestBenchEndsOfDifferentSizes(t *testing.T) {
	t.Parallel()
	tests := []struct{ pattern, other string }{
		{"thr", `no message was taken within 1s`},
		{"lat", `the peer went away before it replied`},
	}
	for _, tt := range tests {
		t.Run(tt.pattern, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			bound := fogmq(t, "bench", tt.pattern, "--bind", endpoint, "--size", "100", "-n", "20")
			awaitListener(t, endpoint)
			other := fogmq(t, "bench", tt.pattern, "--connect", endpoint, "--size", "101", "-n", "20", "-W", "1")
			bound.wantEnd(statusFailed, "fogmq: message 1 has 101 bytes, expected 100: give both ends the same size\n")
			if other.status() == statusDone && tt.pattern == "thr" {
				return // all was written before the other end saw what it was
			}
			other.warns(`(?m)^fogmq: ` + tt.other + `$`)
		})
	}
}

func TestBenchGivesUp(t *testing.T) {
	t.Parallel()
	tests := []struct{ line, told string }{
		{"thr --bind", `^fogmq: no message within 50ms\n$`},
		{"lat --bind", `^fogmq: no request within 50ms\n$`},
		{"lat --connect", `^fogmq: no reply within 50ms\n$`},
		{"thr --connect", `^fogmq: 2 messages were not sent: no peer took them\nfogmq: no message was taken within 50ms\n$`},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			t.Parallel()
			args := append(words("bench "+tt.line), freeEndpoint(t), "-n", "2", "-W", "50ms")
			p := fogmq(t, args...)
			p.wantEndLike(statusTimeout, tt.told)
			if p.out.text() != "" {
				t.Errorf("stdout %q", p.out.text())
			}
		})
	}
}

func TestBenchEndsAtASignal(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"thr", "lat", "thr --transport ipc", "lat --transport inproc"} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			p := fogmq(t, append(words("bench -v -n 100000000"), words(line)...)...)
			p.warns(`(?s)HANDSHAKE_SUCCEEDED.*HANDSHAKE_SUCCEEDED`)
			p.signal(syscall.SIGINT)
			if status := p.status(); status != 130 || p.out.text() != "" {
				t.Errorf("status %d, stdout %q", status, p.out.text())
			}
		})
	}
	for _, line := range []string{"thr --bind", "lat --connect"} {
		t.Run(line+" alone", func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			words := append(words("bench "+line), endpoint)
			p := fogmq(t, words...)
			awaitStarted(t, strings.TrimPrefix(words[2], "--"), endpoint)
			p.signal(syscall.SIGTERM)
			p.wantEnd(143, "")
		})
	}
}

func TestBenchTellsOfAWrongPeer(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	p := fogmq(t, "bench", "thr", "--bind", endpoint)
	peertest.Start(t, "testdata/peers/talker.py", "connect", "tcp://"+endpoint, "PUB").Wait("ready")
	p.warns(`the peer is a PUB socket; PULL talks to PUSH`)
}

func TestBenchSaysWhereItIsBound(t *testing.T) {
	t.Parallel()
	rep := fogmq(t, "bench", "lat", "--bind", "127.0.0.1:0", "-n", "3")
	endpoint := rep.warns(`(?m)^fogmq: bound (tcp://127\.0\.0\.1:\d+)$`)[1]
	fogmq(t, "bench", "lat", "--connect", endpoint, "-n", "3").succeed()
	if status := rep.status(); status != statusDone {
		t.Errorf("status %d", status)
	}
}
