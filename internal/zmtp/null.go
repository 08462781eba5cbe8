package zmtp

import (
	"fmt"
	"io"

	"github.com/go-zeromq/zmq4"
)

// Null is the NULL mechanism (RFC 23): no authentication, no encryption. Unlike
// zmq4's own it survives malformed metadata and keeps the reason of a peer that
// refuses. It has no state and serves any number of connections at once.
func Null() zmq4.Security { return null{} }

type null struct{}

func (null) Type() zmq4.SecurityType { return zmq4.NullSecurity }

// Handshake exchanges READY commands; the two sides do the same.
func (null) Handshake(conn *zmq4.Conn, _ bool) error {
	typ := zmq4.SocketType(conn.Meta[PropertySocketType])
	id := zmq4.SocketIdentity(conn.Meta[PropertyIdentity])
	if err := conn.SendCmd(zmq4.CmdReady, AppendMetadata(nil, typ, id)); err != nil {
		return err
	}
	cmd, err := conn.RecvCmd()
	if err != nil {
		return err
	}
	switch cmd.Name {
	case zmq4.CmdReady:
	case zmq4.CmdError:
		return refused(cmd.Body)
	default:
		return fmt.Errorf("%w: %.20q where READY was due", ErrProtocol, cmd.Name)
	}
	conn.Peer.Meta, err = ParseMetadata(cmd.Body)
	return err
}

// Encrypt writes data as it is.
func (null) Encrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }

// Decrypt writes data as it is.
func (null) Decrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }

// refused reads the body of an ERROR command: a reason under an 8-bit length.
func refused(body []byte) error {
	if len(body) == 0 || int(body[0]) > len(body)-1 {
		return &RefusedError{}
	}
	return &RefusedError{Reason: string(body[1 : 1+int(body[0])])}
}
