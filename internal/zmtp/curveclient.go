package zmtp

import (
	"fmt"
	"slices"

	"github.com/go-zeromq/zmq4"
)

// meetServer is the client's half of the handshake.
func (s *curveSession) meetServer(conn *zmq4.Conn) error {
	public, secret, err := newKeyPair() // C' and c'
	if err != nil {
		return err
	}
	defer clear(secret[:])
	toServer, err := share(&s.peer, secret)
	if err != nil {
		return err
	}
	defer toServer.wipe()
	if err := conn.SendCmd(zmq4.CmdHello, s.hello(public, toServer)); err != nil {
		return err
	}
	welcome, err := answer(conn, zmq4.CmdHello, zmq4.CmdWelcome)
	if err != nil {
		return unanswered(err, "its key is not the one we were given")
	}
	// What S' and c' share is the key of the traffic.
	transient, cookie, err := openWelcome(welcome, toServer)
	if err != nil {
		return err
	}
	if s.traffic, err = share(transient, secret); err != nil {
		return fmt.Errorf("%w: WELCOME: %w", ErrProtocol, err)
	}
	initiate, err := s.initiate(public, transient, cookie, ownMetadata(conn))
	if err != nil {
		return err
	}
	if err := conn.SendCmd(zmq4.CmdInitiate, initiate); err != nil {
		return err
	}
	ready, err := answer(conn, zmq4.CmdInitiate, zmq4.CmdReady)
	if err != nil {
		return unanswered(err, "it does not let our key in or "+noTalk(conn))
	}
	return s.ready(conn, ready)
}

// hello is HELLO: C', and a box that shows that it is ours and for this server.
func (s *curveSession) hello(public *[keyLen]byte, toServer *sharedKey) []byte {
	n, wire := s.nextNonce()
	hello := slices.Concat([]byte{1, 0}, make([]byte, helloPadding), public[:], wire)
	return toServer.seal(hello, make([]byte, helloSigned), shortNonce(nonceHello, n))
}

// openWelcome gives what is in WELCOME: S' and a cookie.
func openWelcome(body []byte, toServer *sharedKey) (transient *[keyLen]byte, cookie []byte, err error) {
	if len(body) != welcomeLen {
		return nil, nil, malformed(zmq4.CmdWelcome)
	}
	inside, ok := toServer.open(nil, body[longNonceLen:], longNonce(nonceWelcome, body[:longNonceLen]))
	if !ok {
		return nil, nil, fmt.Errorf("%w: WELCOME is not of the server whose key we have", ErrProtocol)
	}
	return (*[keyLen]byte)(inside[:keyLen]), inside[keyLen:], nil
}

// initiate is INITIATE: the cookie, and who we are in a box.
func (s *curveSession) initiate(public, transient *[keyLen]byte, cookie, metadata []byte) ([]byte, error) {
	vouchKey, err := share(transient, &s.own.Secret)
	if err != nil {
		return nil, err
	}
	defer vouchKey.wipe()
	nonce, vouch := newLongNonce(nonceVouch)
	vouch = vouchKey.seal(vouch, slices.Concat(public[:], s.peer[:]), nonce)
	n, wire := s.nextNonce()
	inside := slices.Concat(s.own.Public[:], vouch, metadata)
	return s.traffic.seal(slices.Concat(cookie, wire), inside, shortNonce(nonceInitiate, n)), nil
}

// ready takes READY, which has the server's metadata in a box.
func (s *curveSession) ready(conn *zmq4.Conn, body []byte) error {
	if len(body) < readyMin {
		return malformed(zmq4.CmdReady)
	}
	n, err := s.follows(body[:shortNonceLen])
	if err != nil {
		return err
	}
	metadata, ok := s.traffic.open(nil, body[shortNonceLen:], shortNonce(nonceReady, n))
	if !ok {
		return fmt.Errorf("%w: READY was tampered with", ErrProtocol)
	}
	conn.Peer.Meta, err = ParseMetadata(metadata)
	return err
}
