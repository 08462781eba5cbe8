package zmtp

import (
	"context"
	"errors"
	"net"

	"github.com/go-zeromq/zmq4"
)

// A mechanism is a zmq4.Security that has one of the two roles of RFC 24 and
// RFC 25, whichever side binds, and a state of its own for each connection.
type mechanism interface {
	zmq4.Security
	server() bool
	// session returns the mechanism of one connection. Whatever its handshake
	// waits for ends with ctx.
	session(ctx context.Context) session
}

// A session is the mechanism of one connection.
type session interface {
	zmq4.Security
	// secure returns the connection that the traffic after the handshake goes
	// over.
	secure(conn net.Conn, maxMessage int64) net.Conn
	// user is whom the peer showed to be, if that was asked of it.
	user() string
}

// errUnopened tells that a mechanism was given to a socket of zmq4's own, which
// has no place for the state of a connection.
var errUnopened = errors.New("this security mechanism works on connections that zmtp.Open opens")

// A serverGreeting sets the as-server bit in the greeting (RFC 23, "The Greeting"),
// which zmq4 leaves unset.
type serverGreeting struct {
	net.Conn
	sent int
}

// Write writes b with the bit set where b holds it.
func (c *serverGreeting) Write(b []byte) (int, error) {
	if at := mechanismEnd - c.sent; 0 <= at && at < len(b) {
		b = append([]byte(nil), b...)
		b[at] = 1
	}
	n, err := c.Conn.Write(b)
	c.sent += n
	return n, err
}
