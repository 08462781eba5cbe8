package patterns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"fogmq/internal/zmtp"
)

// Listen binds an endpoint, as Bind does.
func (s *Socket) Listen(endpoint string) error {
	_, err := s.Bind(endpoint)
	return err
}

// Bind accepts peers at an endpoint from now on, and returns it in full form,
// with the port or path that the system chose where it was left open. A socket
// may bind, and connect, any number of times.
func (s *Socket) Bind(endpoint string) (string, error) {
	ep, err := ParseEndpoint(endpoint, true)
	if err != nil {
		return "", err
	}
	l, bound, err := listen(s.ctx, ep)
	if err != nil {
		return "", bindError(ep, err)
	}
	s.mu.Lock()
	s.listeners = append(s.listeners, l)
	s.mu.Unlock()
	if !s.spawn(func() { s.accept(l, bound.String()) }) {
		l.Close()
		return "", ErrClosed
	}
	s.emit(Event{Kind: EventListening, Endpoint: bound.String()})
	return bound.String(), nil
}

// bindError says what to do about the errors that people meet.
func bindError(ep Endpoint, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE) && ep.Transport == TransportTCP:
		return fmt.Errorf("can't bind %s: the port is in use; choose another one, or :0 for a free one", ep)
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("can't bind %s: somebody is bound to it", ep)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("can't bind %s: this machine has no such address", ep)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("can't bind %s: permission denied", ep)
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return fmt.Errorf("can't bind %s: no interface and no host is called %q", ep, dns.Name)
	}
	return fmt.Errorf("can't bind %s: %w", ep, err)
}

// accept takes in peers until the socket ends. Handshakes are never its business:
// a slow peer holds up nobody.
func (s *Socket) accept(l net.Listener, endpoint string) {
	stop := context.AfterFunc(s.ctx, func() { l.Close() })
	defer stop()
	pause := time.Duration(0)
	for {
		conn, err := l.Accept()
		switch {
		case err == nil:
			pause = 0
			s.admit(conn, endpoint)
			continue
		case s.ctx.Err() != nil || errors.Is(err, net.ErrClosed):
			s.emit(Event{Kind: EventClosed, Endpoint: endpoint})
			return
		}
		// Out of file descriptors, or a peer that was gone before we came.
		s.emit(Event{Kind: EventAcceptFailed, Endpoint: endpoint, Err: err})
		if isOutOfFiles(err) {
			s.displaceOne()
		}
		pause = min(max(2*pause, 5*time.Millisecond), time.Second)
		if !s.pause(pause) {
			return
		}
	}
}

// pause waits for d and reports whether the socket goes on.
func (s *Socket) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}

// ErrTooManyConnections refuses a peer over WithMaxConnections.
var ErrTooManyConnections = errors.New("there are as many connections as are allowed")

// admit has an accepted connection served, if there may be one more.
func (s *Socket) admit(conn net.Conn, endpoint string) {
	if !s.opt.access.permits(conn.RemoteAddr()) {
		s.emit(Event{Kind: EventAcceptFailed, Endpoint: endpoint, Peer: peerAddr(conn), Accepted: true, Err: &AddressError{conn.RemoteAddr()}})
		conn.Close()
		return
	}
	g := s.place(conn)
	if g == nil {
		s.emit(Event{Kind: EventAcceptFailed, Endpoint: endpoint, Peer: peerAddr(conn), Accepted: true, Err: ErrTooManyConnections})
		conn.Close()
		return
	}
	if !s.spawn(func() { s.welcome(g, endpoint) }) {
		conn.Close()
	}
}

// welcome runs one accepted connection from handshake to end.
func (s *Socket) welcome(g *guest, endpoint string) {
	conn := g.conn
	defer conn.Close()
	defer s.leave(g)
	event := Event{Endpoint: endpoint, Peer: peerAddr(conn), Accepted: true}
	s.emit(event.as(EventAccepted, nil))
	peer, err := zmtp.Open(s.ctx, conn, s.config(true))
	if !s.arrived(g) {
		err = ErrDisplaced
	}
	if err != nil {
		if s.ctx.Err() == nil {
			s.emit(event.as(EventHandshakeFailed, err))
		}
		return
	}
	s.run(newPipe(endpoint, false), peer, event, func() {})
}

// run serves a connection that has shaken hands, to its end. An error tells that
// the socket did not take the peer in; if it did, attached is called first.
func (s *Socket) run(p *pipe, peer zmtp.Peer, event Event, attached func()) error {
	event.PeerType, event.PeerID, event.Mechanism, event.User = peer.Type, string(peer.ID), peer.Mechanism, peer.User
	if err := s.attach(p, peer); err != nil {
		if s.ctx.Err() == nil {
			s.emit(event.as(EventHandshakeFailed, err))
		}
		return err
	}
	attached()
	s.emit(event.as(EventHandshakeSucceeded, nil))
	err := s.serve(p, peer.Conn)
	s.emit(event.as(EventDisconnected, err))
	return nil
}

// as gives the same event with another kind and reason.
func (e Event) as(kind EventKind, err error) Event {
	e.Kind, e.Err = kind, err
	return e
}
