package cmd

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"fogmq/internal/peertest"
)

// A signal ends a receiver with the status that a shell gives it, after all
// that had been received was printed. Here stdout is a pipe that nobody reads
// until the signal has come, so that most of it waits inside.
func TestSignalsPrintWhatWasReceived(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		signal syscall.Signal
		status int
	}{{syscall.SIGINT, 130}, {syscall.SIGTERM, 143}, {syscall.SIGHUP, 129}} {
		t.Run(tt.signal.String(), func(t *testing.T) {
			t.Parallel()
			const count = 900 // below the high-water mark
			endpoint := freeEndpoint(t)
			input := strings.Repeat(strings.Repeat("x", 199)+"\n", count)
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			sub := launchTo(t, w, "fogmq", "sub", "-b", endpoint)
			fogmqFrom(t, strings.NewReader(input), "pub", "-c", endpoint, "--wait-subscribers", "1").succeed()
			awaitAllRead(t, endpoint)
			sub.signal(tt.signal)
			got, err := io.ReadAll(bufio.NewReader(r))
			if err != nil {
				t.Fatal(err)
			}
			sub.wantEnd(tt.status, "")
			if string(got) != input {
				t.Errorf("%d bytes were printed of %d", len(got), len(input))
			}
		})
	}
}

// awaitAllRead waits until no connection at an endpoint holds bytes that the
// process there has not read, nor any that are on their way.
func awaitAllRead(t *testing.T, endpoint string) {
	t.Helper()
	_, port, err := net.SplitHostPort(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	end := fmt.Sprintf(":%04X", n)
	retry := time.NewTicker(5 * time.Millisecond)
	defer retry.Stop()
	for deadline := time.Now().Add(patience); !allRead(t, end); <-retry.C {
		if time.Now().After(deadline) {
			t.Fatalf("bytes at %s stay unread", endpoint)
		}
	}
}

// allRead looks at the connections one of whose ends is end, in /proc/net/tcp,
// where a line is: number, local and remote end, state, bytes to send and to
// read.
func allRead(t *testing.T, end string) bool {
	t.Helper()
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		peertest.Lack(t, fmt.Errorf("no way to see what is unread: %w", err))
	}
	for line := range strings.Lines(string(table)) {
		fields := strings.Fields(line)
		if strings.HasSuffix(fields[1], end) || strings.HasSuffix(fields[2], end) {
			if fields[4] != "00000000:00000000" {
				return false
			}
		}
	}
	return true
}

// A closed stdout ends every command quietly, with the status of SIGPIPE.
func TestClosedStdout(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, args string
		peer       string // connects, and makes the command print something
	}{
		{"sub", "sub", "pub --source number -i 0.02 -q"},
		{"sub pretty", "sub -F pretty", "pub --source number -i 0.02 -q"},
		{"pub pretty", "pub --source number -i 0.02 -F pretty -q", ""},
		{"rep pretty", "rep --echo -F pretty", "req hello -q"},
		{"req", "req hello", "rep --echo"},
		{"sub jsonl", "sub -J", "pub --source number -i 0.02 -q"},
		{"xsub", "xsub", "pub --source number -i 0.02 -q"},
		{"xpub", "xpub --source number -i 0.02 -q", "sub"},
		{"pull", "pull", "push --source number -i 0.02 -q"},
		{"rep raw", "rep --echo -F raw", "req hello -q"},
		{"dealer", "dealer -l", "dealer hello"},
		{"router", "router -l", "dealer hello"},
		{"pair", "pair -l", "pair hello"},
		{"sub with --exec", "sub -x cat", "pub hello --wait-subscribers 1"},
		{"sub with --exec that goes on", "sub -x cat;echo", "pub hello --wait-subscribers 1"},
		{"pull with --exec, counted", "pull -n 1 -x cat", "push hello"},
		{"pair with --exec", "pair -l -x cat", "pair hello"},
		{"req with --exec", "req hello more -x cat", "rep --echo"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			leave(r)
			p := launchTo(t, w, "fogmq", append(words(tt.args), "-b", endpoint)...)
			if tt.peer != "" {
				fogmq(t, append(words(tt.peer), "-c", endpoint)...)
			}
			p.wantEnd(141, "")
		})
	}
}

