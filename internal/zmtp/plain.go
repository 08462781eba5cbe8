package zmtp

import (
	"context"
	"fmt"
	"io"
	"net"

	"github.com/go-zeromq/zmq4"
)

// PlainClient is the client's side of the PLAIN mechanism (RFC 24). It sends
// the user's name and password, each of at most 255 bytes, as they are: whoever
// sees the traffic can read them. It serves any number of connections at once.
func PlainClient(user, password string) (zmq4.Security, error) {
	if len(user) > 255 || len(password) > 255 {
		return nil, fmt.Errorf("PLAIN takes names and passwords of at most 255 bytes")
	}
	return &plain{name: user, password: password}, nil
}

// PlainServer is the server's side of the PLAIN mechanism (RFC 24). check is
// asked about every client, from several goroutines at once, and returns nil to
// let it in; ctx ends with the handshake. Who is refused is hung up on without a
// word, which has clients try again later.
func PlainServer(check func(ctx context.Context, user, password string) error) zmq4.Security {
	return &plain{check: check}
}

// A plain is one side of the mechanism.
type plain struct {
	name, password string
	check          func(ctx context.Context, user, password string) error // the server's
}

// Type is zmq4.PlainSecurity.
func (*plain) Type() zmq4.SecurityType { return zmq4.PlainSecurity }

func (p *plain) server() bool { return p.check != nil }

func (p *plain) session(ctx context.Context) session { return &plainSession{plain: p, ctx: ctx} }

// Handshake always fails: zmtp.Open makes a session of the mechanism first.
func (*plain) Handshake(*zmq4.Conn, bool) error { return errUnopened }

// Encrypt writes data as it is.
func (*plain) Encrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }

// Decrypt writes data as it is.
func (*plain) Decrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }

type plainSession struct {
	*plain
	ctx context.Context
	who string
}

func (s *plainSession) secure(conn net.Conn, _ int64) net.Conn { return conn }

func (s *plainSession) user() string { return s.who }

// Handshake is RFC 24's exchange: HELLO, WELCOME, INITIATE, READY.
func (s *plainSession) Handshake(conn *zmq4.Conn, _ bool) error {
	if s.server() {
		return s.welcome(conn)
	}
	return s.introduce(conn)
}

func (s *plainSession) introduce(conn *zmq4.Conn) error {
	hello := append([]byte{byte(len(s.name))}, s.name...)
	hello = append(append(hello, byte(len(s.password))), s.password...)
	if err := conn.SendCmd(zmq4.CmdHello, hello); err != nil {
		return err
	}
	if _, err := answer(conn, zmq4.CmdHello, zmq4.CmdWelcome); err != nil {
		return unanswered(err, "it does not let in this user with this password")
	}
	if err := conn.SendCmd(zmq4.CmdInitiate, ownMetadata(conn)); err != nil {
		return err
	}
	ready, err := answer(conn, zmq4.CmdInitiate, zmq4.CmdReady)
	if err != nil {
		return unanswered(err, noTalk(conn))
	}
	conn.Peer.Meta, err = ParseMetadata(ready)
	return err
}

func (s *plainSession) welcome(conn *zmq4.Conn) error {
	hello, err := next(conn, zmq4.CmdHello)
	if err != nil {
		return err
	}
	name, rest, ok := cutShort(hello)
	password, rest, ok2 := cutShort(rest)
	if !ok || !ok2 || len(rest) > 0 {
		return fmt.Errorf("%w: a malformed HELLO", ErrProtocol)
	}
	if err := s.check(s.ctx, string(name), string(password)); err != nil {
		return &DeniedError{err}
	}
	s.who = string(name)
	if err := conn.SendCmd(zmq4.CmdWelcome, nil); err != nil {
		return err
	}
	initiate, err := next(conn, zmq4.CmdInitiate)
	if err != nil {
		return err
	}
	if conn.Peer.Meta, err = ParseMetadata(initiate); err != nil {
		return err
	}
	return conn.SendCmd(zmq4.CmdReady, ownMetadata(conn))
}

// cutShort cuts bytes under an 8-bit length off the front.
func cutShort(b []byte) (field, rest []byte, ok bool) {
	if len(b) == 0 || int(b[0]) > len(b)-1 {
		return nil, nil, false
	}
	end := 1 + int(b[0])
	return b[1:end], b[end:], true
}
