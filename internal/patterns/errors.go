package patterns

import (
	"context"
	"errors"
	"fmt"
)

// ErrClosed is what every call on a closed socket gives. It is also a
// context.Canceled, which is what zmq4's sockets give.
var ErrClosed = fmt.Errorf("the socket is closed: %w", context.Canceled)

// ErrState tells that a REQ or REP socket was used out of turn: RFC 28 has them
// send and receive alternately.
var ErrState = errors.New("a REQ or REP socket sends and receives in turn")

// ErrNoFrames refuses to send a message of no frames: there is none on the wire.
var ErrNoFrames = errors.New("a message has at least one frame, which may be empty")

// errAgain is a pattern's way to say that the caller must wait.
var errAgain = errors.New("again")
