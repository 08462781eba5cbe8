package patterns

import (
	"context"
	"runtime"
	"testing"

	"github.com/go-zeromq/zmq4"
)

// heap is what lives in memory, after a garbage collection.
func heap() int64 {
	var m runtime.MemStats
	for range 3 { // what a pool keeps goes with the second
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// slack is what sockets and connections have besides messages: buffers that are
// being written and read, and those that are only begun.
const slack = 3 << 20

// overloadSize is large against what is kept of a message beside its bytes.
const overloadSize = 1 << 10

// wantHeap checks that no more messages live in memory than queues have room for.
func wantHeap(t *testing.T, before int64, messages int) {
	t.Helper()
	const each = overloadSize + 256
	took, most := heap()-before, int64(messages*each+slack)
	t.Logf("%d KiB for at most %d messages, bound %d KiB", took>>10, messages, most>>10)
	if took > most {
		t.Errorf("%d KiB live in memory, at most %d messages may, which are %d KiB", took>>10, messages, most>>10)
	}
}

// steadily waits until a number stays the same for a while. What is then checked
// holds at all times: it only is no hard test before.
func steadily(t *testing.T, number func() uint64) {
	t.Helper()
	last, same := number(), 0
	eventually(t, "nothing moves any more", func() bool {
		now := number()
		if now == last {
			same++
		} else {
			last, same = now, 0
		}
		return same > 100
	})
}

// A PUSH whose peer never receives is stopped, and what both keep in memory
// follows from their high-water marks.
func TestOverloadStopsAPush(t *testing.T) {
	for _, transport := range transports {
		for _, hwm := range []int{10, 1000, 5000} {
			t.Run(transport+"/"+sequence(hwm), func(t *testing.T) {
				push, pull := newSocket(t, zmq4.Push, WithHWM(hwm)), newSocket(t, zmq4.Pull, WithHWM(hwm))
				mustConnect(t, push, mustBind(t, pull, freeEndpoint(t, transport)))
				mustWaitPeers(t, push, 1)
				before := heap()
				const many = 200_000 // far more than queues and kernel take
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				ended := make(chan error, 1)
				accepted := make(chan int, 1)
				go func() {
					n, err := sendUntil(ctx, push, many)
					accepted <- n
					ended <- err
				}()
				steadily(t, func() uint64 { return push.Stats().MsgsOut })
				if queued := push.queued(); queued > hwm {
					t.Errorf("%d messages are queued, %d may be", queued, hwm)
				}
				if got := pull.waiting(); got > hwm {
					t.Errorf("%d messages wait to be received, %d may", got, hwm)
				}
				wantHeap(t, before, 2*hwm)
				cancel()
				n := <-accepted
				wantErr(t, "the sender", <-ended, context.Canceled)
				// None of them is lost.
				if err := receive(pull, n, make([]zmq4.Msg, benchBatch), 1, nil); err != nil {
					t.Fatal(err)
				}
				wantErr(t, "one more", errOf(pull.RecvContext(within(t, short))), context.DeadlineExceeded)
			})
		}
	}
}

func errOf(_ zmq4.Msg, err error) error { return err }

// sendUntil sends messages of overloadSize bytes, each with memory of its own,
// until ctx ends or there have been so many.
func sendUntil(ctx context.Context, s *Socket, most int) (n int, err error) {
	for n < most && err == nil {
		var m int
		m, err = s.SendBatch(ctx, benchMessages(min(100, most-n), overloadSize))
		n += m
	}
	return n, err
}

// queued counts the messages that are queued for peers and not being written.
func (s *Socket) queued() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range s.pipes {
		n += p.out.msgs - p.out.flying
	}
	return n
}

// waiting counts the messages that came and were not received.
func (s *Socket) waiting() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range s.pipes {
		n += p.in.msgs
	}
	return n
}

// A PUB drops what a subscriber that has stopped has no room for, and goes on.
func TestOverloadMakesAPubDrop(t *testing.T) {
	const hwm = 1000
	pub := newSocket(t, zmq4.Pub, WithHWM(hwm))
	sub := newSocket(t, zmq4.Sub, WithHWM(hwm))
	sub.Subscribe("")
	mustConnect(t, sub, mustBind(t, pub, freeEndpoint(t, TransportTCP)))
	mustWaitSubscribers(t, pub, 1)
	before := heap()
	const many = 200_000
	if _, err := sendUntil(t.Context(), pub, many); err != nil {
		t.Fatal(err)
	}
	if queued := pub.queued(); queued > hwm {
		t.Errorf("%d messages are queued, %d may be", queued, hwm)
	}
	wantHeap(t, before, 2*hwm)
	dropped := int(pub.Stats().Dropped)
	if dropped == 0 {
		t.Fatal("none of the messages was dropped")
	}
	if err := receive(sub, many-dropped, make([]zmq4.Msg, benchBatch), 1, nil); err != nil {
		t.Fatal(err)
	}
	wantErr(t, "one more", errOf(sub.RecvContext(within(t, short))), context.DeadlineExceeded)
	pub.Drain(within(t, patience)) // what was received is booked as written a little later
	if stats := pub.Stats(); stats.MsgsOut+stats.Dropped != many {
		t.Errorf("%d messages were written and %d dropped, of %d", stats.MsgsOut, stats.Dropped, many)
	}
}
