package cmd

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"fogmq/internal/peertest"
)

// startProxy starts a proxy that binds both its sides.
func startProxy(t *testing.T, kind string, flags ...string) (proxy *process, front, back string) {
	t.Helper()
	front, back = freeEndpoint(t), freeEndpoint(t)
	proxy = fogmq(t, append([]string{"proxy", kind, "--frontend", front, "--backend", "@" + back}, flags...)...)
	awaitListener(t, front)
	awaitListener(t, back)
	return proxy, front, back
}

// Publishers and subscribers of both makes come and go at a forwarder; each gets
// what it subscribed to, and publishers learn what is wanted.
func TestForwarder(t *testing.T) {
	t.Parallel()
	proxy, front, back := startProxy(t, "forwarder")
	theirs := newStation(t, "XPUB", "connect", front)
	ours, typing := fogmqTyped(t, "xpub", "-c", front)
	a := newStation(t, "SUB", "connect", back, "SUBSCRIBE=a")
	ours.says("+a")
	theirs.waitFor(1)
	b := fogmq(t, "sub", "-c", back, "-t", "b")
	ours.says("+b")
	theirs.waitFor(2)
	theirs.sends("a 1")
	theirs.sends("b", "1")
	theirs.sends("c 1")
	a.waitFor(1)
	b.says("b\t1")
	types(t, typing, "a 2", "b 2", "c 2")
	a.gets([]string{"a 1"}, []string{"a 2"})
	b.says("b 2")

	// One that leaves takes its subscription with it; one that joins brings it.
	b.kill()
	ours.says("-b")
	theirs.waitFor(3)
	theirs.gets([]string{"\x01a"}, []string{"\x01b"}, []string{"\x00b"})
	c := fogmq(t, "xsub", "-c", back, "-t", "c", "-t", "a", "-n", "2")
	ours.says("+c")
	types(t, typing, "c 3", "a 3")
	if got := c.succeed(); got != "c 3\na 3\n" {
		t.Errorf("xsub printed %q", got)
	}
	late, _ := fogmqTyped(t, "xpub", "-c", front)
	late.says("+a") // as it stands
	proxy.isWell()
}

// sensors -> gateway -> cloud: forwarders in a chain carry subscriptions up and
// messages down.
func TestChainedForwarders(t *testing.T) {
	t.Parallel()
	gatewayFront, cloudFront, cloudBack := freeEndpoint(t), freeEndpoint(t), freeEndpoint(t)
	gateway := fogmq(t, "proxy", "forwarder", "--frontend", "@"+gatewayFront, "--backend", ">"+cloudFront)
	cloud := fogmq(t, "proxy", "forwarder", "--frontend", cloudFront, "--backend", cloudBack)
	sensor, typing := fogmqTyped(t, "xpub", "-c", gatewayFront)
	sub := newStation(t, "SUB", "connect", cloudBack, "SUBSCRIBE=temp")
	sensor.says("+temp")
	types(t, typing, "hum 1", "temp 20", "temp 21")
	sub.gets([]string{"temp 20"}, []string{"temp 21"})
	sub.kill()
	sensor.says("-temp")
	gateway.isWell()
	cloud.isWell()
}

// Clients and workers of both makes at a queue: each gets its own replies, and the
// workers the same share.
func TestQueue(t *testing.T) {
	t.Parallel()
	proxy, front, back := startProxy(t, "queue", "-v")
	fogmq(t, "rep", "-c", back, "--reply", "ours")
	worker := newStation(t, "REP", "connect", back)
	proxy.meets(2)
	client := newStation(t, "REQ", "connect", front)
	for i := range 4 {
		client.sends(fmt.Sprintf("theirs %d", i))
		req := fogmq(t, "req", "-c", front, fmt.Sprintf("ours %d", i))
		worker.waitFor(i + 1)
		worker.sends("worker")
		client.waitFor(i + 1)
		replies := []string{req.succeed(), client.received()[i][0] + "\n"}
		slices.Sort(replies)
		if !slices.Equal(replies, []string{"ours\n", "worker\n"}) {
			t.Errorf("round %d: %q", i, replies)
		}
	}
}

// A worker that is killed with a request costs its client one more try.
func TestQueueWithKilledWorker(t *testing.T) {
	t.Parallel()
	proxy, front, back := startProxy(t, "queue", "-v")
	doomed := newStation(t, "REP", "connect", back)
	proxy.meets(1)
	req := fogmq(t, "req", "-c", front, "-W", "1", "--retries", "5", "hello")
	doomed.waitFor(1)
	doomed.kill()
	proxy.warns("DISCONNECTED")
	fogmq(t, "rep", "-c", back, "--echo")
	req.wantEndLike(0, `^fogmq: no reply within 1s; asking again \(attempt 2 of 6\)\n`)
	if got := req.out.text(); got != "hello\n" {
		t.Errorf("req printed %q", got)
	}
}

