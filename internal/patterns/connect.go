package patterns

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"fogmq/internal/zmtp"
)

// Connect connects to an endpoint in the background, now and whenever the
// connection is lost, and returns at once. It fails only for an endpoint that
// can't be: one that nobody listens at, or whose name does not resolve, is tried
// again until somebody does.
func (s *Socket) Connect(endpoint string) error {
	_, err := s.connect(endpoint, false)
	return err
}

// Dial is Connect for code written against zmq4.Socket: it also waits for what
// comes of the first try, and fails when the peer there can't be talked to.
// Where nobody answers it succeeds, and the endpoint is connected once somebody
// does.
func (s *Socket) Dial(endpoint string) error {
	first, err := s.connect(endpoint, true)
	if err != nil {
		return err
	}
	select {
	case err = <-first:
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
	if err != nil {
		return &dialError{err}
	}
	return nil
}

// A dialError says what zmq4's Dial says, word for word where zmq4 found the
// reason: there is code that compares it.
type dialError struct{ err error }

func (e *dialError) Error() string {
	reason := e.err
	if wrongType, ok := errors.AsType[*zmtp.IncompatibleError](e.err); ok && wrongType.Unwrap() != nil {
		reason = wrongType.Unwrap()
	}
	return fmt.Sprintf("zmq4: could not open a ZMTP connection: %v", reason)
}

func (e *dialError) Unwrap() error { return e.err }

// connect starts a connector. The channel tells what came of its first try; with
// strict the connector then ends if the peer can't be talked to.
func (s *Socket) connect(endpoint string, strict bool) (<-chan error, error) {
	ep, err := parseDial(endpoint, strict)
	if err != nil {
		return nil, err
	}
	p := newPipe(ep.String(), true)
	if err := s.addPipe(p); err != nil {
		return nil, err
	}
	c := &connector{s: s, ep: ep, p: p, strict: strict, first: make(chan error, 1)}
	if !s.spawn(c.run) {
		return nil, ErrClosed
	}
	return c.first, nil
}

// parseDial also takes "*" for this machine, as zmq4's Dial does.
func parseDial(endpoint string, lenient bool) (Endpoint, error) {
	ep, err := ParseEndpoint(endpoint, false)
	if err != nil && lenient {
		if any, bindErr := ParseEndpoint(endpoint, true); bindErr == nil && any.Transport == TransportTCP {
			return any, nil
		}
	}
	return ep, err
}

func (s *Socket) addPipe(p *pipe) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(); err != nil {
		return err
	}
	if err := s.pattern.add(p); err != nil {
		return err
	}
	s.pipes[p] = struct{}{}
	s.writable.notify()
	return nil
}

// A connector keeps one endpoint connected.
type connector struct {
	s      *Socket
	ep     Endpoint
	p      *pipe
	strict bool
	first  chan error // gets what came of the first try
	told   bool
}

func (c *connector) run() {
	defer c.leave()
	s := c.s
	for wait := s.opt.reconnect; ; {
		began := time.Now()
		connected, err := c.try()
		if s.ctx.Err() != nil || c.strict && !c.told && !connected && isRefusal(err) {
			c.tell(err)
			return
		}
		c.tell(nil)
		if connected && c.wasReset() {
			// It was us who ended the connection, for a fresh one.
			wait = s.opt.reconnect
			s.emit(Event{Kind: EventConnectRetried, Endpoint: c.ep.String()})
			continue
		}
		if s.opt.noReconnect && connected {
			return
		}
		if connected && time.Since(began) > wait {
			wait = s.opt.reconnect
		}
		delay := wait + rand.N(wait/4+1)
		s.emit(Event{Kind: EventConnectRetried, Endpoint: c.ep.String(), Err: err, Delay: delay})
		if !s.pause(delay) {
			return
		}
		wait = min(2*wait, max(s.opt.reconnectMax, s.opt.reconnect))
	}
}

// wasReset reports whether Reset ended the connection that there was last.
func (c *connector) wasReset() bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.p.stale
}

// tell passes on what came of the first try, once.
func (c *connector) tell(err error) {
	if !c.told {
		c.told = true
		c.first <- err
	}
}

// leave takes the endpoint's pipe out of the socket.
func (c *connector) leave() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.remove(c.p)
	c.s.flush()
}

// try connects once and serves the connection to its end. connected tells
// whether there was one; err why there is none now.
func (c *connector) try() (connected bool, err error) {
	s := c.s
	event := Event{Endpoint: c.ep.String()}
	conn, err := dial(s.ctx, c.ep, s.opt.dialTimeout)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	event.Peer = peerAddr(conn)
	if !s.opt.access.permits(conn.RemoteAddr()) {
		err := &AddressError{conn.RemoteAddr()}
		s.emit(event.as(EventHandshakeFailed, err))
		return false, err
	}
	s.emit(event.as(EventConnected, nil))
	peer, err := zmtp.Open(s.ctx, conn, s.config(false))
	if err != nil {
		if s.ctx.Err() == nil {
			s.emit(event.as(EventHandshakeFailed, err))
		}
		return false, err
	}
	if err := s.run(c.p, peer, event, func() { c.tell(nil) }); err != nil {
		return false, err
	}
	return true, nil
}

// isRefusal reports whether an error is the peer's word rather than the
// network's: waiting does not mend it.
func isRefusal(err error) bool {
	var (
		wrongType *zmtp.IncompatibleError
		mechanism *zmtp.MechanismError
		refused   *zmtp.RefusedError
		unwanted  *zmtp.UnansweredError
		denied    *zmtp.DeniedError
		address   *AddressError
		role      *zmtp.RoleError
		notZMTP   *zmtp.NotZMTPError
	)
	for _, target := range []any{&wrongType, &mechanism, &refused, &unwanted, &denied, &address, &role, &notZMTP} {
		if errors.As(err, target) {
			return true
		}
	}
	return false
}