// A stdout that fails otherwise is an error.
func TestFullStdout(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		peertest.Lack(t, err)
	}
	endpoint := freeEndpoint(t)
	sub := launchTo(t, full, "fogmq", "sub", "-b", endpoint)
	fogmq(t, "pub", "-c", endpoint, "--wait-subscribers", "1", "hello").succeed()
	sub.wantEndLike(statusFailed, "^fogmq: .*no space left on device\n$")
}

// Waits without end are ended by Ctrl-C at once.
func TestCtrlCEndsEveryWait(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"sub -b %s", "sub -c %s",
		"rep --echo -b %s", "rep --echo -c %s",
		"pub hello --wait-subscribers 1 -b %s", "pub hello --wait-subscribers 1 -c %s",
		"pub --source number -i 1h -q -b %s",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			p := fogmq(t, words(fmt.Sprintf(line, endpoint))...)
			side := "connect"
			if strings.Contains(line, "-b") {
				side = "bind"
			}
			awaitStarted(t, side, endpoint)
			p.signal(syscall.SIGINT)
			p.wantEnd(130, "")
		})
	}
}

// The end of a wait for stdin, too.
func TestCtrlCWhileStdinIsSilent(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"pub -b", "req -b", "rep -b"} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			p, _ := fogmqTyped(t, append(words(line), endpoint)...)
			awaitListener(t, endpoint)
			p.signal(syscall.SIGINT)
			p.wantEnd(130, "")
		})
	}
}

// Ctrl-C while a request waits for somebody to take it: it is counted, bound or
// connected alike.
func TestCtrlCCountsWhatWasNotSent(t *testing.T) {
	t.Parallel()
	for _, side := range []string{"--bind", "--connect"} {
		req := fogmq(t, "req", side, freeEndpoint(t), "hello", "-F", "pretty")
		req.says("hello sent") // it is queued
		req.signal(syscall.SIGINT)
		req.wantEnd(130, "fogmq: 1 message was not sent: no peer took it\n")
	}
}

// Out of time there is nothing more to wait for, not even for what is queued.
func TestTimeoutDoesNotLinger(t *testing.T) {
	t.Parallel()
	for _, side := range []string{"--bind", "--connect"} {
		fogmq(t, "req", side, freeEndpoint(t), "hello", "-W", "0.1").
			wantEndLike(124, `^fogmq: timed out: no reply within 100ms.*\n$`)
	}
}

// What a subscriber does not take within --linger is counted.
func TestLinger(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		linger []string
		signal syscall.Signal
		status int
		stderr string
	}{
		{"out of time", []string{"--linger", "0.2"}, 0, 1,
			"fogmq: 3 messages were not sent: no peer took them within --linger 200ms\n"},
		{"none", []string{"--linger", "0"}, 0, 1,
			"fogmq: 3 messages were not sent: no peer took them within --linger 0s\n"},
		{"Ctrl-C", nil, syscall.SIGINT, 130, "fogmq: 3 messages were not sent: no peer took them\n"},
		{"Ctrl-C in a bounded one", []string{"--linger", "60"}, syscall.SIGINT, 130,
			"fogmq: 3 messages were not sent: no peer took them\n"},
		{"SIGTERM", nil, syscall.SIGTERM, 143, "fogmq: 3 messages were not sent: no peer took them\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			pub, typing := fogmqTyped(t, append([]string{"pub", "-b", endpoint, "--wait-subscribers", "1", "-F", "%n"}, tt.linger...)...)
			awaitListener(t, endpoint)
			sub := fogmq(t, "sub", "-c", endpoint)
			fmt.Fprintln(typing, "hello")
			sub.says("hello")
			stop(t, sub)
			big := strings.Repeat("x", 16<<20) + "\n" // more than the buffers of a connection hold
			for range 3 {
				io.WriteString(typing, big)
			}
			typing.Close()
			pub.says("4")
			if tt.signal != 0 {
				pub.signal(tt.signal)
			}
			pub.wantEnd(tt.status, tt.stderr)
		})
	}
}

