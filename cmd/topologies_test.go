package cmd

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// PUSH waits for somebody to push to, from either side.
func TestPushWaitsForAPeer(t *testing.T) {
	t.Parallel()
	for _, side := range []string{"bind", "connect"} {
		endpoint := freeEndpoint(t)
		push := fogmq(t, "push", "--"+side, endpoint, "hello")
		awaitStarted(t, side, endpoint)
		push.isWell()
		newStation(t, "PULL", otherSide(side), endpoint).gets([]string{"hello"})
		push.succeed()
	}
}

// What is pushed while a connecting endpoint's peer is dead goes to the one that
// comes, all of it and in order, time and again.
func TestPushOverDeadPullers(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	push, typing := fogmqTyped(t, "push", "-c", endpoint, "-v")
	const each = 200
	for round := range 3 {
		first := round*each + 1
		types(t, typing, numbered(first, first+each/2-1)...)
		pull := newStation(t, "PULL", "bind", endpoint)
		pull.waitFor(each / 2)
		types(t, typing, numbered(first+each/2, first+each-1)...)
		pull.waitFor(each)
		for i, message := range pull.received() {
			if want := strconv.Itoa(first + i); len(message) != 1 || message[0] != want {
				t.Fatalf("round %d: message %d is %q, want %q", round, i, message, want)
			}
		}
		pull.kill()
		push.await(push.err, "its peer's end", func(text string) bool { return strings.Count(text, "DISCONNECTED") > round })
	}
}

// Three that pull get the same share, in turn.
func TestPushSharesEvenly(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	push, typing := fogmqTyped(t, "push", "-b", endpoint, "-v")
	awaitListener(t, endpoint)
	var pulls []*station
	for range 3 {
		pulls = append(pulls, newStation(t, "PULL", "connect", endpoint))
	}
	push.meets(3)
	types(t, typing, numbered(0, 299)...)
	for _, pull := range pulls {
		pull.waitFor(100)
		got := pull.received()
		first, err := strconv.Atoi(got[0][0])
		if err != nil || len(got) != 100 {
			t.Fatalf("%d messages, the first %q", len(got), got[0])
		}
		for i, message := range got {
			if want := strconv.Itoa(first + 3*i); message[0] != want {
				t.Fatalf("message %d is %q, want %q", i, message, want)
			}
		}
	}
}

// lastNumber is the number on the last line of a stdout, 0 where there is none.
func lastNumber(p *process) int {
	p.t.Helper()
	lines := p.out.lines()
	if len(lines) == 0 {
		return 0
	}
	n, err := strconv.Atoi(lines[len(lines)-1])
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

// counts waits until a receiver that prints %n has printed n.
func (p *process) counts(n int) {
	p.t.Helper()
	p.await(p.out, fmt.Sprintf("message %d", n), func(text string) bool { return strings.Count(text, "\n") >= n })
}

// bulk is a line that the buffers of a connection hold not many of.
var bulk = strings.Repeat("x", 16<<10)

// A puller that stands still gets what its queue holds; all else goes to the
// others, and nothing is lost.
func TestPushPassesOverAStoppedPuller(t *testing.T) {
	t.Parallel()
	const count = 2000 // more than twice what a stopped one may have
	endpoint := freeEndpoint(t)
	push, typing := fogmqTyped(t, "push", "-b", endpoint, "-v", "--hwm", "10")
	awaitListener(t, endpoint)
	var pulls []*process
	for range 3 {
		pulls = append(pulls, fogmq(t, "pull", "-c", endpoint, "-F", "%n", "--hwm", "10"))
	}
	push.meets(3)
	stop(t, pulls[0])
	for range count {
		types(t, typing, bulk)
	}
	typing.Close()
	for _, pull := range pulls[1:] {
		pull.counts(count / 4)
	}
	pulls[0].signal(syscall.SIGCONT)
	if status := push.status(); status != 0 {
		t.Errorf("push ended with %d", status)
	}
	awaitSum(t, pulls, count)
}

// awaitSum waits until receivers that print %n have count messages together.
func awaitSum(t *testing.T, all []*process, count int) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); ; <-tick.C {
		sum := 0
		for _, p := range all {
			sum += lastNumber(p)
		}
		switch {
		case sum == count:
			return
		case sum > count, time.Now().After(deadline):
			t.Fatalf("%d messages came, not %d", sum, count)
		}
	}
}

// A subscriber that stands still misses what its queue does not hold; the other
// misses nothing.
func TestPubPassesOverAStoppedSubscriber(t *testing.T) {
	t.Parallel()
	const rounds, each = 10, 200
	endpoint := freeEndpoint(t)
	pub, typing := fogmqTyped(t, "pub", "-b", endpoint, "--wait-subscribers", "2", "--hwm", strconv.Itoa(each), "--stats", "--linger", "0")
	quick := fogmq(t, "sub", "-c", endpoint, "-F", "%n")
	slow := fogmq(t, "sub", "-c", endpoint, "-F", "%n")
	types(t, typing, "both are there")
	slow.counts(1)
	stop(t, slow)
	for i := range rounds {
		for range each {
			types(t, typing, bulk)
		}
		quick.counts(1 + (i+1)*each)
	}
	typing.Close()
	pub.status()
	dropped, err := strconv.Atoi(pub.warns(`(\d+) dropped`)[1])
	if err != nil || dropped == 0 || dropped >= rounds*each {
		t.Errorf("%d were dropped", dropped)
	}
	if got := lastNumber(quick); got != 1+rounds*each {
		t.Errorf("the other got %d", got)
	}
}

