package zmtp

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"time"

	"github.com/go-zeromq/zmq4"
)

// askAgainAt is the part of its time after which a prober tries to make a silent
// peer talk.
const askAgainAt = 3. / 4

// banner bounds what is read of a peer that does not speak ZMTP: so many bytes,
// a line, or what came before so long a pause.
const (
	bannerLen   = 256
	bannerPause = 250 * time.Millisecond
)

// greetingStart is as much of a greeting of ours as says no mechanism: ZMTP 3.1.
// Peers send theirs for it, and then we choose the same.
var greetingStart = []byte{signatureFirst, 0, 0, 0, 0, 0, 0, 0, 1, signatureLast, 3, 1}

// A greeted is a connection whose peer has sent its greeting and has the start of
// ours. To who shakes hands over it, neither has happened: the peer's greeting is
// read once more, and the start of ours is not written again.
type greeted struct {
	net.Conn
	greeting []byte // the peer's
	reread   int
	dropped  int // of our greeting, so much as was written before
	finished bool
	stop     func() bool
}

// Read gives the greeting first.
func (c *greeted) Read(b []byte) (int, error) {
	if c.reread < len(c.greeting) {
		n := copy(b, c.greeting[c.reread:])
		c.reread += n
		return n, nil
	}
	return c.Conn.Read(b)
}

// Write leaves out what of our greeting was written before.
func (c *greeted) Write(b []byte) (int, error) {
	written := len(greetingStart)
	if c.finished {
		written = greetingLen
	}
	drop := min(written-c.dropped, len(b))
	c.dropped += drop
	if drop == len(b) {
		return drop, nil
	}
	n, err := c.Conn.Write(b[drop:])
	return n + drop, err
}

// Close also ends what waits for the end of the context.
func (c *greeted) Close() error {
	c.stop()
	return c.Conn.Close()
}

// finishGreeting sends the rest of our greeting, once.
func (c *greeted) finishGreeting(sec zmq4.Security) error {
	if c.finished {
		return nil
	}
	c.finished = true
	greeting := make([]byte, greetingLen)
	copy(greeting[mechanismAt:mechanismEnd], sec.Type())
	if m, ok := sec.(mechanism); ok && m.server() {
		greeting[mechanismEnd] = 1
	}
	_, err := c.Conn.Write(greeting[len(greetingStart):])
	return err
}

// greet sends the start of a greeting and reads the peer's, or what there is of
// it in an older ZMTP or instead.
func (p *prober) greet(conn *greeted) error {
	if _, err := conn.Conn.Write(greetingStart); err != nil {
		return p.hungUp(err, "greeting", noZeroMQ)
	}
	r := &greetingReader{prober: p, conn: conn}
	err := r.read()
	if err == nil {
		err = r.waitUntil(time.Time{})
	}
	conn.greeting = r.got
	due := "all of its greeting"
	if len(r.got) == 0 {
		due = "its greeting"
	}
	if len(r.got) == 0 && r.closed && isHangUp(err) {
		// It only noticed that we had hung up.
		return &MuteError{due}
	}
	return p.late(p.hungUp(err, "greeting", noZeroMQ), due)
}

// noZeroMQ is a reason to hang up on a greeting.
const noZeroMQ = "it is no ZeroMQ peer, or does not let our address in"

// A greetingReader reads one greeting.
type greetingReader struct {
	*prober
	conn       *greeted
	got        []byte
	askedAgain bool
	closed     bool // to be asked again meant that we hung up
}

// read reads the greeting, of whatever version.
func (r *greetingReader) read() error {
	if err := r.upTo(1); err != nil {
		return err
	}
	if r.got[0] != signatureFirst {
		return r.readUnsigned()
	}
	if err := r.upTo(versionAt); err != nil {
		return err
	}
	if r.got[signatureEnd]&1 == 0 {
		return r.foreign()
	}
	if err := r.upTo(versionAt + 1); err != nil {
		return err
	}
	if r.got[versionAt] < 3 {
		return r.readOld(r.got[versionAt])
	}
	if err := r.upTo(greetingLen); err != nil {
		return err
	}
	if r.got[signatureEnd] != signatureLast {
		return &NotZMTPError{"not a ZMTP 3 peer: its greeting has no ZMTP signature"}
	}
	name, _, _ := bytes.Cut(r.got[mechanismAt:mechanismEnd], []byte{0})
	r.found.Major, r.found.Minor = int(r.got[versionAt]), int(r.got[versionAt+1])
	r.found.Mechanism = zmq4.SecurityType(name)
	r.found.Server = r.got[mechanismEnd] == 1
	if r.got[mechanismEnd] > 1 {
		return fmt.Errorf("%w: the as-server byte of the greeting is %#02x, neither 0 nor 1", ErrProtocol, r.got[mechanismEnd])
	}
	return nil
}