// stop suspends a process, and returns when it has come to a halt.
func stop(t *testing.T, p *process) {
	t.Helper()
	p.signal(syscall.SIGSTOP)
	for {
		err := unix.Waitid(unix.P_PID, p.cmd.Process.Pid, nil, unix.WSTOPPED|unix.WNOWAIT, nil)
		if err == nil {
			return
		}
		if err != syscall.EINTR {
			t.Fatalf("%s does not stop: %v", p, err)
		}
	}
}

// By default what is queued is waited for, also for a peer that is slow to come.
func TestLingerWaitsForThePeer(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	pub, typing := fogmqTyped(t, "pub", "-b", endpoint, "--wait-subscribers", "1", "-F", "%n")
	awaitListener(t, endpoint)
	sub := fogmq(t, "sub", "-c", endpoint, "-F", "%l", "-n", "2")
	fmt.Fprintln(typing, "hello")
	sub.says("5")
	stop(t, sub)
	io.WriteString(typing, strings.Repeat("x", 16<<20))
	typing.Close()
	pub.says("2")
	sub.signal(syscall.SIGCONT)
	if got := sub.succeed(); got != "5\n16777216\n" {
		t.Errorf("sub printed %q", got)
	}
	pub.succeed()
}

// -W bounds each wait, not all of them together.
func TestTimeout(t *testing.T) {
	t.Parallel()
	tests := []struct{ args, stderr string }{
		{"sub -W 0.1", "fogmq: no message within 100ms\n"},
		{"rep --echo -W 100ms", "fogmq: no request within 100ms\n"},
		{"req hello -W .1", "fogmq: timed out: no reply within 100ms (is anybody there? -v tells)\n"},
	}
	for _, tt := range tests {
		for _, side := range []string{"-b", "-c"} {
			t.Run(tt.args+" "+side, func(t *testing.T) {
				t.Parallel()
				p := fogmq(t, append(words(tt.args), side, freeEndpoint(t))...)
				p.wantEnd(124, tt.stderr)
			})
		}
	}
	t.Run("each wait", func(t *testing.T) {
		t.Parallel()
		endpoint := freeEndpoint(t)
		sub := fogmq(t, "sub", "-b", endpoint, "-W", "2")
		fogmq(t, "pub", "-c", endpoint, "--wait-subscribers", "1", "-i", "0.3", "1", "2", "3", "4", "5", "6", "7", "8", "9").succeed()
		sub.wantEnd(124, "fogmq: no message within 2s\n")
		if got := sub.out.text(); got != "1\n2\n3\n4\n5\n6\n7\n8\n9\n" {
			t.Errorf("sub printed %q", got)
		}
	})
}

// TestCount: -n ends a command by itself, with status 0.
func TestCount(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	sub := fogmq(t, "sub", "-b", endpoint, "-n", "3")
	pub := fogmq(t, "pub", "-c", endpoint, "--wait-subscribers", "1", "--source", "number", "-i", "0.01")
	if got := sub.succeed(); got != "1 1\n2 2\n3 3\n" {
		t.Errorf("sub printed %q", got)
	}
	pub.isWell()

	endpoint = freeEndpoint(t)
	rep := fogmq(t, "rep", "-b", endpoint, "--echo", "-n", "2")
	req := fogmq(t, "req", "-c", endpoint, "-n", "2", "a", "b", "c")
	if got := req.succeed(); got != "a\nb\n" {
		t.Errorf("req printed %q", got)
	}
	rep.succeed()
}
