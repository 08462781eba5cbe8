package patterns

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"syscall"
	"testing"

	"github.com/go-zeromq/zmq4"
)

// needFiles skips a benchmark that needs more open files than it may have.
func needFiles(b *testing.B, n int) {
	b.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur < uint64(n) {
		b.Skipf("%d open files are needed, %d are allowed, %v", n, limit.Cur, err)
	}
}

// all runs f for each of the sockets at once.
func all(sockets []*Socket, f func(i int, s *Socket) error) error {
	errs := make([]error, len(sockets))
	var running sync.WaitGroup
	for i, s := range sockets {
		running.Go(func() { errs[i] = f(i, s) })
	}
	running.Wait()
	return errors.Join(errs...)
}

// part is the ith of so many almost equal parts of n.
func part(n, i, parts int) int { return n*(i+1)/parts - n*i/parts }

// What a message of 64 bytes costs where one PULL has so many connections that all
// send (pull), and where one PUSH has so many that it sends to in turn (push).
// All sockets are in this process, so it is the cost of both ends.
func BenchmarkConnections(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			needFiles(b, 6*n+100)
			in, out := newFanIn(b, n), newFlow(b, TransportTCP, zmq4.Push, zmq4.Pull, n)
			msgs := benchMessages(benchBatch, 64)
			b.Run("pull", func(b *testing.B) { in.run(b, msgs) })
			b.Run("push", func(b *testing.B) { out.push(b, msgs) })
		})
	}
}

// A fanIn is many PUSHes that one PULL is bound for.
type fanIn struct {
	pull   *Socket
	pushes []*Socket
}

func newFanIn(b *testing.B, n int) *fanIn {
	b.Helper()
	f := &fanIn{pull: newSocket(b, zmq4.Pull)}
	endpoint := mustBind(b, f.pull, "tcp://127.0.0.1:0")
	for range n {
		push := newSocket(b, zmq4.Push)
		mustConnect(b, push, endpoint)
		f.pushes = append(f.pushes, push)
	}
	mustWaitPeers(b, f.pull, n)
	return f
}

// run sends b.N messages, the same number from each.
func (f *fanIn) run(b *testing.B, msgs []zmq4.Msg) {
	b.ReportAllocs()
	received := make(chan error, 1)
	go func() { received <- receive(f.pull, b.N, make([]zmq4.Msg, benchBatch), 1, nil) }()
	err := all(f.pushes, func(i int, s *Socket) error { return give(s, msgs, part(b.N, i, len(f.pushes))) })
	if err := errors.Join(err, <-received); err != nil {
		b.Fatal(err)
	}
}

// push sends b.N messages, each to one of the receivers. Which gets how many is
// left to their queues.
func (f *flow) push(b *testing.B, msgs []zmq4.Msg) {
	b.ReportAllocs()
	total := &tally{left: b.N, done: make(chan struct{})}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	received := make(chan error, 1)
	go func() {
		received <- all(f.to, func(_ int, s *Socket) error {
			dst := make([]zmq4.Msg, benchBatch)
			for {
				n, err := s.RecvBatch(ctx, dst)
				if err != nil {
					return nil
				}
				s.Recycle()
				total.add(n)
			}
		})
	}()
	if err := give(f.from, msgs, b.N); err != nil {
		b.Fatal(err)
	}
	<-total.done
	b.StopTimer()
	cancel()
	<-received
}

// A tally tells when so many have been counted.
type tally struct {
	mu   sync.Mutex
	left int
	done chan struct{}
}

func (t *tally) add(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.left -= n; t.left == 0 {
		close(t.done)
	}
}

// publish sends b.N messages to subscribers which all want them all. It goes ahead
// of them by two windows, less than the queues have room for, so that none misses
// any.
func (f *flow) publish(b *testing.B, msgs []zmq4.Msg) {
	const window = DefaultHWM / 2
	acks := make(chan struct{}, 2*len(f.to))
	for range cap(acks) {
		acks <- struct{}{}
	}
	received := make(chan error, 1)
	go func() {
		received <- all(f.to, func(_ int, s *Socket) error {
			dst := make([]zmq4.Msg, benchBatch)
			return receive(s, b.N, dst, window, func() { acks <- struct{}{} })
		})
	}()
	var err error
	for sent := 0; sent < b.N && err == nil; {
		for range f.to {
			<-acks
		}
		n := min(window, b.N-sent)
		from := sent % (len(msgs) - window)
		err = give(f.from, msgs[from:from+n], n)
		sent += n
	}
	if err := errors.Join(err, <-received); err != nil {
		b.Fatal(err)
	}
	if dropped := f.from.Stats().Dropped; dropped > 0 {
		b.Fatalf("%d messages were dropped", dropped)
	}
}

// What it costs to publish a message of 64 bytes: for each subscriber, its own end
// included, and in all.
func BenchmarkSubscribers(b *testing.B) {
	for _, n := range []int{1, 10, 50} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			f := newFlow(b, TransportTCP, zmq4.Pub, zmq4.Sub, n)
			f.from.SetOption(zmq4.OptionHWM, 0) // some are ahead of others
			msgs := benchMessages(2*benchBatch, 64)
			b.ReportAllocs()
			b.ResetTimer()
			f.publish(b, msgs)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/delivery")
		})
	}
}

// What it costs to publish a message of 64 bytes to a subscriber with so many
// subscriptions, one of which it matches. Both ends look it up.
func BenchmarkSubscriptions(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000, 10_000, 100_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			pub, sub := newSocket(b, zmq4.Pub), newSocket(b, zmq4.Sub)
			for i := range n {
				sub.Subscribe(sensor(i))
			}
			mustConnect(b, pub, mustBind(b, sub, "tcp://127.0.0.1:0"))
			eventually(b, "all subscriptions are there", func() bool {
				return pub.locked(func() bool {
					for p := range pub.pipes {
						return len(p.topics) == n
					}
					return false
				})
			})
			rnd := rand.New(rand.NewPCG(1, 1))
			msgs := make([]zmq4.Msg, 64<<10)
			for i := range msgs {
				msgs[i] = zmq4.NewMsgString(fmt.Sprintf("%-64s", sensor(rnd.IntN(n))+"temperature"))
			}
			f := &flow{from: pub, to: []*Socket{sub}}
			b.ReportAllocs()
			b.ResetTimer()
			f.publish(b, msgs)
		})
	}
}

func sensor(i int) string { return fmt.Sprintf("sensor/%06d/", i) }
