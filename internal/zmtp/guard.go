package zmtp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
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

// firstRoom is what is allocated for the body of a handshake command before any
// of it came: most commands fit.
const firstRoom = 512

// A guard stands between zmq4.Open and the network. It checks the greeting as
// far as it has come and the head of every handshake frame, and fails the read
// that would show zmq4 anything that it can't take: zmq4 waits for all 64 bytes
// of a greeting, allocates whatever length a frame announces, and joins frames
// without end. So zmq4 is shown a frame only when all of it is there; until then
// it lies here, in memory that grows with what came. The guard takes no byte
// from the network that is behind the frame.
type guard struct {
	net.Conn
	own      zmq4.SecurityType
	greeting []byte // what has come of it
	frame    []byte // the last frame
	shown    int    // so much of it was read by zmq4
}

// Read gives what is next of the greeting or of a frame.
func (g *guard) Read(p []byte) (int, error) {
	if left := greetingLen - len(g.greeting); left > 0 {
		n, err := g.Conn.Read(p[:min(len(p), left)])
		g.greeting = append(g.greeting, p[:n]...)
		if n > 0 {
			if bad := g.checkGreeting(); bad != nil {
				return 0, bad
			}
		}
		return n, err
	}
	if g.shown == len(g.frame) {
		if err := g.takeFrame(); err != nil {
			return 0, err
		}
	}
	n := copy(p, g.frame[g.shown:])
	g.shown += n
	return n, nil
}

// takeFrame waits for a whole frame.
func (g *guard) takeFrame() error {
	g.frame, g.shown = g.frame[:0], 0
	err := g.fill(shortHead)
	if err == nil && g.frame[0]&(FlagLong|flagsReserved) == FlagLong {
		err = g.fill(longHead)
	}
	var h head
	if err == nil {
		h, err = g.checkHead()
	}
	if err == nil {
		err = g.fill(h.len + int(h.size))
	}
	if err == nil {
		g.spell(h)
	}
	if err != nil {
		if errors.Is(err, io.EOF) && len(g.frame) > 0 {
			err = io.ErrUnexpectedEOF
		}
		g.frame = nil
	}
	return err
}

// misspelt is how the ERROR of libzmq's PLAIN servers begins, seen with 4.3.4: in
// its source the length is the escape \x5 right before the E, which makes one byte,
// 0x5E, of both.
const misspelt = "^RROR"

// spell puts the ERROR right that libzmq's PLAIN servers send.
func (g *guard) spell(h head) {
	if rest, found := bytes.CutPrefix(g.frame[h.len:], []byte(misspelt)); found {
		g.frame = AppendCommand(nil, zmq4.CmdError, rest)
	}
}

// fill reads until size bytes of the frame are there.
func (g *guard) fill(size int) error {
	for len(g.frame) < size {
		if len(g.frame) == cap(g.frame) {
			room := min(size, max(firstRoom, 2*len(g.frame)))
			g.frame = append(make([]byte, 0, room), g.frame...)
		}
		n, err := g.Conn.Read(g.frame[len(g.frame):min(size, cap(g.frame))])
		g.frame = g.frame[:len(g.frame)+n]
		if err := readError(n, err); err != nil {
			return err
		}
	}
	return nil
}

func (g *guard) checkGreeting() error {
	got := g.greeting
	switch {
	case got[0] != signatureFirst:
		return checkOtherGreeting(got)
	case len(got) > signatureEnd && got[signatureEnd] != signatureLast:
		return &NotZMTPError{"not a ZMTP 3 peer: its greeting has no ZMTP signature"}
	case len(got) > versionAt && got[versionAt] < 3:
		return tooOld(oldVersion(got[versionAt]))
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

// checkOtherGreeting refuses what begins as no greeting since ZMTP 2.0 does. A
// ZMTP 1.0 peer begins with its identity, a frame: the length of flags and
// identity, and the flags, which are zero (RFC 13).
func checkOtherGreeting(got []byte) error {
	switch {
	case len(got) == 1 && got[0] > 0:
		return nil // the next byte tells
	case got[0] > 0 && got[1] == 0:
		return tooOld(oldVersion(0))
	}
	return &NotZMTPError{fmt.Sprintf("not a ZMTP 3 peer: what it sends begins with %.16q", got)}
}

func tooOld(version string) error {
	return &NotZMTPError{fmt.Sprintf("the peer speaks ZMTP %s, too old: ZMTP 3.0 (ZeroMQ 4.0) or newer is needed", version)}
}

// oldVersion names the protocol behind a revision byte: ZMTP 2.0 sends 1.
func oldVersion(revision byte) string {
	if revision == 0 {
		return "1.0"
	}
	return "2.0"
}

// checkHead refuses a frame before its body is read. The whole head is there,
// or as much of it as shows what is wrong.
func (g *guard) checkHead() (head, error) {
	h, _, err := parseHead(g.frame)
	switch {
	case err != nil:
		return h, err
	case !h.command() || h.more():
		return h, fmt.Errorf("%w: a message where a handshake command was due", ErrProtocol)
	case h.size == 0:
		return h, fmt.Errorf("%w: an empty handshake command", ErrProtocol)
	case h.size > maxHandshakeFrame:
		return h, fmt.Errorf("%w: a handshake command of %d bytes, %d are allowed", ErrProtocol, h.size, maxHandshakeFrame)
	}
	return h, nil
}
