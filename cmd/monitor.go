package cmd

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/keys"
	"fogmq/internal/patterns"
	"fogmq/internal/zmtp"
)

// Of strangers that can't be talked to, one of a class is told of in
// tellInterval; and so many causes are known to have been told.
const (
	tellInterval = time.Second
	mostTold     = 1024
)

// A monitor tells of a socket's events: of all under --verbose, of a peer that
// can't be talked to always, once per cause. A cause is a class of error at an
// endpoint, and for peers that came to us their host, so that nothing a peer
// says or does makes more lines, or takes more memory, than these bounds allow.
type monitor struct {
	report *reporter
	now    func() time.Time
	used   map[string]func() // by endpoint: called when a peer was met there

	mu      sync.Mutex
	told    map[string]bool
	oldest  []string // the keys of told, in their order
	classes map[string]*recent
}

// A recent is when a class of error was told of last, and how many were not since.
type recent struct {
	last    time.Time
	leftOut int
}

func newMonitor(r *reporter, used map[string]func()) *monitor {
	return &monitor{report: r, now: time.Now, used: used, told: make(map[string]bool), classes: make(map[string]*recent)}
}

// event is called by the socket's goroutines.
func (m *monitor) event(e patterns.Event) {
	m.report.verbosef("%v%s", e, userOf(e))
	if note := m.used[e.Endpoint]; note != nil && e.Kind == patterns.EventHandshakeSucceeded && !e.Accepted {
		note()
	}
	switch {
	case e.Kind == patterns.EventHandshakeFailed && !isHangUp(e.Err):
		m.tell(e, "%s: %v", m.who(e), e.Err)
	case e.Kind == patterns.EventAcceptFailed:
		m.tell(e, "%s: %v", m.who(e), acceptError(e.Err))
	case e.Kind == patterns.EventDisconnected && isOffence(e.Err):
		m.tell(e, "%s: the connection was ended: %v", m.who(e), e.Err)
	case e.Kind == patterns.EventConnectRetried && isUnknownHost(e.Err):
		m.tell(e, "%s: no such host, as far as can be told now; it is tried again", e.Endpoint)
	}
}

// userOf names whom a peer proved to be, when it has.
func userOf(e patterns.Event) string {
	switch {
	case e.Kind != patterns.EventHandshakeSucceeded || e.User == "":
		return ""
	case e.Mechanism == zmq4.CurveSecurity:
		return fmt.Sprintf(" key %s", keys.Key([]byte(e.User)))
	}
	return fmt.Sprintf(" user %q", e.User)
}

// tell reports an event, unless its cause was told of, or another one of its
// class only just.
func (m *monitor) tell(e patterns.Event, format string, args ...any) {
	more, ok := m.due(e)
	if !ok {
		return
	}
	line := fmt.Sprintf(format, args...)
	if more > 0 {
		line += fmt.Sprintf(" (%d more like it)", more)
	}
	m.report.errorf("%s", line)
}

// due reports whether an event is to be told of, and if so how many of its class
// were not since the last one was.
func (m *monitor) due(e patterns.Event) (leftOut int, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	class := classOf(e.Err) + " " + e.Kind.String()
	cause := class + " " + e.Endpoint
	if e.Accepted {
		cause += " " + hostOf(e.Peer)
	}
	if m.told[cause] {
		return 0, false
	}
	if e.Accepted {
		r := m.classes[class]
		if r == nil {
			r = &recent{}
			m.classes[class] = r
		}
		now := m.now()
		if !r.last.IsZero() && now.Sub(r.last) < tellInterval {
			r.leftOut++
			return 0, false
		}
		leftOut, r.last, r.leftOut = r.leftOut, now, 0
	}
	m.remember(cause)
	return leftOut, true
}

// remember keeps a cause that was told, and forgets the oldest of too many.
func (m *monitor) remember(cause string) {
	if len(m.oldest) == mostTold {
		delete(m.told, m.oldest[0])
		m.oldest = append(m.oldest[:0], m.oldest[1:]...)
	}
	m.told[cause] = true
	m.oldest = append(m.oldest, cause)
}

// hostOf is an address without its port.
func hostOf(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}

// who names the other side: the endpoint we connected to, or the address of
// whom we accepted.
func (m *monitor) who(e patterns.Event) string {
	if e.Peer == "" || e.Peer == "@" || strings.HasSuffix(e.Endpoint, e.Peer) {
		return e.Endpoint
	}
	return fmt.Sprintf("%s (%s)", e.Endpoint, e.Peer)
}

// acceptError says what to do where there was no file descriptor for a peer.
func acceptError(err error) error {
	if isOutOfFiles(err) {
		return errors.New("peers wait to be accepted: there are too many open files; raise the limit (ulimit -n), or lower --max-connections")
	}
	return err
}

// isHangUp tells whether a handshake ended because the other side, or the
// network, did: a matter of -v, as every lost connection is.
func isHangUp(err error) bool {
	var op *net.OpError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &op)
}

// isOffence tells whether a connection was ended for what the peer sent, which
// then is lost, or because it is let in no more.
func isOffence(err error) bool {
	if _, denied := errors.AsType[*zmtp.DeniedError](err); denied {
		return true
	}
	return errors.Is(err, zmtp.ErrTooLarge) || errors.Is(err, zmtp.ErrProtocol) || errors.Is(err, patterns.ErrSubscriptions)
}

func isUnknownHost(err error) bool {
	dns, ok := errors.AsType[*net.DNSError](err)
	return ok && dns.IsNotFound
}
