package zmtp

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-zeromq/zmq4"
)

// ErrProtocol is wrapped by every error about bytes that are not ZMTP.
var ErrProtocol = errors.New("protocol error")

// ErrTooLarge is wrapped by the error about a message over the limit.
var ErrTooLarge = errors.New("message too large")

// A NotZMTPError tells that what answers is no ZeroMQ peer, or one that is too
// old for ZMTP 3.
type NotZMTPError struct{ Reason string }

func (e *NotZMTPError) Error() string { return e.Reason }

// Unwrap makes errors.Is(err, ErrProtocol) true.
func (e *NotZMTPError) Unwrap() error { return ErrProtocol }

// A MechanismError tells that the two sides want different security
// mechanisms.
type MechanismError struct{ Own, Peer zmq4.SecurityType }

func (e *MechanismError) Error() string {
	peer := fmt.Sprintf("%q", string(e.Peer))
	if e.Peer == zmq4.NullSecurity || e.Peer == zmq4.PlainSecurity || e.Peer == zmq4.CurveSecurity {
		peer = string(e.Peer)
	}
	return fmt.Sprintf("the peer uses the security mechanism %s, we use %s", peer, e.Own)
}

// An IncompatibleError tells that two socket types can't talk (RFC 23, "The
// Socket-Type Property"). Peer is as the peer sent it, and may be no type at
// all.
type IncompatibleError struct {
	Own, Peer zmq4.SocketType
	cause     error
}

func (e *IncompatibleError) Error() string {
	var peer string
	switch {
	case e.Peer == "":
		peer = "does not say what socket it is"
	case !knownType(e.Peer):
		peer = fmt.Sprintf("says it is a socket of type %.20q, which there is not", string(e.Peer))
	case strings.HasPrefix(string(e.Peer), "X"):
		peer = fmt.Sprintf("is an %s socket", e.Peer)
	default:
		peer = fmt.Sprintf("is a %s socket", e.Peer)
	}
	return fmt.Sprintf("the peer %s; %s talks to %s", peer, e.Own, strings.Join(compatible(e.Own), " and "))
}

// Unwrap gives zmq4's own error where zmq4 found the mismatch.
func (e *IncompatibleError) Unwrap() error { return e.cause }

// A RefusedError tells that the peer ended the handshake with an ERROR
// command. Reason is the peer's text, unfiltered.
type RefusedError struct{ Reason string }

func (e *RefusedError) Error() string {
	if e.Reason == "" {
		return "the peer refused the connection"
	}
	return fmt.Sprintf("the peer refused the connection: %q", e.Reason)
}

var socketTypes = []zmq4.SocketType{
	zmq4.Pub, zmq4.Sub, zmq4.XPub, zmq4.XSub, zmq4.Push, zmq4.Pull,
	zmq4.Req, zmq4.Rep, zmq4.Dealer, zmq4.Router, zmq4.Pair,
}

func knownType(t zmq4.SocketType) bool {
	for _, k := range socketTypes {
		if t == k {
			return true
		}
	}
	return false
}

func compatible(own zmq4.SocketType) []string {
	var names []string
	for _, t := range socketTypes {
		if own.IsCompatible(t) {
			names = append(names, string(t))
		}
	}
	return names
}
