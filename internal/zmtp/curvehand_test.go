package zmtp

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/go-zeromq/zmq4"
	"golang.org/x/crypto/curve25519"
	"golang.org/x/crypto/nacl/box"
)

// handKeys is a key pair as a test makes it.
func handKeys(t testing.TB) (k CurveKeys) {
	t.Helper()
	rand.Read(k.Secret[:])
	public, err := curve25519.X25519(k.Secret[:], curve25519.Basepoint)
	if err != nil {
		t.Fatal(err)
	}
	k.Public = [32]byte(public)
	return k
}

// A handClient makes the commands of a CURVE client by hand, from RFC 26 alone.
// Its fields are what an attacker may choose.
type handClient struct {
	transient  CurveKeys
	own        CurveKeys
	server     [32]byte // S
	version    [2]byte
	padding    [72]byte
	signed     []byte    // in HELLO's box
	showKey    *[32]byte // C' as HELLO shows it; nil is its own
	helloNonce uint64
	initNonce  uint64
	claim      *[32]byte // C as INITIATE shows it; nil is its own
	vouchFor   [64]byte  // C' and S, in the vouch
	vouchKey   *[32]byte // the secret key that seals the vouch; nil is its own
	metadata   []byte

	serverTransient [32]byte
	cookie          []byte
}

func newHandClient(t testing.TB, own CurveKeys, server [32]byte) *handClient {
	c := &handClient{
		transient: handKeys(t), own: own, server: server, version: [2]byte{1, 0}, signed: make([]byte, 64),
		helloNonce: 1, initNonce: 2, metadata: metadata(zmq4.Push, "by hand"),
	}
	copy(c.vouchFor[:], c.transient.Public[:])
	copy(c.vouchFor[32:], server[:])
	return c
}

// handNonce is a nonce of 24 bytes: a prefix and what goes over the wire.
func handNonce(prefix string, wire []byte) *[24]byte {
	return (*[24]byte)(append([]byte(prefix), wire...))
}

func counted(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func (c *handClient) hello() []byte {
	shown := &c.transient.Public
	if c.showKey != nil {
		shown = c.showKey
	}
	nonce := counted(c.helloNonce)
	sealed := box.Seal(nil, c.signed, handNonce("CurveZMQHELLO---", nonce), &c.server, &c.transient.Secret)
	return join(c.version[:], c.padding[:], shown[:], nonce, sealed)
}

func (c *handClient) takeWelcome(body []byte) error {
	if len(body) != 160 {
		return fmt.Errorf("WELCOME has %d bytes", len(body))
	}
	inside, ok := box.Open(nil, body[16:], handNonce("WELCOME-", body[:16]), &c.server, &c.transient.Secret)
	if !ok {
		return errors.New("WELCOME does not open")
	}
	c.serverTransient, c.cookie = [32]byte(inside), inside[32:]
	return nil
}

// inside is what is in INITIATE's box.
func (c *handClient) inside() []byte {
	claim, key := &c.own.Public, &c.own.Secret
	if c.claim != nil {
		claim = c.claim
	}
	if c.vouchKey != nil {
		key = c.vouchKey
	}
	long := make([]byte, 16)
	rand.Read(long)
	vouch := box.Seal(nil, c.vouchFor[:], handNonce("VOUCH---", long), &c.serverTransient, key)
	return join(claim[:], long, vouch, c.metadata)
}

func (c *handClient) initiate(inside []byte) []byte {
	nonce := counted(c.initNonce)
	sealed := box.Seal(nil, inside, handNonce("CurveZMQINITIATE", nonce), &c.serverTransient, &c.transient.Secret)
	return join(c.cookie, nonce, sealed)
}

func (c *handClient) openReady(body []byte) (metadata []byte, ok bool) {
	return box.Open(nil, body[8:], handNonce("CurveZMQREADY---", body[:8]), &c.serverTransient, &c.transient.Secret)
}

// A handServer makes the commands of a CURVE server by hand.
type handServer struct {
	transient  CurveKeys
	own        CurveKeys
	showKey    *[32]byte // S' as WELCOME shows it; nil is its own
	cookie     [96]byte
	readyNonce uint64
	metadata   []byte

	client [32]byte // C'
}

func newHandServer(t testing.TB, own CurveKeys) *handServer {
	return &handServer{transient: handKeys(t), own: own, readyNonce: 1, metadata: metadata(zmq4.Pull, "by hand")}
}

// insideWelcome is what is in WELCOME's box.
func (s *handServer) insideWelcome() []byte {
	shown := &s.transient.Public
	if s.showKey != nil {
		shown = s.showKey
	}
	return join(shown[:], s.cookie[:])
}

func (s *handServer) welcome(hello, inside []byte) []byte {
	s.client = [32]byte(hello[74:])
	long := make([]byte, 16)
	rand.Read(long)
	return join(long, box.Seal(nil, inside, handNonce("WELCOME-", long), &s.client, &s.own.Secret))
}

func (s *handServer) ready(metadata []byte) []byte {
	nonce := counted(s.readyNonce)
	return join(nonce, box.Seal(nil, metadata, handNonce("CurveZMQREADY---", nonce), &s.client, &s.transient.Secret))
}

// curveGreeting is that of a CURVE peer.
func curveGreeting(server byte) []byte { return greeting(3, 1, "CURVE", server) }

// readCommand reads a frame and gives the name and the body of the command in it.
func readCommand(conn net.Conn) (name string, body []byte, err error) {
	frame, err := readFrame(conn)
	if err != nil {
		return "", nil, err
	}
	h, _, _ := parseHead(frame)
	b := frame[h.len:]
	if !h.command() || len(b) == 0 || int(b[0]) >= len(b) {
		return "", nil, fmt.Errorf("no command: %x", frame)
	}
	return string(b[1 : 1+b[0]]), b[1+b[0]:], nil
}

// readFrame reads a whole frame of a good peer's.
func readFrame(r io.Reader) ([]byte, error) {
	frame := make([]byte, shortHead)
	if _, err := io.ReadFull(r, frame); err != nil {
		return nil, err
	}
	if frame[0]&FlagLong != 0 {
		frame = append(frame, make([]byte, longHead-shortHead)...)
		if _, err := io.ReadFull(r, frame[shortHead:]); err != nil {
			return nil, err
		}
	}
	h, _, err := parseHead(frame)
	if err != nil || h.size > 16<<20 {
		return nil, fmt.Errorf("a frame of %d bytes, %w", h.size, err)
	}
	frame = append(frame, make([]byte, h.size)...)
	_, err = io.ReadFull(r, frame[h.len:])
	return frame, err
}
