package zmtp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/go-zeromq/zmq4"
)

// ProbeConfig is what Probe asks a peer, and what it may show it.
type ProbeConfig struct {
	// Security is the mechanism that we have keys or a password for; nil is none.
	// A peer that uses another one is asked only what it tells without.
	Security zmq4.Security
	// Pings is how many round trips are timed, one after the other.
	Pings int
}

// A Probed is what Probe found out. What it did not is the zero value.
type Probed struct {
	// Major and Minor are the version of ZMTP in the peer's greeting.
	Major, Minor int
	// Mechanism is the security mechanism in the greeting, as the peer sent it.
	Mechanism zmq4.SecurityType
	// Server is the as-server bit of the greeting, which libzmq never sets.
	Server bool

	// Type is the type of socket, as the peer sent it; OneOf are the types that
	// are left where the peer told none.
	Type  zmq4.SocketType
	OneOf []zmq4.SocketType
	ID    []byte
	// Meta are all properties that the peer told of itself.
	Meta zmq4.Metadata

	// Said is how a peer begins that does not speak ZMTP, 256 bytes at most.
	Said []byte

	// Handshake is the time from our first byte to the peer's last of a handshake in
	// which it told its type, or all that one of its ZMTP tells.
	Handshake time.Duration
	// RoundTrips are the times from a PING to its PONG, in their order. NoPings is
	// why there are none, or fewer than were asked for.
	RoundTrips []time.Duration
	NoPings    error
}

// Reasons not to time round trips.
var (
	// ErrNoPing tells that the peer's ZMTP is older than PING. Some such peers
	// take one for a message.
	ErrNoPing = errors.New("its ZMTP is older than PING, which came with 3.1")
	// ErrWouldSend tells that whoever shakes hands with a peer of this type may be
	// sent messages that are meant for others, or take the place of its only peer.
	ErrWouldSend = errors.New("whoever shakes hands with it may be sent its messages, or take another's place")
)

// harmless are the types that Probe may say it is: their peers send them nothing
// that another would have got. SUB subscribes to nothing, the others send nothing.
// DEALER is none, though REP and ROUTER talk to it: so does DEALER, which sends.
var harmless = []zmq4.SocketType{zmq4.Sub, zmq4.Pub, zmq4.Push, zmq4.Req}

// A prober finds out about one peer.
type prober struct {
	dial  func(context.Context) (net.Conn, error)
	cfg   ProbeConfig
	found Probed
	ctx   context.Context // of all of it
	began time.Time       // the handshake that is under way
}

// Probe finds out who is at the other end of the connections that dial opens: one,
// and more where a mechanism has the peer look at our socket type before it tells
// its own. All of them are closed on return. ctx bounds the whole; with a deadline,
// a peer that is silent is asked in another way shortly before.
//
// Probe takes no messages, and no one's place: NULL peers tell their type unasked,
// and the handshake is completed only as a socket that the peer has nothing to
// send to. A peer that tells no more without keys, or speaks an older ZMTP, has
// answered.
//
// The errors are dial's, those of Open and *MuteError. What was found out before
// is returned with them.
func Probe(ctx context.Context, dial func(context.Context) (net.Conn, error), cfg ProbeConfig) (Probed, error) {
	p := &prober{dial: dial, cfg: cfg, ctx: ctx}
	err := p.probe()
	if err != nil && ctx.Err() != nil && !errors.Is(err, context.DeadlineExceeded) {
		err = ctx.Err()
	}
	return p.found, err
}

func (p *prober) probe() error {
	conn, err := p.meet()
	if err != nil {
		return err
	}
	defer conn.Close()
	switch {
	case p.found.Major < 3:
		p.found.Handshake = time.Since(p.began)
		return nil
	case p.found.Mechanism == zmq4.NullSecurity:
		return p.probeNull(conn)
	case p.cfg.Security != nil && p.cfg.Security.Type() == p.found.Mechanism:
		return p.probeSecured(conn)
	}
	return nil
}

