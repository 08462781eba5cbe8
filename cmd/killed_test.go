package cmd

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"fogmq/internal/peertest"
)

// lives is how often the tests here kill, and start again, what they are about;
// each of them gets busy first. hwm keeps short what is lost with it.
const (
	lives = 10
	busy  = 60
	hwm   = 100
)

var shortQueue = []string{"--hwm", strconv.Itoa(hwm), "--reconnect-max", "0.1"}

// A numbered line is what is sent under load: a number, and what is torn apart
// where a message is.
const numberWidth = 9

var numberedTail = " " + strings.Repeat("x", 4000) + "."

func numberedLine(n int) string { return fmt.Sprintf("%0*d%s", numberWidth, n, numberedTail) }

// numberOf reads a numbered line, and fails the test where it is another.
func numberOf(t *testing.T, line string) int {
	t.Helper()
	if len(line) == numberWidth+len(numberedTail) && line[numberWidth:] == numberedTail {
		if n, err := strconv.Atoi(line[:numberWidth]); err == nil {
			return n
		}
	}
	t.Fatalf("a torn message: %d bytes, %.40q", len(line), line)
	return 0
}

// load is a stdin that has numbered lines without end.
type load struct {
	next int
	rest string
}

func (l *load) Read(b []byte) (int, error) {
	n := 0
	for n < len(b) {
		if l.rest == "" {
			l.rest = numberedLine(l.next) + "\n"
			l.next++
		}
		copied := copy(b[n:], l.rest)
		l.rest = l.rest[copied:]
		n += copied
	}
	return n, nil
}

// A streamed process prints into a pipe that the test reads at its leisure.
type streamed struct {
	*process
	out   *os.File
	lines *bufio.Scanner
}

func stream(t *testing.T, stdin io.Reader, name string, args ...string) *streamed {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	p := prepareProcess(t, name, args...)
	p.cmd.Stdin, p.cmd.Stdout = stdin, w
	p.start()
	w.Close()
	lines := bufio.NewScanner(r)
	lines.Split(wholeLines)
	return &streamed{p, r, lines}
}

// line reads the next line; at the end of the stream, where what a killed
// process left half printed counts for nothing, ok is false.
func (s *streamed) line() (line string, ok bool) {
	s.t.Helper()
	if err := s.out.SetReadDeadline(time.Now().Add(patience)); err != nil {
		s.t.Fatal(err)
	}
	if s.lines.Scan() {
		return s.lines.Text(), true
	}
	if err := s.lines.Err(); err != nil {
		s.t.Fatalf("%s: %v", s, err)
	}
	return "", false
}

// rest kills the process and gives the lines that it had printed whole.
func (s *streamed) rest() (lines []string) {
	s.t.Helper()
	s.kill()
	for line, ok := s.line(); ok; line, ok = s.line() {
		lines = append(lines, line)
	}
	return lines
}

// wholeLines is bufio.ScanLines that drops a last line without an end.
func wholeLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	advance, token, err = bufio.ScanLines(data, atEOF)
	if atEOF && advance == len(data) && (advance == 0 || data[advance-1] != '\n') {
		return len(data), nil, err
	}
	return advance, token, err
}

// pullers print what they are sent.
var pullers = []struct {
	name  string
	start func(t *testing.T, side, endpoint string) *streamed
}{
	{"fogmq", func(t *testing.T, side, endpoint string) *streamed {
		return stream(t, nil, "fogmq", append([]string{"pull", "--" + side, endpoint}, shortQueue...)...)
	}},
	{"libzmq", func(t *testing.T, side, endpoint string) *streamed {
		return stream(t, nil, peertest.Python(t), "-u", "testdata/peers/puller.py", side, "tcp://"+endpoint)
	}},
}

// A puller that is killed under load, time and again: every message comes at most
// once, whole and in order, and what is lost is what the one that was killed had
// been sent.
func TestKilledPullersUnderLoad(t *testing.T) {
	t.Parallel()
	for _, puller := range pullers {
		for _, side := range []string{"bind", "connect"} {
			t.Run(puller.name+" that "+side+"s", func(t *testing.T) {
				endpoint := freeEndpoint(t)
				push := fogmqFrom(t, &load{}, append([]string{"push", "--" + otherSide(side), endpoint}, shortQueue...)...)
				last, lost := -1, 0
				for range lives {
					pull := puller.start(t, side, endpoint)
					var lines []string
					for range busy {
						line, ok := pull.line()
						if !ok {
							t.Fatalf("%s ended", pull)
						}
						lines = append(lines, line)
					}
					for i, line := range append(lines, pull.rest()...) {
						n := numberOf(t, line)
						switch {
						case n <= last, i > 0 && n != last+1:
							t.Fatalf("message %d of a life is number %d, behind %d", i, n, last)
						case i == 0:
							lost += n - last - 1
						}
						last = n
					}
				}
				push.isWell()
				t.Logf("%d messages came or were lost, %d of them lost", last+1, lost)
				if most := lives * inHands(t); lost > most {
					t.Errorf("%d messages are lost, at most %d were in the hands of those that were killed", lost, most)
				}
			})
		}
	}
}