// One who floods does not starve the others.
func TestPullIsFair(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	flood, w := io.Pipe()
	t.Cleanup(func() { w.Close() })
	go func() {
		lines := []byte(strings.Repeat("flood\n", 1000))
		for {
			if _, err := w.Write(lines); err != nil {
				return
			}
		}
	}()
	r, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	pull := launchTo(t, out, "fogmq", "pull", "-b", endpoint)
	pusher := fogmqFrom(t, flood, "push", "-c", endpoint)
	lines := bufio.NewScanner(r)
	if !lines.Scan() || lines.Text() != "flood" {
		t.Fatalf("the first line is %q", lines.Text())
	}
	fogmq(t, append(words("push -c "+endpoint), numbered(1, 9)...)...)
	for i := 1; i <= 9; {
		if !lines.Scan() {
			t.Fatal(lines.Err())
		}
		if lines.Text() == strconv.Itoa(i) {
			i++
		}
	}
	pusher.kill()
	pull.kill()
}

// ipc is as good as tcp, by path and by abstract name, and leaves nothing behind.
func TestIPC(t *testing.T) {
	t.Parallel()
	dir := socketDir(t)
	for _, tt := range []struct{ name, endpoint string }{
		{"path", "ipc://" + dir + "/s"},
		{"abstract", fmt.Sprintf("ipc://@fogmq-test-%d", os.Getpid())},
	} {
		for _, side := range []string{"bind", "connect"} {
			t.Run(tt.name+", "+side, func(t *testing.T) {
				pair := fogmq(t, "pair", "--"+side, tt.endpoint, "-n", "1", "hello")
				peer := newStation(t, "PAIR", otherSide(side), tt.endpoint)
				peer.gets([]string{"hello"})
				peer.sends("back")
				if got := pair.succeed(); got != "back\n" {
					t.Errorf("it printed %q", got)
				}
				if side == "bind" {
					wantNoFile(t, dir+"/s")
				}
				peer.kill()
				os.Remove(dir + "/s") // of the peer that was killed
			})
		}
	}
}

// socketDir is a folder whose name is short enough for a socket's.
func socketDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "q")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func wantNoFile(t *testing.T, name string) {
	t.Helper()
	if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is there: %v", name, err)
	}
}

func TestIPCFiles(t *testing.T) {
	t.Parallel()
	name := socketDir(t) + "/s"
	bind := []string{"pull", "-b", "ipc://" + name}
	send := func(text string) { fogmq(t, "push", "-c", "ipc://"+name, text).succeed() }
	first := fogmq(t, bind...)
	send("one")
	first.says("one")

	// A live one is left alone.
	fogmq(t, bind...).wantEnd(1, "fogmq: can't bind ipc://"+name+": somebody is bound to it\n")
	send("two")
	first.says("two")

	// A stale one is replaced, and gone after Ctrl-C.
	first.kill()
	if _, err := os.Stat(name); err != nil {
		t.Fatal(err)
	}
	second := fogmq(t, bind...)
	send("three")
	second.says("three")
	second.signal(syscall.SIGINT)
	second.wantEnd(130, "")
	wantNoFile(t, name)

	// What is no socket is no stale one.
	if err := os.WriteFile(name, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	fogmq(t, bind...).wantEndLike(1, "^fogmq: can't bind ipc://"+name+": .*\n$")
	if kept, err := os.ReadFile(name); string(kept) != "precious" {
		t.Errorf("the file holds %q, %v", kept, err)
	}
}

// A DEALER gives each of its peers the same, and takes from all.
func TestDealerSharesEvenly(t *testing.T) {
	t.Parallel()
	a, b := freeEndpoint(t), freeEndpoint(t)
	for _, endpoint := range []string{a, b} {
		fogmq(t, "rep", "-b", endpoint, "--reply", endpoint)
		awaitListener(t, endpoint)
	}
	dealer := fogmqFrom(t, strings.NewReader(strings.Repeat("\task\n", 10)), "dealer", "-m", "-c", a, "-c", b, "-n", "10")
	lines := slices.Sorted(strings.Lines(dealer.succeed()))
	want := slices.Sorted(slices.Values(slices.Concat(slices.Repeat([]string{"\t" + a + "\n"}, 5), slices.Repeat([]string{"\t" + b + "\n"}, 5))))
	if !slices.Equal(lines, want) {
		t.Errorf("the replies are %q", lines)
	}
}