// meet connects and exchanges greetings, as far as the peer's.
func (p *prober) meet() (conn *greeted, err error) {
	raw, err := p.dial(p.ctx)
	if err != nil {
		return nil, err
	}
	conn = &greeted{Conn: raw}
	conn.stop = context.AfterFunc(p.ctx, func() { raw.SetDeadline(time.Unix(1, 0)) })
	p.began = time.Now()
	if err := p.greet(conn); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// probeNull waits for the READY that a NULL peer sends unasked.
func (p *prober) probeNull(conn *greeted) error {
	if err := conn.finishGreeting(Null()); err != nil {
		return p.hungUp(err, "greeting", "its authenticator does not let us in")
	}
	frame := &guard{Conn: conn.Conn}
	if err := frame.takeFrame(); err != nil {
		return p.late(p.hungUp(err, "greeting", "its authenticator does not let us in"), "its READY")
	}
	p.found.Handshake = time.Since(p.began)
	name, body, err := parseCommand(frame.frame)
	switch {
	case err != nil:
		return err
	case name == zmq4.CmdError:
		return refused(body)
	case name != zmq4.CmdReady:
		return fmt.Errorf("%w: %.20q where %s was due", ErrProtocol, name, zmq4.CmdReady)
	}
	meta, err := ParseMetadata(body)
	if err != nil {
		return err
	}
	p.told(meta)
	claim := p.claim()
	if claim == "" {
		return nil
	}
	if _, err := conn.Conn.Write(AppendCommand(nil, zmq4.CmdReady, AppendMetadata(nil, claim, nil))); err != nil {
		p.found.NoPings = err
		return nil
	}
	p.ping(conn.Conn)
	return nil
}

// told keeps what the peer said of itself.
func (p *prober) told(meta zmq4.Metadata) {
	p.found.Meta = meta
	p.found.Type = zmq4.SocketType(meta[PropertySocketType])
	p.found.ID = []byte(meta[PropertyIdentity])
}

// claim is the harmless type to shake hands as, to have the peer answer PINGs; ""
// where there is none, or where it would not.
func (p *prober) claim() zmq4.SocketType {
	if p.found.Major == 3 && p.found.Minor == 0 {
		p.found.NoPings = ErrNoPing
		return ""
	}
	if knownType(p.found.Type) {
		for _, t := range harmless {
			if t.IsCompatible(p.found.Type) {
				return t
			}
		}
	}
	p.found.NoPings = ErrWouldSend
	return ""
}

// probeSecured shakes hands as each harmless type until the peer says who it is.
// Those of fogmq tell at once. Those of libzmq hang up on a type that they don't
// talk to, whatever they are.
func (p *prober) probeSecured(first *greeted) error {
	var refusal *UnansweredError
	for i, claim := range harmless {
		conn := first
		if i > 0 {
			var err error
			if conn, err = p.meet(); err != nil {
				return err
			}
		}
		err := p.shake(conn, claim)
		conn.Close()
		if p.found.Meta != nil {
			return nil
		}
		var ok bool
		if refusal, ok = errors.AsType[*UnansweredError](err); !ok || refusal.Command != zmq4.CmdInitiate {
			return err
		}
	}
	if p.cfg.Security.Type() == zmq4.CurveSecurity && p.found.Minor == 0 {
		// This may be a key that is not let in: peers of ZMTP 3.1 send an ERROR then.
		refusal.Reason = "it does not let our key in or is no socket that a probe may talk to"
		return refusal
	}
	p.found.OneOf = unclaimed()
	return nil
}

// unclaimed are the types that no harmless one talks to.
func unclaimed() (types []zmq4.SocketType) {
	for _, t := range socketTypes {
		meets := false
		for _, h := range harmless {
			meets = meets || h.IsCompatible(t)
		}
		if !meets {
			types = append(types, t)
		}
	}
	return types
}

// shake shakes hands over a connection with keys, and pings if that went well.
func (p *prober) shake(conn *greeted, claim zmq4.SocketType) error {
	cfg := Config{Type: claim, Security: p.cfg.Security, MaxMessage: maxHandshakeFrame}
	peer, meta, err := openTelling(p.ctx, conn, cfg)
	if meta != nil {
		p.found.Handshake = time.Since(p.began)
		p.told(meta)
		if p.claim() == claim && err == nil {
			p.ping(peer.Conn)
		}
	}
	return p.late(err, "the end of the handshake")
}

// A MuteError tells that a peer was connected to, but did not send in time what
// was due.
type MuteError struct{ Due string }

func (e *MuteError) Error() string {
	return "the peer accepted the connection, but " + e.Due + " did not come"
}

// Unwrap makes errors.Is(err, context.DeadlineExceeded) true.
func (e *MuteError) Unwrap() error { return context.DeadlineExceeded }

// late makes a *MuteError of the error that the end of the time brought.
func (p *prober) late(err error, due string) error {
	if err != nil && errors.Is(p.ctx.Err(), context.DeadlineExceeded) && (isTimeout(err) || errors.Is(err, context.DeadlineExceeded)) {
		return &MuteError{due}
	}
	return err
}

// hungUp makes an *UnansweredError of the end of a connection.
func (p *prober) hungUp(err error, said, reason string) error {
	if isHangUp(err) && p.ctx.Err() == nil {
		return &UnansweredError{Command: said, Reason: reason}
	}
	return err
}