// inHands is how many numbered lines a puller that is killed may have been sent
// and not printed: what the kernel keeps for a connection at both of its ends,
// what its queue has room for, and what it was reading and printing.
func inHands(t *testing.T) int {
	t.Helper()
	bytes := 1 << 20 // its own buffers
	for _, name := range []string{"tcp_rmem", "tcp_wmem"} {
		limits, err := os.ReadFile("/proc/sys/net/ipv4/" + name)
		if err != nil {
			peertest.Lack(t, err)
		}
		most, err := strconv.Atoi(strings.Fields(string(limits))[2])
		if err != nil {
			t.Fatal(err)
		}
		bytes += most
	}
	return 2*hwm + bytes/len(numberedLine(0)) // a lot of its queue is being printed
}

// A pusher that is killed under load, time and again: of each life a beginning
// comes, without gaps, whole and in order.
func TestKilledPushersUnderLoad(t *testing.T) {
	t.Parallel()
	for _, theirs := range []bool{false, true} {
		for _, side := range []string{"bind", "connect"} {
			t.Run(fmt.Sprintf("python %v, %ss", theirs, side), func(t *testing.T) {
				endpoint := freeEndpoint(t)
				pull := stream(t, nil, "fogmq", append([]string{"pull", "--" + otherSide(side), endpoint}, shortQueue...)...)
				const far = 10_000_000 // between the numbers of two lives
				last := make([]int, lives)
				take := func() bool {
					line, ok := pull.line()
					if !ok {
						return false
					}
					n := numberOf(t, line)
					life := n / far
					if n != life*far+last[life] {
						t.Fatalf("number %d where %d was due", n, life*far+last[life])
					}
					last[life]++
					return true
				}
				for life := range lives {
					var push *process
					if theirs {
						push = launch(t, nil, peertest.Python(t), "testdata/peers/pusher.py", side, "tcp://"+endpoint, strconv.Itoa(life*far))
					} else {
						push = fogmqFrom(t, &load{next: life * far}, "push", "--"+side, endpoint, "--hwm", strconv.Itoa(hwm))
					}
					for last[life] < busy && take() {
					}
					if last[life] < busy {
						t.Fatalf("%s ended", pull)
					}
					push.kill()
				}
				pull.signal(syscall.SIGINT)
				for take() {
				}
				pull.wantEnd(130, "")
			})
		}
	}
}

// A request is answered once, and its answer printed once and in its place,
// however often who answers is killed.
func TestKilledRepliersUnderRetries(t *testing.T) {
	t.Parallel()
	for _, side := range []string{"bind", "connect"} {
		t.Run("rep that "+side+"s", func(t *testing.T) {
			endpoint := freeEndpoint(t)
			const each = 30
			requests := make([]string, lives*each)
			for i := range requests {
				requests[i] = numberedLine(i)
			}
			req := stream(t, strings.NewReader(linesOf(requests...)), "fogmq", "req", "--"+otherSide(side), endpoint, "-W", "30", "--retries", "1000", "-q", "--reconnect-max", "0.1")
			for next := 0; next < len(requests); {
				rep := fogmq(t, "rep", "--"+side, endpoint, "--echo")
				for range each {
					if line, ok := req.line(); !ok || line != requests[next] {
						t.Fatalf("reply %d is %.40q", next, line)
					}
					next++
				}
				rep.kill()
			}
			if line, ok := req.line(); ok {
				t.Errorf("a reply too many: %.40q", line)
			}
			req.wantEnd(statusDone, "")
		})
	}
}

// A peer that is stopped under load and goes on, time and again: nothing is lost,
// nothing comes twice.
func TestStoppedPeersUnderLoad(t *testing.T) {
	t.Parallel()
	const count, rounds = 5000, 5
	for _, stopped := range []string{"push", "pull"} {
		t.Run(stopped, func(t *testing.T) {
			endpoint := freeEndpoint(t)
			push := fogmqFrom(t, &load{}, "push", "-b", endpoint)
			pull := stream(t, nil, "fogmq", "pull", "-c", endpoint)
			victim := map[string]*process{"push": push, "pull": pull.process}[stopped]
			for n := range count {
				if n%(count/rounds) == 100 {
					stop(t, victim)
					victim.signal(syscall.SIGCONT)
				}
				if line, ok := pull.line(); !ok || numberOf(t, line) != n {
					t.Fatalf("message %d is %.40q", n, line)
				}
			}
		})
	}
}

// One that heartbeats find stopped is given up, and connected again when it goes
// on: nothing comes twice or torn. What it had of the lost connection it reads
// beside what comes over the new one.
func TestHeartbeatGivesAStoppedPullUp(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	// The puller has heartbeats too: as long as nobody reads what it prints it
	// reads no PING.
	beat := []string{"--heartbeat", "1", "--hwm", strconv.Itoa(hwm)}
	push := fogmqFrom(t, &load{}, append([]string{"push", "-v", "-c", endpoint}, beat...)...)
	pull := stream(t, nil, "fogmq", append([]string{"pull", "-b", endpoint}, beat...)...)
	seen := make(map[int]bool)
	take := func(upTo int) {
		for n := -1; n < upTo; {
			line, ok := pull.line()
			if !ok {
				t.Fatalf("%s ended", pull)
			}
			if n = numberOf(t, line); seen[n] {
				t.Fatalf("number %d came twice", n)
			}
			seen[n] = true
		}
	}
	take(200)
	stop(t, pull.process)
	push.warns(`DISCONNECTED .*silent for \d+(\.\d+)?m?s`)
	pull.signal(syscall.SIGCONT)
	take(5000) // more than waited for it in the kernel
	push.meets(2)
}
