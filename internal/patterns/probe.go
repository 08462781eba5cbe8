package patterns

import (
	"context"
	"net"
	"sync"
	"syscall"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// ProbeConfig is what Probe asks a peer, and what it may show it.
type ProbeConfig struct {
	// Security is the mechanism that we have keys or a password for; nil is none.
	Security zmq4.Security
	// Access is whom we may talk to.
	Access Access
	// Pings is how many round trips are timed.
	Pings int
}

// A Probed is what Probe found out about an endpoint. What it did not is the zero
// value.
type Probed struct {
	zmtp.Probed
	// Address is what was connected to, of all addresses that a host has.
	Address string
	// Connect is how long the peer's system took to accept the first connection,
	// without the look-up of the host's name.
	Connect time.Duration
}

// Probe finds out who is at an endpoint, which must be of TCP or IPC, within the
// time of ctx. It takes no messages and nobody's place: see [zmtp.Probe]. What was
// found out before an error is returned with it. Safe for concurrent use.
func Probe(ctx context.Context, ep Endpoint, cfg ProbeConfig) (Probed, error) {
	var found Probed
	dial := func(ctx context.Context) (net.Conn, error) {
		conn, took, err := dialTimed(ctx, ep)
		if err != nil {
			return nil, err
		}
		if !cfg.Access.permits(conn.RemoteAddr()) {
			conn.Close()
			return nil, &AddressError{conn.RemoteAddr()}
		}
		if found.Address == "" {
			found.Address, found.Connect = peerAddr(conn), took
		}
		return conn, nil
	}
	var err error
	found.Probed, err = zmtp.Probe(ctx, dial, zmtp.ProbeConfig{Security: cfg.Security, Pings: cfg.Pings})
	return found, err
}

// dialTimed is dial that tells how long the address which accepted took to do so.
func dialTimed(ctx context.Context, ep Endpoint) (conn net.Conn, took time.Duration, err error) {
	var (
		mu    sync.Mutex // several addresses may be tried at once
		tried = make(map[string]time.Time)
		d     net.Dialer
	)
	d.Control = func(_, address string, _ syscall.RawConn) error {
		mu.Lock()
		defer mu.Unlock()
		tried[address] = time.Now()
		return nil
	}
	conn, err = dialWith(ctx, &d, ep)
	if err != nil {
		return nil, 0, err
	}
	mu.Lock()
	defer mu.Unlock()
	if began, ok := tried[peerAddr(conn)]; ok {
		took = time.Since(began)
	}
	return conn, took, nil
}
