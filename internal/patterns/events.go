package patterns

import (
	"errors"
	"fmt"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// An EventKind says what happened to an endpoint or a connection.
type EventKind int

// The kinds of events, named as zmq_socket_monitor(3) names them.
const (
	EventListening EventKind = iota
	EventConnected
	EventConnectRetried
	EventAccepted
	EventAcceptFailed
	EventHandshakeSucceeded
	EventHandshakeFailed
	EventDisconnected
	EventClosed
)

var eventNames = [...]string{
	EventListening:          "LISTENING",
	EventConnected:          "CONNECTED",
	EventConnectRetried:     "CONNECT_RETRIED",
	EventAccepted:           "ACCEPTED",
	EventAcceptFailed:       "ACCEPT_FAILED",
	EventHandshakeSucceeded: "HANDSHAKE_SUCCEEDED",
	EventHandshakeFailed:    "HANDSHAKE_FAILED",
	EventDisconnected:       "DISCONNECTED",
	EventClosed:             "CLOSED",
}

// String gives libzmq's name of the event without its ZMQ_EVENT_.
func (k EventKind) String() string { return eventNames[k] }

// Name gives libzmq's name of the event without its ZMQ_EVENT_, which for a failed
// handshake says whether it was the protocol, or the right to enter, that it failed
// for.
func (e Event) Name() string {
	if e.Kind != EventHandshakeFailed {
		return e.Kind.String()
	}
	return e.Kind.String() + "_" + failure(e.Err)
}

func failure(err error) string {
	var (
		denied     *zmtp.DeniedError
		refused    *zmtp.RefusedError
		unanswered *zmtp.UnansweredError
		address    *AddressError
		mechanism  *zmtp.MechanismError
		role       *zmtp.RoleError
		wrongType  *zmtp.IncompatibleError
	)
	switch {
	case errors.As(err, &denied), errors.As(err, &refused), errors.As(err, &unanswered), errors.As(err, &address):
		return "AUTH"
	case errors.As(err, &mechanism), errors.As(err, &role), errors.As(err, &wrongType), errors.Is(err, zmtp.ErrProtocol):
		return "PROTOCOL"
	}
	return "NO_DETAIL"
}

// An Event is something that happened to an endpoint or one of its
// connections. Fields that the kind has no use for are zero.
type Event struct {
	Kind EventKind
	// Endpoint is the one bound or connected, in full form.
	Endpoint string
	// Peer is the address at the other end of the connection.
	Peer string
	// Accepted tells that it was the peer who connected.
	Accepted bool
	// PeerType, PeerID and Mechanism are known after the handshake.
	PeerType  zmq4.SocketType
	PeerID    string
	Mechanism zmq4.SecurityType
	// User is whom the peer proved to be to a server's mechanism: a name under
	// PLAIN, the 32 bytes of a public key under CURVE.
	User string
	// Err says why: of a try that failed, a handshake refused or a
	// connection lost. An orderly end is io.EOF.
	Err error
	// Delay is the time until the next try to connect.
	Delay time.Duration
}

// String is one line for a log. Text of the peer's stands quoted in it.
func (e Event) String() string {
	s := e.Name() + " " + e.Endpoint
	if e.Peer != "" {
		s += " peer " + e.Peer
	}
	if e.PeerType != "" {
		s += " " + string(e.PeerType)
	}
	if e.Mechanism != "" && e.Kind == EventHandshakeSucceeded {
		s += " " + string(e.Mechanism)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	if e.Delay > 0 {
		s += fmt.Sprintf(" (again in %v)", e.Delay.Round(time.Millisecond))
	}
	return s
}

func (s *Socket) emit(e Event) {
	if s.opt.monitor != nil {
		s.opt.monitor(e)
	}
}