// The Guide's Lazy Pirate asks again what one of two workers never answers.
func TestLazyPirateBehindAQueue(t *testing.T) {
	t.Parallel()
	proxy, front, back := startProxy(t, "queue", "-v")
	silent := newStation(t, "REP", "connect", back)
	fogmq(t, "rep", "-c", back, "--echo")
	proxy.meets(2)
	req := fogmq(t, append(words("req -W 0.5 --retries 5 -c "+front), numbered(1, 4)...)...)
	if status := req.status(); status != 0 || req.out.text() != linesOf(numbered(1, 4)...) {
		t.Errorf("req ended with %d and printed %q", status, req.out.text())
	}
	silent.waitFor(1)
}

// Pushers and pullers of both makes at a streamer: all arrives, each of its own in
// order.
func TestStreamer(t *testing.T) {
	t.Parallel()
	const count = 500
	proxy, front, back := startProxy(t, "streamer", "-v")
	ours := fogmq(t, "pull", "-c", back)
	theirs := newStation(t, "PULL", "connect", back)
	proxy.meets(2)
	push := newStation(t, "PUSH", "connect", front)
	fogmqFrom(t, strings.NewReader(linesOf(numbered(1, count)...)), "push", "-c", front).succeed()
	for i := range count {
		push.sends(fmt.Sprint(count + 1 + i))
	}
	firstLines(ours, count)
	theirs.waitFor(count)
	var all []string
	for _, message := range theirs.received() {
		all = append(all, message...)
	}
	all = append(all, ours.out.lines()...)
	for _, half := range [][]string{all[:count], all[count:]} {
		if !slices.IsSortedFunc(half, func(a, b string) int { return sign(a, b, count) }) {
			t.Errorf("out of order: %q", half)
		}
	}
	slices.Sort(all)
	want := slices.Sorted(slices.Values(numbered(1, 2*count)))
	if !slices.Equal(all, want) {
		t.Errorf("%d messages came", len(all))
	}
}

// sign orders the numbers of one pusher; those of two are in any order.
func sign(a, b string, half int) int {
	var x, y int
	fmt.Sscan(a, &x)
	fmt.Sscan(b, &y)
	if (x <= half) != (y <= half) {
		return 0
	}
	return x - y
}

// A streamer whose pullers take nothing makes the pushers wait, and loses nothing.
func TestStreamerPassesBackPressure(t *testing.T) {
	t.Parallel()
	const count = 3000
	_, front, back := startProxy(t, "streamer", "--hwm", "10")
	push, typing := fogmqTyped(t, "push", "-c", front, "-F", "%n", "--hwm", "10")
	written := make(chan error, 1)
	go func() {
		_, err := io.WriteString(typing, strings.Repeat(bulk+"\n", count))
		written <- err
	}()
	push.counts(10)
	pull := fogmq(t, "pull", "-c", back, "-F", "%l", "-n", fmt.Sprint(count))
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	typing.Close()
	push.status()
	if got := pull.succeed(); got != strings.Repeat(fmt.Sprintln(len(bulk)), count) {
		t.Errorf("pull printed %d bytes", len(got))
	}
}

// captured reads a capture file's messages.
func captured(t *testing.T, name string) (messages [][]string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var m struct{ Frames []string }
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v: %q", err, line)
		}
		messages = append(messages, m.Frames)
	}
	return messages
}

// A capture file has every message, in order, by the time that it has arrived.
func TestCaptureFile(t *testing.T) {
	t.Parallel()
	const count = 3000
	file := t.TempDir() + "/capture.jsonl"
	proxy, front, back := startProxy(t, "streamer", "--capture", file)
	pull := fogmq(t, "pull", "-c", back, "-n", fmt.Sprint(count))
	fogmqFrom(t, strings.NewReader(linesOf(numbered(1, count)...)), "push", "-c", front).succeed()
	if got := pull.succeed(); got != linesOf(numbered(1, count)...) {
		t.Errorf("pull printed %d bytes", len(got))
	}
	var want [][]string
	for _, line := range numbered(1, count) {
		want = append(want, []string{line})
	}
	if got := captured(t, file); !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%d messages were captured", len(got))
	}
	proxy.signal(syscall.SIGINT)
	proxy.wantEnd(130, "")

	// It is one that fogmq reads.
	pull = fogmq(t, "pull", "-b", front, "-n", fmt.Sprint(count))
	capture, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer capture.Close()
	fogmqFrom(t, capture, "push", "-c", front, "--input", "jsonl").succeed()
	if got := pull.succeed(); got != linesOf(numbered(1, count)...) {
		t.Errorf("the second pull printed %d bytes", len(got))
	}
}

