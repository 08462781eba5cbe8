package zmtp

import (
	"io"

	"github.com/go-zeromq/zmq4"
)

// Null is the NULL mechanism (RFC 23): no authentication, no encryption. Unlike
// zmq4's own it survives malformed metadata and keeps the reason of a peer that
// refuses. It has no state and serves any number of connections at once.
func Null() zmq4.Security { return null{} }

type null struct{}

// Type is zmq4.NullSecurity.
func (null) Type() zmq4.SecurityType { return zmq4.NullSecurity }

// Handshake exchanges READY commands; the two sides do the same.
func (null) Handshake(conn *zmq4.Conn, _ bool) error {
	if err := conn.SendCmd(zmq4.CmdReady, ownMetadata(conn)); err != nil {
		return err
	}
	body, err := next(conn, zmq4.CmdReady)
	if err != nil {
		return err
	}
	conn.Peer.Meta, err = ParseMetadata(body)
	return err
}

// Encrypt writes data as it is.
func (null) Encrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }

// Decrypt writes data as it is.
func (null) Decrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }
