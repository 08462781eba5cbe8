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
	return fmt.Sprintf("the peer %s; %s talks to %s", peer, e.Own, joinTypes(Compatible(e.Own), " and "))
}

// Unwrap gives zmq4's own error where zmq4 found the mismatch.
func (e *IncompatibleError) Unwrap() error { return e.cause }

// A RefusedError tells that the peer ended the handshake with an ERROR
// command. Reason is the peer's text, unfiltered.
type RefusedError struct{ Reason string }

// authenticatorCodes are the reasons that an authenticator behind libzmq gives
// (RFC 27, "Status Codes").
var authenticatorCodes = map[string]string{
	"300": "its authenticator can't tell just now (300)",
	"400": "its authenticator does not let us in (400)",
	"500": "its authenticator failed (500)",
}

func (e *RefusedError) Error() string {
	if e.Reason == "" {
		return "the peer refused the connection"
	}
	if known := authenticatorCodes[e.Reason]; known != "" {
		return "the peer refused the connection: " + known
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

func joinTypes(types []zmq4.SocketType, separator string) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = string(t)
	}
	return strings.Join(names, separator)
}

// An UnansweredError tells that the peer hung up on a handshake command that
// showed it who we are: it knows us not, or it has just stopped. Servers do so
// without a word (RFC 24, RFC 26).
type UnansweredError struct {
	Command string // the last one that it got
	Reason  string // what is likely behind it
}

func (e *UnansweredError) Error() string {
	return fmt.Sprintf("the peer hung up on our %s: %s, or it has just stopped", e.Command, e.Reason)
}

// A DeniedError tells that we let a client in neither by name nor by key. It
// wraps the reason of whoever was asked.
type DeniedError struct{ Err error }

func (e *DeniedError) Error() string { return "not let in: " + e.Err.Error() }

// Unwrap gives the reason.
func (e *DeniedError) Unwrap() error { return e.Err }

// A RoleError tells that both sides of a connection have the same role in a
// mechanism where one must be the server and one the client.
type RoleError struct {
	Mechanism zmq4.SecurityType
	Server    bool // both are servers; else both are clients
}

func (e *RoleError) Error() string {
	role := "client"
	if e.Server {
		role = "server"
	}
	return fmt.Sprintf("the peer is a %s %s, as we are: one of the two must be the other", e.Mechanism, role)
}

// Unwrap makes errors.Is(err, ErrProtocol) true.
func (e *RoleError) Unwrap() error { return ErrProtocol }
