package cmd

import (
	"runtime"

	"github.com/go-zeromq/zmq4"
)

// shareCores leaves half of the processors to others. A message passes through
// few goroutines, and they are quickest on one processor: on more of them threads
// are woken that find nothing to do, while the peer and the neighbours in the
// pipeline, mostly on the same machine, wait for a core. Who sets GOMAXPROCS knows
// better.
func (e *env) shareCores() {
	if e.getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(max(1, runtime.NumCPU()/2))
	}
}

// writesToMany tells whether a socket writes each message to many peers, which
// keeps many processors busy.
func writesToMany(t zmq4.SocketType) bool { return t == zmq4.Pub || t == zmq4.XPub }
