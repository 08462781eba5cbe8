package zmtp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/go-zeromq/zmq4"
)

// Config is what Open tells a peer of us and asks of it.
type Config struct {
	Type zmq4.SocketType
	// ID is the routing id that we announce, 255 bytes at most; none is fine.
	ID zmq4.SocketIdentity
	// Security is the mechanism; nil is NULL.
	Security zmq4.Security
	// Server tells zmq4's own mechanisms with two roles that ours is the
	// server's. Those of this package know their role themselves.
	Server bool
	// MaxMessage bounds the frames, in bytes, that are taken in before a
	// mechanism has opened them; 0 is no bound.
	MaxMessage int64
	// Timeout bounds the whole handshake; 0 is no bound but the context's.
	Timeout time.Duration
}

// Peer is who answered.
type Peer struct {
	Type      zmq4.SocketType
	ID        []byte
	Mechanism zmq4.SecurityType
	Meta      zmq4.Metadata
	// User is whom the peer proved to be to a server's mechanism: a name under
	// PLAIN, the 32 bytes of a public key under CURVE.
	User string
	// Conn is what the traffic goes over: the connection that was opened, or,
	// under CURVE, one that seals what is written to it and opens what it reads.
	Conn net.Conn
}

// Open shakes hands over conn: greeting, mechanism, metadata, socket types.
// Afterwards conn is at the first byte of the traffic and has no deadline.
// Errors are a *NotZMTPError, *MechanismError, *RoleError, *IncompatibleError,
// *RefusedError or *UnansweredError where the peer is to blame, a *DeniedError
// where we let it in not, ErrProtocol for other malformed bytes,
// context.DeadlineExceeded where the time ran out, or the connection's own. On an
// error the caller closes conn.
//
// Open may be called for any number of connections at once.
func Open(ctx context.Context, conn net.Conn, cfg Config) (Peer, error) {
	peer, _, err := openTelling(ctx, conn, cfg)
	return peer, err
}

// openTelling is Open that also gives what the peer told of itself where no
// connection came of it.
func openTelling(ctx context.Context, conn net.Conn, cfg Config) (peer Peer, told zmq4.Metadata, err error) {
	sec := cfg.Security
	if sec == nil {
		sec = Null()
	}
	if cfg.Timeout > 0 {
		if err := conn.SetDeadline(time.Now().Add(cfg.Timeout)); err != nil {
			return Peer{}, nil, err
		}
	}
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer func() {
		if !stop() && err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = conn.SetDeadline(time.Time{})
		}
	}()

	peer = Peer{Mechanism: sec.Type(), Conn: conn}
	g := &guard{Conn: conn, own: sec.Type()}
	mech, twoRoles := sec.(mechanism)
	var ours session
	if twoRoles {
		ours = mech.session(ctx)
		sec, cfg.Server = ours, mech.server()
		if cfg.Server {
			g.Conn = &serverGreeting{Conn: conn}
		}
	}
	watch := &watchedMechanism{Security: sec, own: cfg.Type, twoRoles: twoRoles}
	if err := open(g, watch, cfg); err != nil {
		return Peer{}, watch.meta, openError(ctx, err, watch, cfg)
	}
	peer.Type, peer.ID, peer.Meta = watch.peer, []byte(watch.meta[PropertyIdentity]), watch.meta
	if twoRoles {
		peer.User, peer.Conn = ours.user(), ours.secure(conn, cfg.MaxMessage)
	}
	return peer, watch.meta, nil
}

// open calls zmq4.Open and turns a panic in it, or in a mechanism, into an
// error: a peer must not be able to end the process.
func open(conn net.Conn, sec zmq4.Security, cfg Config) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: the handshake failed: %v", ErrProtocol, r)
		}
	}()
	_, err = zmq4.Open(conn, sec, cfg.Type, cfg.ID, cfg.Server, nil)
	return err
}

// openError gives the reason behind zmq4's chain of wraps.
func openError(ctx context.Context, err error, watch *watchedMechanism, cfg Config) error {
	late, overdue := errors.AsType[*overdueError](err)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case overdue && late.due == zmq4.CmdHello:
		return fmt.Errorf("no handshake within %v, the peer has to begin it as the %s client: %w", cfg.Timeout, watch.Type(), context.DeadlineExceeded)
	case overdue:
		return fmt.Errorf("no handshake within %v, %v: %w", cfg.Timeout, late, context.DeadlineExceeded)
	case isTimeout(err):
		return fmt.Errorf("no handshake within %v: %w", cfg.Timeout, context.DeadlineExceeded)
	case watch.meta != nil && knownType(watch.peer) && !watch.peer.IsCompatible(cfg.Type):
		return &IncompatibleError{Own: cfg.Type, Peer: watch.peer, cause: err}
	case errors.Is(err, zmq4.ErrBadCmd):
		return fmt.Errorf("%w: a malformed handshake command", ErrProtocol)
	}
	for _, find := range []func(error) error{
		as[*NotZMTPError], as[*MechanismError], as[*RoleError], as[*RefusedError], as[*UnansweredError], as[*DeniedError], as[*IncompatibleError],
	} {
		if reason := find(err); reason != nil {
			return reason
		}
	}
	return err
}

// as gives the error of type E in err's chain, or nil.
func as[E error](err error) error {
	if reason, ok := errors.AsType[E](err); ok {
		return reason
	}
	return nil
}

// A watchedMechanism keeps what the peer said of itself, and ends the handshake
// before zmq4 panics over a socket type that it doesn't know.
type watchedMechanism struct {
	zmq4.Security
	own      zmq4.SocketType
	twoRoles bool // a client's and a server's
	meta     zmq4.Metadata
	peer     zmq4.SocketType
}

func (w *watchedMechanism) Handshake(conn *zmq4.Conn, server bool) error {
	if w.twoRoles && server && conn.Peer.Server {
		return &RoleError{Mechanism: w.Type(), Server: true}
	}
	err := w.Security.Handshake(conn, server)
	switch {
	case w.twoRoles && !server && errors.Is(err, errUnexpectedHello):
		return &RoleError{Mechanism: w.Type()}
	case err != nil:
		return err
	}
	w.meta = conn.Peer.Meta
	w.peer = zmq4.SocketType(w.meta[PropertySocketType])
	if !knownType(w.peer) {
		return &IncompatibleError{Own: w.own, Peer: w.peer}
	}
	return nil
}