// A queue captures requests and replies, with their envelopes.
func TestCaptureOfAQueue(t *testing.T) {
	t.Parallel()
	proxy, front, back := startProxy(t, "queue", "--capture", "-")
	fogmq(t, "rep", "-c", back, "--reply", "that")
	if got := fogmq(t, "req", "-c", front, "--identity", "me", "what").succeed(); got != "that\n" {
		t.Errorf("req printed %q", got)
	}
	lines := firstLines(proxy, 2)
	for i, body := range []string{"what", "that"} {
		var m struct{ Frames []string }
		if err := json.Unmarshal([]byte(lines[i]), &m); err != nil || !slices.Equal(m.Frames, []string{"me", "", body}) {
			t.Errorf("captured %s, %v", lines[i], err)
		}
	}
}

// A capture endpoint publishes what passes.
func TestCaptureEndpoint(t *testing.T) {
	t.Parallel()
	for _, connects := range []bool{false, true} {
		endpoint := freeEndpoint(t)
		capture, side := endpoint, "--connect"
		if connects {
			capture, side = ">"+endpoint, "--bind"
		}
		_, front, back := startProxy(t, "streamer", "--capture", capture)
		tap := fogmq(t, "sub", side, endpoint)
		fogmq(t, "pull", "-c", back)
		push, typing := fogmqTyped(t, "push", "-c", front)
		again := time.NewTicker(10 * time.Millisecond)
		for tap.out.text() == "" {
			types(t, typing, "is it there")
			<-again.C
		}
		again.Stop()
		types(t, typing, numbered(1, 100)...)
		tap.says("100")
		if got := tap.out.text(); !strings.HasSuffix(got, "is it there\n"+linesOf(numbered(1, 100)...)) {
			t.Errorf("the tap printed %q", got)
		}
		push.isWell()
	}
}

// A capture that can't be kept ends the proxy in one line.
func TestCaptureFails(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		peertest.Lack(t, err)
	}
	proxy, front, back := startProxy(t, "streamer", "--capture", "/dev/full")
	fogmq(t, "pull", "-c", back)
	fogmq(t, "push", "-c", front, "hello").succeed()
	proxy.wantEndLike(1, "^fogmq: --capture: .*no space left on device\n$")

	fogmq(t, "proxy", "queue", "--frontend", front, "--backend", back, "--capture", "/nowhere/file").
		wantEnd(1, "fogmq: --capture: open /nowhere/file: no such file or directory\n")
}

// Ctrl-C ends a proxy once it has passed on what it received, and it says what
// it could not.
func TestProxyCtrlC(t *testing.T) {
	t.Parallel()
	const count = 100
	t.Run("passed on", func(t *testing.T) {
		t.Parallel()
		proxy, front, back := startProxy(t, "streamer", "-v")
		pull := fogmq(t, "pull", "-c", back, "-n", fmt.Sprint(count))
		proxy.meets(1)
		stop(t, pull)
		fogmqFrom(t, strings.NewReader(linesOf(numbered(1, count)...)), "push", "-c", front).succeed()
		awaitAllRead(t, front)
		proxy.signal(syscall.SIGINT)
		proxy.wantEndLike(130, `frontend PULL: 100 messages in, 0 out, 0 dropped\n.*backend PUSH: 0 messages in, \d+ out, 0 dropped`)
		pull.signal(syscall.SIGCONT)
		if got := pull.succeed(); got != linesOf(numbered(1, count)...) {
			t.Errorf("pull printed %q", got)
		}
	})
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		proxy, front, _ := startProxy(t, "streamer")
		fogmqFrom(t, strings.NewReader(linesOf(numbered(1, count)...)), "push", "-c", front).succeed()
		awaitAllRead(t, front)
		proxy.signal(syscall.SIGINT)
		proxy.wantEnd(130, "fogmq: 100 messages were received and not passed on: nobody there could take them\n")
	})
}

func TestProxyUsage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ line, stderr string }{
		{"proxy", "name one kind of proxy: forwarder, queue or streamer"},
		{"proxy queue streamer", "name one kind of proxy: forwarder, queue or streamer"},
		{"proxy nosuch --frontend :1 --backend :2", `proxy "nosuch": not one of forwarder, queue, streamer`},
		{"proxy queue --frontend :1", "a proxy has two sides: give --frontend ENDPOINT and --backend ENDPOINT"},
		{"proxy queue --frontend :1 --backend what", `--backend "what": endpoint "what": write tcp://HOST:PORT, HOST:PORT, :PORT or ipc:///path`},
		{"proxy queue --frontend :1 --backend", "--backend needs a value: ENDPOINT"},
	} {
		fogmq(t, words(tt.line)...).wantEnd(2, "fogmq: "+tt.stderr+"; see fogmq proxy --help\n")
	}
}
