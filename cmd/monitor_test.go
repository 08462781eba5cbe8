package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/patterns"
	"fogmq/internal/zmtp"
)

// A watch is a monitor under a clock that the test sets.
type watch struct {
	*monitor
	out  bytes.Buffer
	time time.Time
}

func newWatch() *watch {
	w := &watch{time: time.Unix(1000, 0)}
	w.monitor = newMonitor(newReporter(&w.out, func(string) string { return "1" }), nil)
	w.now = func() time.Time { return w.time }
	return w
}

// told gives the lines since it was called last.
func (w *watch) told() []string {
	defer w.out.Reset()
	return strings.Split(strings.TrimSuffix(w.out.String(), "\n"), "\n")
}

func (w *watch) accepted(host string, port int, err error) {
	w.event(patterns.Event{Kind: patterns.EventHandshakeFailed, Endpoint: "tcp://0.0.0.0:5556",
		Peer: fmt.Sprintf("%s:%d", host, port), Accepted: true, Err: err})
}

func garbage(i int) error { return &zmtp.NotZMTPError{Reason: fmt.Sprintf("garbage %d", i)} }

// The same cause is told once, whatever the peer's words and port are; another
// class at once.
func TestMonitorTellsACauseOnce(t *testing.T) {
	w := newWatch()
	for i := range 1000 {
		w.accepted("10.0.0.1", 1000+i, garbage(i))
		w.accepted("10.0.0.1", 1000+i, &zmtp.MechanismError{Own: zmq4.NullSecurity, Peer: zmq4.SecurityType(fmt.Sprint(i))})
		w.accepted("10.0.0.1", 1000+i, &zmtp.IncompatibleError{Own: zmq4.Pull, Peer: zmq4.SocketType(fmt.Sprint(i))})
		w.accepted("10.0.0.1", 1000+i, fmt.Errorf("%w: command %d", zmtp.ErrProtocol, i))
		w.accepted("10.0.0.1", 1000+i, fmt.Errorf("the routing id %d is another peer's", i))
		w.time = w.time.Add(time.Minute)
	}
	if got := w.told(); len(got) != 5 || got[0] != "fogmq: tcp://0.0.0.0:5556 (10.0.0.1:1000): garbage 0" {
		t.Errorf("%d lines: %.1000q", len(got), got)
	}
	// The types that there are differ.
	w.accepted("10.0.0.1", 1, &zmtp.IncompatibleError{Own: zmq4.Pull, Peer: zmq4.Pub})
	w.time = w.time.Add(time.Minute)
	w.accepted("10.0.0.1", 1, &zmtp.IncompatibleError{Own: zmq4.Pull, Peer: zmq4.Rep})
	if got := w.told(); len(got) != 2 {
		t.Errorf("%q", got)
	}
}

// Of many hosts one a second is told of, with the number of those that were not.
func TestMonitorTellsOfAClassOnceASecond(t *testing.T) {
	w := newWatch()
	for i := range 13 {
		w.accepted(fmt.Sprintf("10.0.0.%d", i), 1, garbage(i))
	}
	w.accepted("10.0.1.1", 1, fmt.Errorf("%w: another class", zmtp.ErrProtocol))
	w.time = w.time.Add(tellInterval)
	w.accepted("10.0.0.7", 2, garbage(99))
	w.time = w.time.Add(tellInterval)
	w.accepted("10.0.0.8", 2, garbage(100))
	want := []string{
		"fogmq: tcp://0.0.0.0:5556 (10.0.0.0:1): garbage 0",
		"fogmq: tcp://0.0.0.0:5556 (10.0.1.1:1): protocol error: another class",
		"fogmq: tcp://0.0.0.0:5556 (10.0.0.7:2): garbage 99 (12 more like it)",
		"fogmq: tcp://0.0.0.0:5556 (10.0.0.8:2): garbage 100",
	}
	if got := w.told(); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q", got)
	}
}

// Endpoints that we connect to are few and ours: each is told of at once.
func TestMonitorTellsOfEveryEndpoint(t *testing.T) {
	w := newWatch()
	for i := range 30 {
		w.event(patterns.Event{Kind: patterns.EventHandshakeFailed, Endpoint: fmt.Sprintf("tcp://h:%d", i%10), Peer: "10.0.0.1:1", Err: garbage(i)})
	}
	if got := w.told(); len(got) != 10 {
		t.Errorf("%q", got)
	}
}

// What is remembered is bounded, however many hosts come.
func TestMonitorMemoryIsBounded(t *testing.T) {
	w := newWatch()
	for i := range 3 * mostTold {
		w.accepted(fmt.Sprintf("10.0.%d.%d", i/256, i%256), 1, garbage(i))
		w.time = w.time.Add(tellInterval)
	}
	if got := w.told(); len(got) != 3*mostTold || len(w.monitor.told) != mostTold || len(w.oldest) != mostTold || cap(w.oldest) > 2*mostTold {
		t.Errorf("%d lines, %d, %d, %d", len(got), len(w.monitor.told), len(w.oldest), cap(w.oldest))
	}
}

// Running out of files says what to do, once.
func TestMonitorOutOfFiles(t *testing.T) {
	w := newWatch()
	for range 10 {
		w.event(patterns.Event{Kind: patterns.EventAcceptFailed, Endpoint: "tcp://0.0.0.0:5556", Err: fmt.Errorf("accept: %w", syscall.EMFILE)})
	}
	if got := w.told(); len(got) != 1 || !strings.Contains(got[0], "too many open files; raise the limit") {
		t.Errorf("%q", got)
	}
}

func TestClassOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("x: %w", &zmtp.RefusedError{Reason: "y"}), "refused"},
		{&zmtp.MechanismError{Peer: zmq4.CurveSecurity}, "mechanism CURVE"},
		{&zmtp.MechanismError{Peer: "\x1b"}, "mechanism "},
		{fmt.Errorf("%w: 1", patterns.ErrSubscriptions), "subscriptions"},
		{fmt.Errorf("x: %w", &flagsError{}), "*cmd.flagsError"},
	} {
		if got := classOf(c.err); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}

type flagsError struct{}

func (*flagsError) Error() string { return errors.ErrUnsupported.Error() }
