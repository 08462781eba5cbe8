// Package peertest lets tests talk to libzmq: it runs short Python programs
// that use pyzmq. Only tests import it.
//
// Where there is no Python with pyzmq (Debian's python3-zmq) the test is skipped
// with the reason; with FOGMQ_REQUIRE_PEERS=1 in the environment it fails.
//
// A program tells its state in lines on stdout, and the test waits for them:
//
//	peer := peertest.Start(t, `
//	import sys, zmq
//	s = zmq.Context().socket(zmq.PULL)
//	s.connect(sys.argv[1])
//	print("got", s.recv_string())`, endpoint)
//	...
//	peer.Wait("got hello")
package peertest

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// Timeout bounds each wait for a line, a program's end included. It is
// there to end a test that hangs, and generous.
const Timeout = 60 * time.Second

// python is the interpreter, or why there is none; looked for once.
var python = sync.OnceValues(func() (path string, err error) {
	var tried []string
	for _, path := range []string{"python3", "/usr/bin/python3"} {
		out, err := exec.Command(path, "-c", "import zmq").CombinedOutput()
		if err == nil {
			return path, nil
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		tried = append(tried, fmt.Sprintf("%s: %v %s", path, err, lines[len(lines)-1]))
	}
	return "", fmt.Errorf("no Python with pyzmq (Debian's python3-zmq): %s", strings.Join(tried, "; "))
})

// Python returns a Python interpreter that has pyzmq. Without one the test ends
// there: skipped, or failed where peers are required.
func Python(t testing.TB) string {
	t.Helper()
	path, err := python()
	if err != nil {
		Lack(t, err)
	}
	return path
}

// Lack ends a test for want of something that not every machine has: skipped, or
// failed where peers are required.
func Lack(t testing.TB, why error) {
	t.Helper()
	if os.Getenv("FOGMQ_REQUIRE_PEERS") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// A Peer is a running Python program. Its methods end the test where something
// goes wrong, so they belong to the test's own goroutine.
type Peer struct {
	t      testing.TB
	cmd    *exec.Cmd
	in     io.WriteCloser
	lines  chan string   // of its stdout; closed at its end
	done   chan struct{} // closed when it has ended
	err    error         // how, once done is closed
	stderr bytes.Buffer  // all of it, once done is closed
	seen   []string      // the lines that were taken, for the report of a failure
}

// Start runs a Python program with arguments. script is the program's text, or
// the name of a file of it if it is one line that ends in ".py". Indentation
// that all its lines have is taken off. The program is killed when the test
// ends, and has no say in whether it passes: Wait and End do.
func Start(t testing.TB, script string, args ...string) *Peer {
	t.Helper()
	how := []string{"-u", "-c", dedent(script)}
	if strings.HasSuffix(script, ".py") && !strings.Contains(script, "\n") {
		how = []string{"-u", script}
	}
	p := &Peer{
		t:     t,
		cmd:   exec.Command(Python(t), append(how, args...)...),
		lines: make(chan string, 1<<16),
		done:  make(chan struct{}),
	}
	p.cmd.Stderr = &p.stderr
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.in = stdin
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go p.read(stdout)
	t.Cleanup(p.Kill)
	return p
}

func (p *Peer) read(stdout io.Reader) {
	scanner := bufio.NewScanner(stdout)
	scanner.Buffer(nil, 64<<20)
	for scanner.Scan() {
		p.lines <- scanner.Text()
	}
	close(p.lines)
	p.err = p.cmd.Wait()
	close(p.done)
}

// Line waits for the next line of the program's stdout.
func (p *Peer) Line() string {
	p.t.Helper()
	select {
	case line, ok := <-p.lines:
		if !ok {
			p.fail("ended where a line was awaited")
		}
		p.seen = append(p.seen, line)
		return line
	case <-time.After(Timeout):
		p.fail("did not say anything")
	}
	return ""
}

// Wait waits for the next line and ends the test if it is not want.
func (p *Peer) Wait(want string) {
	p.t.Helper()
	if got := p.Line(); got != want {
		p.fail("said %q, want %q", got, want)
	}
}

// WaitFor waits for a line that begins with prefix, passing over others, and
// returns what follows the prefix.
func (p *Peer) WaitFor(prefix string) string {
	p.t.Helper()
	for {
		if rest, ok := strings.CutPrefix(p.Line(), prefix); ok {
			return rest
		}
	}
}

// Tell writes a line to the program's stdin.
func (p *Peer) Tell(line string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		p.fail("takes no input: %v", err)
	}
}

// End waits until the program has ended by itself, and fails the test if its
// status is not 0. Its stdin is closed first.
func (p *Peer) End() {
	p.t.Helper()
	p.in.Close()
	for {
		select {
		case line, ok := <-p.lines:
			if ok {
				p.seen = append(p.seen, line)
				continue
			}
			<-p.done
			if p.err != nil {
				p.fail("ended with %v", p.err)
			}
			return
		case <-time.After(Timeout):
			p.fail("does not end")
		}
	}
}

// Kill ends the program with SIGKILL and waits until it is gone, its sockets
// included. It may be called again, and after the program's own end.
func (p *Peer) Kill() {
	p.cmd.Process.Kill()
	p.in.Close()
	for range p.lines {
	}
	<-p.done
}

// Process is the program's process, for signals such as SIGSTOP.
func (p *Peer) Process() *os.Process { return p.cmd.Process }

func (p *Peer) fail(format string, args ...any) {
	p.t.Helper()
	p.Kill()
	said := p.seen[max(0, len(p.seen)-10):]
	p.t.Fatalf("the Python peer "+format+"\nits last lines: %q\nits stderr: %s", append(args, said, p.stderr.String())...)
}

// dedent takes off the indentation that all lines have, as textwrap.dedent.
func dedent(script string) string {
	lines := strings.Split(script, "\n")
	indent := -1
	for _, line := range lines {
		if rest := strings.TrimLeft(line, "\t "); rest != "" {
			if n := len(line) - len(rest); indent < 0 || n < indent {
				indent = n
			}
		}
	}
	for i, line := range lines {
		lines[i] = line[min(len(line), max(indent, 0)):]
	}
	return strings.Join(lines, "\n")
}
