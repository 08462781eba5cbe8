package patterns

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// benchBatch is how many messages cross between a socket and its user at a time.
const benchBatch = 1024

// benchMessages returns so many messages of one frame of size bytes.
func benchMessages(n, size int) []zmq4.Msg {
	msgs := make([]zmq4.Msg, n)
	for i := range msgs {
		msgs[i] = zmq4.NewMsg(make([]byte, size))
	}
	return msgs
}

// An outbox that is filled and written in turn, as with a peer that keeps up.
func BenchmarkOutbox(b *testing.B) {
	const lot = 64 // what is written at a time
	for _, size := range []int{16, 64, 1024, CopiedBody, 65536} {
		msgs := benchMessages(lot, size)
		ways := map[string]func(o *outbox, msgs []zmq4.Msg){
			"push": func(o *outbox, msgs []zmq4.Msg) {
				for _, m := range msgs {
					o.push(nil, m.Frames)
				}
			},
			"batch": (*outbox).pushBatch,
		}
		for _, way := range []string{"push", "batch"} {
			b.Run(way+"/"+strconv.Itoa(size), func(b *testing.B) {
				var o outbox
				var bufs [][]byte
				b.SetBytes(int64(size))
				b.ReportAllocs()
				for n := 0; n < b.N; {
					ways[way](&o, msgs[:min(lot, b.N-n)])
					for !o.empty() {
						bufs = o.take(bufs[:0])
						n += o.written()
					}
				}
			})
		}
	}
}

// An envelope in front, as a REQ and a ROUTER have it.
func BenchmarkOutboxEnvelope(b *testing.B) {
	var o outbox
	var bufs [][]byte
	envelope, frames := [][]byte{[]byte("id"), {}}, benchMessages(1, 64)[0].Frames
	b.ReportAllocs()
	for b.Loop() {
		o.push(envelope, frames)
		bufs = o.take(bufs[:0])
		o.written()
	}
}

// The queue between connections and who receives: what so many peers sent is
// delivered and taken out, a lot of each at a time.
func BenchmarkFairQueue(b *testing.B) {
	const lot = 256
	var wire []byte
	for range lot {
		wire = zmtp.AppendFrame(wire, 0, make([]byte, 64))
	}
	for _, peers := range []int{1, 10, 100} {
		b.Run(strconv.Itoa(peers), func(b *testing.B) {
			s := newSocket(b, zmq4.Pull)
			s.Recycle()
			queue := s.pattern.(*pull)
			pipes := make([]*pipe, peers)
			for i := range pipes {
				pipes[i] = newPipe("", false)
			}
			run := decoded(b, wire)
			dst := make([]zmq4.Msg, benchBatch)
			b.ReportAllocs()
			b.ResetTimer()
			for n := 0; n < b.N; s.Recycle() {
				for i := 0; i < peers && n < b.N; i++ {
					queue.deliver(pipes[i], run)
					n += run.Len()
				}
				s.mu.Lock()
				for queue.take(dst) > 0 {
				}
				s.mu.Unlock()
			}
		})
	}
}

// decoded gives what a connection brought that has all of wire.
func decoded(b *testing.B, wire []byte) zmtp.Run {
	b.Helper()
	run, err := zmtp.NewDecoder(bytes.NewReader(wire), 0, nil).Read(1 << 20)
	if err != nil {
		b.Fatal(err)
	}
	return run
}

// A flow is messages on their way from one socket to others, which throw them
// away.
type flow struct {
	from *Socket
	to   []*Socket
}

// newFlow connects a socket with n of another type, which bind.
func newFlow(b *testing.B, transport string, from, to zmq4.SocketType, n int) *flow {
	b.Helper()
	f := &flow{}
	var bound []string
	for range n {
		s := newSocket(b, to)
		if to == zmq4.Sub {
			s.Subscribe("")
		}
		endpoint := "tcp://127.0.0.1:0"
		if transport != TransportTCP {
			endpoint = freeEndpoint(b, transport)
		}
		f.to, bound = append(f.to, s), append(bound, mustBind(b, s, endpoint))
	}
	// It is made last and so closed first: it would try to connect to the others
	// again as they go.
	f.from = newSocket(b, from)
	for _, endpoint := range bound {
		mustConnect(b, f.from, endpoint)
	}
	mustWaitPeers(b, f.from, n)
	if to == zmq4.Sub {
		mustWaitSubscribers(b, f.from, n)
	}
	return f
}

// receive takes messages from a socket until it has n, and calls window, if it is
// not nil, once for each so many.
func receive(s *Socket, n int, dst []zmq4.Msg, every int, window func()) error {
	for got := 0; got < n; {
		m, err := s.RecvBatch(context.Background(), dst[:min(len(dst), n-got)])
		if err != nil {
			return err
		}
		s.Recycle()
		if window != nil {
			for range (got+m)/every - got/every {
				window()
			}
		}
		got += m
	}
	return nil
}

// give sends n messages, a batch at a time.
func give(s *Socket, msgs []zmq4.Msg, n int) error {
	for n > 0 {
		m, err := s.SendBatch(context.Background(), msgs[:min(n, len(msgs))])
		if err != nil {
			return err
		}
		n -= m
	}
	return nil
}

// What it costs to hand messages of 64 bytes from one socket to another: many at
// a time, and one after the other, which waits each time.
func BenchmarkHandOver(b *testing.B) {
	for _, transport := range []string{TransportInproc, TransportTCP} {
		b.Run(transport+"/batch", func(b *testing.B) {
			f := newFlow(b, transport, zmq4.Push, zmq4.Pull, 1)
			msgs, dst := benchMessages(benchBatch, 64), make([]zmq4.Msg, benchBatch)
			received := make(chan error, 1)
			b.SetBytes(64)
			b.ReportAllocs()
			b.ResetTimer()
			go func() { received <- receive(f.to[0], b.N, dst, 1, nil) }()
			if err := errors.Join(give(f.from, msgs, b.N), <-received); err != nil {
				b.Fatal(err)
			}
		})
		b.Run(transport+"/alone", func(b *testing.B) {
			f := newFlow(b, transport, zmq4.Push, zmq4.Pull, 1)
			msg := benchMessages(1, 64)[0]
			b.ReportAllocs()
			for b.Loop() {
				if err := f.from.SendContext(b.Context(), msg); err != nil {
					b.Fatal(err)
				}
				if _, err := f.to[0].RecvContext(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
