package zmtp

import (
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/go-zeromq/zmq4"
)

// errUnexpectedHello tells that the peer wants to be the client.
var errUnexpectedHello = fmt.Errorf("%w: \"HELLO\"", ErrProtocol)

// next reads a handshake command, which is to be the one that is due, and
// returns its body.
func next(conn *zmq4.Conn, due string) ([]byte, error) {
	cmd, err := conn.RecvCmd()
	switch {
	case isTimeout(err):
		return nil, &overdueError{due, err}
	case err != nil:
		return nil, err
	case cmd.Name == due:
		return cmd.Body, nil
	case cmd.Name == zmq4.CmdError:
		return nil, refused(cmd.Body)
	case cmd.Name == zmq4.CmdHello && due == zmq4.CmdWelcome:
		return nil, fmt.Errorf("%w where %s was due", errUnexpectedHello, due)
	}
	return nil, fmt.Errorf("%w: %.20q where %s was due", ErrProtocol, cmd.Name, due)
}

// An overdueError tells which command of the peer's did not come in time.
type overdueError struct {
	due string
	err error
}

func (e *overdueError) Error() string { return "the peer's " + e.due + " did not come" }

func (e *overdueError) Unwrap() error { return e.err }

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

// answer is next for the answer to a command that was sent: a peer that hangs up
// there has judged what it was told.
func answer(conn *zmq4.Conn, said, due string) ([]byte, error) {
	body, err := next(conn, due)
	if isHangUp(err) {
		return nil, &UnansweredError{Command: said}
	}
	return body, err
}

// unanswered adds the likely reason to the error of a peer that hung up.
func unanswered(err error, reason string) error {
	if e, ok := errors.AsType[*UnansweredError](err); ok {
		e.Reason = reason
	}
	return err
}

// isHangUp tells whether it was the peer who ended the connection.
func isHangUp(err error) bool {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	op, ok := errors.AsType[*net.OpError](err)
	return ok && !op.Timeout() && !errors.Is(err, net.ErrClosed)
}

// noTalk is a reason to hang up on an INITIATE: some servers look at our socket
// type before they tell us theirs.
func noTalk(conn *zmq4.Conn) string {
	return fmt.Sprintf("it talks to no %s socket", conn.Meta[PropertySocketType])
}

// ownMetadata is what the peer is told of us.
func ownMetadata(conn *zmq4.Conn) []byte {
	typ := zmq4.SocketType(conn.Meta[PropertySocketType])
	id := zmq4.SocketIdentity(conn.Meta[PropertyIdentity])
	return AppendMetadata(nil, typ, id)
}

// refused reads the body of an ERROR command: a reason under an 8-bit length.
func refused(body []byte) error {
	reason, _, _ := cutShort(body)
	return &RefusedError{Reason: string(reason)}
}