// upTo reads until size bytes are there.
func (r *greetingReader) upTo(size int) error {
	for len(r.got) < size {
		if err := r.more(size - len(r.got)); err != nil {
			return err
		}
	}
	return nil
}

// more reads once, up to n bytes.
func (r *greetingReader) more(n int) error {
	deadline, bounded := r.ctx.Deadline()
	if bounded && !r.askedAgain {
		if err := r.waitUntil(deadline.Add(-time.Duration((1 - askAgainAt) * float64(deadline.Sub(r.began))))); err != nil {
			return err
		}
	}
	b := make([]byte, n)
	n, err := r.conn.Conn.Read(b)
	r.got = append(r.got, b[:n]...)
	if n == 0 && isTimeout(err) && r.ctx.Err() == nil && !r.askedAgain {
		r.askedAgain = true
		return r.askAgain()
	}
	return readError(n, err)
}

// waitUntil bounds reading; the zero time leaves it to the context.
func (r *greetingReader) waitUntil(t time.Time) error {
	if err := r.conn.SetReadDeadline(t); err != nil {
		return err
	}
	if r.ctx.Err() != nil { // which may just have set its own
		return context.Cause(r.ctx)
	}
	return nil
}

// askAgain makes a silent peer talk. One that has begun a greeting may wait for all
// of ours. One that has said nothing at all may be a server of something else, which
// waits for the rest of what it takes for a request: that there is none makes it
// complain.
func (r *greetingReader) askAgain() error {
	if err := r.waitUntil(time.Time{}); err != nil {
		return err
	}
	if len(r.got) > 0 {
		sec := r.cfg.Security
		if sec == nil {
			sec = Null()
		}
		return r.conn.finishGreeting(sec)
	}
	if half, ok := r.conn.Conn.(interface{ CloseWrite() error }); ok {
		r.closed = true
		return half.CloseWrite()
	}
	return nil
}

// readUnsigned reads what begins without a signature: the routing id of a ZMTP 1.0
// peer, in a frame under its length (RFC 13), or anything else. A routing id that
// begins with a zero is no peer's own, while other protocols begin with a length of
// several bytes.
func (r *greetingReader) readUnsigned() error {
	size := int(r.got[0])
	if size == 0 {
		return r.foreign()
	}
	if err := r.upTo(2); err != nil {
		return r.foreignAfter(err)
	}
	if r.got[1] != 0 {
		return r.foreign()
	}
	if size > 1 {
		if err := r.upTo(3); err != nil || r.got[2] == 0 {
			return r.foreignAfter(err)
		}
	}
	if err := r.upTo(1 + size); err != nil {
		return r.foreignAfter(err)
	}
	r.found.Major, r.found.ID = 1, r.got[2:1+size]
	return nil
}

// oldTypes are the types of sockets by their number in a greeting of ZMTP 2.0
// (RFC 15).
var oldTypes = []zmq4.SocketType{
	zmq4.Pair, zmq4.Pub, zmq4.Sub, zmq4.Req, zmq4.Rep, zmq4.Dealer, zmq4.Router, zmq4.Pull, zmq4.Push, zmq4.XPub, zmq4.XSub,
}

// readOld reads what follows the revision byte of a greeting before ZMTP 3: in 2.0
// a byte for the socket type and a frame with the routing id.
func (r *greetingReader) readOld(revision byte) error {
	if revision == 0 {
		r.found.Major = 1
		return nil
	}
	r.found.Major = 2
	const typeAt, idAt = versionAt + 1, versionAt + 4
	if err := r.upTo(idAt); err != nil {
		return err
	}
	if t := int(r.got[typeAt]); t < len(oldTypes) {
		r.found.Type = oldTypes[t]
	}
	if r.got[typeAt+1] != 0 {
		return fmt.Errorf("%w: no routing id where it was due", ErrProtocol)
	}
	size := int(r.got[idAt-1])
	if err := r.upTo(idAt + size); err != nil {
		return err
	}
	r.found.ID = r.got[idAt : idAt+size]
	return nil
}

// foreignAfter is foreign where what came so far is all there is, and the reason
// for that otherwise.
func (r *greetingReader) foreignAfter(err error) error {
	if err != nil && r.ctx.Err() != nil {
		return err
	}
	return r.foreign()
}

// foreign reads on for a line of what is not ZMTP, and tells of it.
func (r *greetingReader) foreign() error {
	r.askedAgain = true
	for len(r.got) < bannerLen && !bytes.ContainsRune(r.got, '\n') {
		if r.waitUntil(time.Now().Add(bannerPause)) != nil || r.more(bannerLen-len(r.got)) != nil {
			break
		}
	}
	r.found.Said = r.got
	line, _, _ := bytes.Cut(r.got, []byte("\n"))
	return &NotZMTPError{fmt.Sprintf("not ZeroMQ: what it says begins with %.60q", bytes.TrimSuffix(line, []byte("\r")))}
}
