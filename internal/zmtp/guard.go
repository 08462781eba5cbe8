package zmtp

import (
	"bytes"
	"fmt"
	"net"

	"github.com/go-zeromq/zmq4"
)

// The greeting of ZMTP 3 (RFC 23): ten bytes of signature, two of version,
// twenty of mechanism, and the rest.
const (
	greetingLen    = 64
	signatureEnd   = 9
	versionAt      = 10
	mechanismAt    = 12
	mechanismEnd   = 32
	signatureFirst = 0xFF
	signatureLast  = 0x7F
)

// maxHandshakeFrame bounds what a peer may have us allocate before we know who
// it is.
const maxHandshakeFrame = 64 << 10

// A guard stands between zmq4.Open and the network. It passes bytes through
// unchanged, checks the greeting as far as it has come and the head of every
// handshake frame, and fails the read that would show zmq4 anything that it
// can't take: zmq4 waits for all 64 bytes of a greeting, allocates whatever
// length a frame announces, and joins frames without end.
type guard struct {
	net.Conn
	own      zmq4.SecurityType
	greeting []byte // what has come of it
	head     []byte // what has come of a frame's head
	body     uint64 // what is still to come of a frame's body
}

// Read reads and checks. It takes no byte more than it was asked for.
func (g *guard) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	for b := p[:n]; len(b) > 0; {
		used, bad := g.check(b)
		if bad != nil {
			return 0, bad
		}
		b = b[used:]
	}
	return n, err
}

func (g *guard) check(b []byte) (used int, err error) {
	switch {
	case len(g.greeting) < greetingLen:
		used = min(len(b), greetingLen-len(g.greeting))
		g.greeting = append(g.greeting, b[:used]...)
		return used, g.checkGreeting()
	case g.body > 0:
		used = int(min(uint64(len(b)), g.body))
		g.body -= uint64(used)
		return used, nil
	}
	g.head = append(g.head, b[0])
	return 1, g.checkHead()
}

func (g *guard) checkGreeting() error {
	got := g.greeting
	switch {
	case got[0] != signatureFirst:
		return &NotZMTPError{fmt.Sprintf("not a ZMTP 3 peer: what it sends begins with %.16q", got)}
	case len(got) > signatureEnd && got[signatureEnd] != signatureLast:
		return &NotZMTPError{"not a ZMTP 3 peer: its greeting has no ZMTP signature"}
	case len(got) > versionAt && got[versionAt] < 3:
		return &NotZMTPError{fmt.Sprintf("the peer speaks ZMTP %s, too old: ZMTP 3.0 (ZeroMQ 4.0) or newer is needed", oldVersion(got[versionAt]))}
	case len(got) >= mechanismEnd:
		name, _, _ := bytes.Cut(got[mechanismAt:mechanismEnd], []byte{0})
		if peer := zmq4.SecurityType(name); peer != g.own {
			return &MechanismError{Own: g.own, Peer: peer}
		}
		if len(got) > mechanismEnd && got[mechanismEnd] > 1 {
			return fmt.Errorf("%w: the as-server byte of the greeting is %#02x, neither 0 nor 1", ErrProtocol, got[mechanismEnd])
		}
	}
	return nil
}

// oldVersion names the protocol behind a revision byte: ZMTP 2.0 sends 1.
func oldVersion(revision byte) string {
	if revision == 0 {
		return "1.0"
	}
	return "2.0"
}

func (g *guard) checkHead() error {
	h, ok, err := parseHead(g.head)
	switch {
	case err != nil:
		return err
	case !ok:
		return nil
	case !h.command() || h.more():
		return fmt.Errorf("%w: a message where a handshake command was due", ErrProtocol)
	case h.size == 0:
		return fmt.Errorf("%w: an empty handshake command", ErrProtocol)
	case h.size > maxHandshakeFrame:
		return fmt.Errorf("%w: a handshake command of %d bytes, %d are allowed", ErrProtocol, h.size, maxHandshakeFrame)
	}
	g.head, g.body = g.head[:0], h.size
	return nil
}
