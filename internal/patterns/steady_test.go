package patterns

import (
	"errors"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// Messages that come and go allocate nothing but, at times, a buffer that many of
// them share.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	if underRace {
		t.Skip("the race detector allocates too")
	}
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			push, pull := newSocket(t, zmq4.Push), newSocket(t, zmq4.Pull)
			mustConnect(t, push, mustBind(t, pull, freeEndpoint(t, transport)))
			mustWaitPeers(t, push, 1)
			msgs, dst := benchMessages(256, 64), make([]zmq4.Msg, 256)
			move := func(n int) {
				t.Helper()
				sent := make(chan error, 1)
				go func() { sent <- give(push, msgs, n) }()
				if err := errors.Join(receive(pull, n, dst, 1, nil), <-sent); err != nil {
					t.Fatal(err)
				}
			}
			const n = 200_000
			move(n / 10) // until the buffers have the size that they need
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			move(n)
			runtime.ReadMemStats(&after)
			mallocs, bytes := after.Mallocs-before.Mallocs, after.TotalAlloc-before.TotalAlloc
			t.Logf("%d messages took %d allocations of %d bytes", n, mallocs, bytes)
			if mallocs > n/20 {
				t.Errorf("%d messages took %d allocations, more than %d", n, mallocs, n/20)
			}
			if bytes > n*64 {
				t.Errorf("%d messages of 64 bytes took %d bytes of new memory", n, bytes)
			}
		})
	}
}

// cpuTime is what this process has used.
func cpuTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// Sockets that have nothing to do use no processor, whether somebody is there or
// not, and whether somebody waits for them or not.
func TestIdleSocketsUseNoProcessor(t *testing.T) {
	pairs := map[zmq4.SocketType]zmq4.SocketType{
		zmq4.Push: zmq4.Pull, zmq4.Pub: zmq4.Sub, zmq4.Req: zmq4.Rep, zmq4.Dealer: zmq4.Router, zmq4.Pair: zmq4.Pair,
	}
	for from, to := range pairs {
		for _, transport := range transports {
			a, b := newSocket(t, from), newSocket(t, to)
			if to == zmq4.Sub {
				b.Subscribe("")
			}
			mustConnect(t, a, mustBind(t, b, freeEndpoint(t, transport)))
			mustWaitPeers(t, a, 1)
			mustWaitPeers(t, b, 1)
			go b.RecvContext(t.Context())
			// One whose queue is full, and someone who waits for room in it.
			full, deaf := newSocket(t, zmq4.Push, WithHWM(1)), newSocket(t, zmq4.Pull, WithHWM(1))
			mustConnect(t, full, mustBind(t, deaf, freeEndpoint(t, transport)))
			mustWaitPeers(t, full, 1)
			go give(full, benchMessages(1, 1<<20), 1<<30)
			eventually(t, "the queue is full", func() bool { return full.locked(func() bool { return isStuck(full) }) })
		}
	}
	const (
		window = time.Second
		most   = window / 10
		tries  = 5
	)
	var used time.Duration
	for range tries { // a garbage collection may fall into one of them, and who waits in vain into all
		runtime.GC()
		before := cpuTime(t)
		<-time.After(window)
		if used = cpuTime(t) - before; used < most {
			t.Logf("%v of processor time in %v", used, window)
			return
		}
	}
	t.Errorf("idle sockets use %v of processor time in %v", used, window)
}

// isStuck reports whether a socket has a peer whose queue somebody found full.
func isStuck(s *Socket) bool {
	for p := range s.pipes {
		if p.full {
			return true
		}
	}
	return false
}
