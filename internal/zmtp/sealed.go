package zmtp

import "net"

// A BuffersWriter is a connection that has its own way to write many buffers at
// once. The buffers together hold whole frames.
type BuffersWriter interface {
	WriteBuffers(bufs net.Buffers) (n int64, err error)
}

// A sealedConn is a connection that shows the traffic in the clear to this side
// and has it sealed on the wire: each frame as a MESSAGE command of CURVE (RFC 26).
// One goroutine may read while another one writes.
type sealedConn struct {
	net.Conn
	w sealer
	r opener
}

// Read gives whole frames where b has room for them. What was tampered with, left
// out or sent twice is never given: it ends the connection with ErrProtocol.
func (c *sealedConn) Read(b []byte) (int, error) { return c.r.read(b) }

// Write writes whole frames.
func (c *sealedConn) Write(b []byte) (int, error) {
	n, err := c.WriteBuffers(net.Buffers{b})
	return int(n), err
}

// WriteBuffers writes whole frames and returns how many bytes of them, before
// they were sealed, went out as frames that are whole.
func (c *sealedConn) WriteBuffers(bufs net.Buffers) (int64, error) {
	return c.w.write(c.Conn, bufs)
}

// CloseWrite tells the peer that nothing more will come.
func (c *sealedConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// The name of the command that carries a frame, under its length.
const messageName = "\x07MESSAGE"

// sealedMore is what a sealed frame is longer than its body: name, nonce, box
// and a byte of flags.
const sealedMore = len(messageName) + shortNonceLen + boxLen + 1

// The flags of a frame inside its box. The bit of a command is not RFC 26's but
// libzmq's.
const (
	innerMore    = 0x01
	innerCommand = 0x02
)
