package zmtp

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"

	"github.com/go-zeromq/zmq4"
)

// CurveKeys are the permanent keys of one side of CURVE, 32 bytes each as they
// are (libzmq's ZMQ_CURVE_PUBLICKEY and ZMQ_CURVE_SECRETKEY).
type CurveKeys struct{ Public, Secret [32]byte }

// CurveClient is the client's side of the CURVE mechanism (RFC 25, RFC 26). It
// talks to nobody but whom the public key server belongs to. It serves any
// number of connections at once.
func CurveClient(own CurveKeys, server [32]byte) zmq4.Security {
	return &curve{own: own, peer: server}
}

// CurveServer is the server's side of the CURVE mechanism (RFC 25, RFC 26).
// allow is asked about every client that has proved to have the secret key to
// its public one, from several goroutines at once, and returns nil to let it in.
// Who is refused is hung up on without a word, as RFC 26 has it, and may try
// again later.
func CurveServer(own CurveKeys, allow func(client [32]byte) error) zmq4.Security {
	return &curve{own: own, allow: allow}
}

// A curve is one side of the mechanism.
type curve struct {
	own   CurveKeys
	peer  [keyLen]byte                    // the client's: the public key of its server
	allow func(client [keyLen]byte) error // the server's
}

// Type is zmq4.CurveSecurity.
func (*curve) Type() zmq4.SecurityType { return zmq4.CurveSecurity }

func (c *curve) server() bool { return c.allow != nil }

func (c *curve) session(context.Context) session { return &curveSession{curve: c} }

// Handshake always fails: zmtp.Open makes a session of the mechanism first.
func (*curve) Handshake(*zmq4.Conn, bool) error { return errUnopened }

// Encrypt writes a command of the handshake, whose boxes are sealed already, as
// it is. What comes after the handshake never passes through here: zmq4 would
// announce the length of the plaintext.
func (*curve) Encrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }

// Decrypt writes a command of the handshake as it is.
func (*curve) Decrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }

// A curveSession is one connection's. Short nonces count the commands of each
// side, from 1.
type curveSession struct {
	*curve
	traffic *sharedKey // opens what comes after the handshake
	sent    uint64     // the last short nonce of ours
	got     uint64     // the last one of the peer's
	client  string     // the client's permanent key, as the server found it proved
}

func (s *curveSession) user() string { return s.client }

// Handshake is RFC 26's exchange: HELLO, WELCOME, INITIATE, READY.
func (s *curveSession) Handshake(conn *zmq4.Conn, _ bool) (err error) {
	defer func() {
		if err != nil && s.traffic != nil {
			s.traffic.wipe()
		}
	}()
	if s.server() {
		return s.receiveClient(conn)
	}
	return s.meetServer(conn)
}

// secure gives the connection that seals and opens the traffic.
func (s *curveSession) secure(conn net.Conn, maxMessage int64) net.Conn {
	own, peer := messageOfClient, messageOfServer
	if s.server() {
		own, peer = peer, own
	}
	return &sealedConn{
		Conn: conn,
		w:    sealer{key: s.traffic, nonce: *shortNonce(own, 0), n: s.sent},
		r:    opener{key: s.traffic, nonce: *shortNonce(peer, 0), n: s.got, max: maxMessage, r: conn},
	}
}

// The prefixes of nonces.
const (
	nonceHello      = "CurveZMQHELLO---"
	nonceWelcome    = "WELCOME-"
	nonceCookie     = "COOKIE--"
	nonceInitiate   = "CurveZMQINITIATE"
	nonceVouch      = "VOUCH---"
	nonceReady      = "CurveZMQREADY---"
	messageOfClient = "CurveZMQMESSAGEC"
	messageOfServer = "CurveZMQMESSAGES"
)

// The lengths of the fields of commands, their names not included.
const (
	helloPadding = 72
	helloSigned  = 64
	helloLen     = 2 + helloPadding + keyLen + shortNonceLen + helloSigned + boxLen
	cookieLen    = longNonceLen + 2*keyLen + boxLen
	welcomeLen   = longNonceLen + keyLen + cookieLen + boxLen
	vouchLen     = longNonceLen + 2*keyLen + boxLen
	initiateMin  = cookieLen + shortNonceLen + keyLen + vouchLen + boxLen
	readyMin     = shortNonceLen + boxLen
)

// nextNonce gives the next short nonce of ours.
func (s *curveSession) nextNonce() (n uint64, wire []byte) {
	s.sent++
	return s.sent, binary.BigEndian.AppendUint64(nil, s.sent)
}

// follows takes a short nonce of the peer's, which must be larger than the last.
func (s *curveSession) follows(wire []byte) (n uint64, err error) {
	n = binary.BigEndian.Uint64(wire)
	if n <= s.got {
		return 0, fmt.Errorf("%w: a CURVE nonce was used again", ErrProtocol)
	}
	s.got = n
	return n, nil
}

func malformed(command string) error {
	return fmt.Errorf("%w: a malformed %s", ErrProtocol, command)
}
