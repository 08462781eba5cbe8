package cmd

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// Ports for tests are below those that the system gives out by itself, so that
// one that is free stays so while the process on it is started again.
const lowestPort, portRange = 15000, 16000

var lastPort atomic.Uint32

func init() { lastPort.Store(rand.Uint32N(portRange)) }

// freeEndpoint returns HOST:PORT on this machine where nobody listens.
func freeEndpoint(t *testing.T) string {
	t.Helper()
	for range portRange {
		endpoint := fmt.Sprintf("127.0.0.1:%d", lowestPort+lastPort.Add(1)%portRange)
		if l, err := net.Listen("tcp", endpoint); err == nil {
			leave(l)
			return endpoint
		} else if !errors.Is(err, syscall.EADDRINUSE) {
			t.Fatal(err)
		}
	}
	t.Fatal("no port is free")
	return ""
}

// leave closes a listener, or an end of a pipe, so that it is gone on return. A
// process that is just being started has a copy of it until its program begins,
// and ForkLock is held so long.
func leave(c io.Closer) {
	c.Close()
	syscall.ForkLock.RLock()
	syscall.ForkLock.RUnlock() //lint:ignore SA2001 waiting is the point
}

// awaitListener waits until somebody listens at an endpoint.
func awaitListener(t *testing.T, endpoint string) {
	t.Helper()
	retry := time.NewTicker(5 * time.Millisecond)
	defer retry.Stop()
	for deadline := time.Now().Add(patience); ; <-retry.C {
		conn, err := net.Dial("tcp", endpoint)
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("nobody listens: %v", err)
		}
	}
}

// awaitDialler waits until somebody tries to connect to an endpoint, and then
// is not there, as before.
func awaitDialler(t *testing.T, endpoint string) {
	t.Helper()
	l, err := net.Listen("tcp", endpoint)
	if err != nil {
		t.Fatal(err)
	}
	defer leave(l)
	if err := l.(*net.TCPListener).SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	conn, err := l.Accept()
	if err != nil {
		t.Fatalf("nobody connects: %v", err)
	}
	conn.Close()
}

// awaitStarted waits until the process on one side of an endpoint is at work.
func awaitStarted(t *testing.T, side, endpoint string) {
	t.Helper()
	if side == "bind" {
		awaitListener(t, endpoint)
	} else {
		awaitDialler(t, endpoint)
	}
}
