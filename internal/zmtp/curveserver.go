package zmtp

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"slices"

	"github.com/go-zeromq/zmq4"
)

// receiveClient is the server's half of the handshake. Between WELCOME and
// INITIATE it keeps of the client no more than the key of the cookie, which is
// used for one connection: who replays an INITIATE on another gets nowhere.
func (s *curveSession) receiveClient(conn *zmq4.Conn) error {
	hello, err := next(conn, zmq4.CmdHello)
	if err != nil {
		return err
	}
	welcome, cookieKey, err := s.answerHello(hello)
	if err != nil {
		return err
	}
	defer cookieKey.wipe()
	if err := conn.SendCmd(zmq4.CmdWelcome, welcome); err != nil {
		return err
	}
	initiate, err := next(conn, zmq4.CmdInitiate)
	if err != nil {
		return err
	}
	client, metadata, err := s.openInitiate(initiate, cookieKey)
	if err != nil {
		return err
	}
	if err := s.allow(client); err != nil {
		return &DeniedError{err}
	}
	s.client = string(client[:])
	if conn.Peer.Meta, err = ParseMetadata(metadata); err != nil {
		return err
	}
	n, wire := s.nextNonce()
	return conn.SendCmd(zmq4.CmdReady, s.traffic.seal(wire, ownMetadata(conn), shortNonce(nonceReady, n)))
}

// answerHello checks HELLO and makes WELCOME: S', and a cookie that holds C' and
// s' until the client gives it back.
func (s *curveSession) answerHello(hello []byte) (welcome []byte, cookieKey *sharedKey, err error) {
	if len(hello) != helloLen || hello[0] != 1 || hello[1] != 0 {
		return nil, nil, malformed(zmq4.CmdHello)
	}
	fields := hello[2+helloPadding:]
	client, nonce, signature := (*[keyLen]byte)(fields), fields[keyLen:][:shortNonceLen], fields[keyLen+shortNonceLen:]
	n, err := s.follows(nonce)
	if err != nil {
		return nil, nil, err
	}
	toClient, err := share(client, &s.own.Secret)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: HELLO: %w", ErrProtocol, err)
	}
	defer toClient.wipe()
	signed, ok := toClient.open(nil, signature, shortNonce(nonceHello, n))
	if !ok || !allZero(signed) || !allZero(hello[2:2+helloPadding]) {
		return nil, nil, fmt.Errorf("%w: HELLO is not meant for our key: the client has another one for us", ErrProtocol)
	}
	public, secret, err := newKeyPair()
	if err != nil {
		return nil, nil, err
	}
	defer clear(secret[:])
	cookieKey = new(sharedKey)
	rand.Read(cookieKey[:]) // never fails
	cookieNonce, cookie := newLongNonce(nonceCookie)
	inside := slices.Concat(client[:], secret[:])
	defer clear(inside)
	cookie = cookieKey.seal(cookie, inside, cookieNonce)
	welcomeNonce, welcome := newLongNonce(nonceWelcome)
	return toClient.seal(welcome, slices.Concat(public[:], cookie), welcomeNonce), cookieKey, nil
}

func allZero(b []byte) bool {
	return subtle.ConstantTimeCompare(b, make([]byte, len(b))) == 1
}

// openInitiate gives the client's permanent key, which it has proved to be its
// own, and its metadata.
func (s *curveSession) openInitiate(body []byte, cookieKey *sharedKey) (client [keyLen]byte, metadata []byte, err error) {
	bad := fmt.Errorf("%w: INITIATE was tampered with, or belongs to another connection", ErrProtocol)
	if len(body) < initiateMin {
		return client, nil, malformed(zmq4.CmdInitiate)
	}
	cookie, ok := cookieKey.open(nil, body[longNonceLen:cookieLen], longNonce(nonceCookie, body[:longNonceLen]))
	if !ok {
		return client, nil, bad
	}
	transient, secret := (*[keyLen]byte)(cookie), (*[keyLen]byte)(cookie[keyLen:])
	defer clear(secret[:])
	if s.traffic, err = share(transient, secret); err != nil {
		return client, nil, bad
	}
	body = body[cookieLen:]
	n, err := s.follows(body[:shortNonceLen])
	if err != nil {
		return client, nil, err
	}
	inside, ok := s.traffic.open(nil, body[shortNonceLen:], shortNonce(nonceInitiate, n))
	if !ok {
		return client, nil, bad
	}
	client = [keyLen]byte(inside)
	if !s.vouched(inside[keyLen:][:vouchLen], &client, transient, secret) {
		return client, nil, fmt.Errorf("%w: INITIATE: the client has not the secret key to the public one that it shows", ErrProtocol)
	}
	return client, inside[keyLen+vouchLen:], nil
}

// vouched tells whether the vouch shows that who has the client's permanent key
// meant this connection, to us.
func (s *curveSession) vouched(vouch []byte, client, transient, secret *[keyLen]byte) bool {
	key, err := share(client, secret)
	if err != nil {
		return false
	}
	defer key.wipe()
	inside, ok := key.open(nil, vouch[longNonceLen:], longNonce(nonceVouch, vouch[:longNonceLen]))
	return ok && subtle.ConstantTimeCompare(inside, slices.Concat(transient[:], s.own.Public[:])) == 1
}
