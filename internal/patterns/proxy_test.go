package patterns

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-zeromq/zmq4"
)

// A standing is a proxy at work between two bound sockets.
type standing struct {
	front, back string // endpoints
	stop        context.CancelFunc
	ended       chan struct{} // closed at its end
	lost        int           // once it has ended
	err         error
}

func stand(t *testing.T, front, back zmq4.SocketType, tap func([]zmq4.Msg), opts ...Option) *standing {
	t.Helper()
	return standOf(t, newSocket(t, front, opts...), newSocket(t, back, opts...), tap)
}

// standBetween is stand for sides with options of their own.
func standBetween(t *testing.T, front, back zmq4.SocketType, frontOpts, backOpts []Option) *standing {
	t.Helper()
	return standOf(t, newSocket(t, front, frontOpts...), newSocket(t, back, backOpts...), nil)
}

func standOf(t *testing.T, f, b *Socket, tap func([]zmq4.Msg)) *standing {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	p := &standing{
		front: mustBind(t, f, freeEndpoint(t, TransportInproc)), back: mustBind(t, b, freeEndpoint(t, TransportInproc)),
		stop: cancel, ended: make(chan struct{}),
	}
	go func() {
		defer close(p.ended)
		p.lost, p.err = Proxy(ctx, f, b, tap)
		b.Drain(within(t, patience))
		f.Drain(within(t, patience))
	}()
	t.Cleanup(func() {
		cancel()
		<-p.ended
	})
	return p
}

func peerOf(t *testing.T, typ zmq4.SocketType, endpoint string, opts ...Option) *Socket {
	t.Helper()
	s := newSocket(t, typ, opts...)
	mustConnect(t, s, endpoint)
	return s
}

func TestProxyQueue(t *testing.T) {
	p := stand(t, zmq4.Router, zmq4.Dealer, nil)
	worker := peerOf(t, zmq4.Rep, p.back)
	for i := range 3 {
		client := peerOf(t, zmq4.Req, p.front)
		mustSend(t, client, "ask", sequence(i))
		wantRecv(t, worker, "ask", sequence(i))
		mustSend(t, worker, "reply", sequence(i))
		wantRecv(t, client, "reply", sequence(i))
		client.Close()
	}
}

// Subscriptions go up and messages down, for those that were there first and for
// those that come later.
func TestProxyForwarder(t *testing.T) {
	p := stand(t, zmq4.XSub, zmq4.XPub, nil)
	first := peerOf(t, zmq4.XPub, p.front)
	sub := peerOf(t, zmq4.Sub, p.back)
	if err := sub.Subscribe("a"); err != nil {
		t.Fatal(err)
	}
	wantRecv(t, first, "\x01a")
	second := peerOf(t, zmq4.XPub, p.front)
	wantRecv(t, second, "\x01a")
	mustSend(t, first, "b1")
	mustSend(t, first, "a1")
	wantRecv(t, sub, "a1")
	mustSend(t, second, "a2", "more")
	wantRecv(t, sub, "a2", "more")
	sub.Close()
	wantRecv(t, first, "\x00a")
	wantRecv(t, second, "\x00a")
}

// What nobody takes at the one side makes the other wait; nothing is lost.
func TestProxyStreamerPassesBackPressure(t *testing.T) {
	const count = 5000
	p := stand(t, zmq4.Pull, zmq4.Push, nil, WithHWM(5))
	push := peerOf(t, zmq4.Push, p.front, WithHWM(5))
	body := strings.Repeat("x", 10000)
	sent := make(chan error, 1)
	go func() {
		for i := range count {
			if err := push.SendContext(within(t, patience), message(sequence(i), body)); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	eventually(t, "the pusher waits", func() bool {
		return push.locked(func() bool { return push.unsent >= 5 })
	})
	select {
	case err := <-sent:
		t.Fatalf("all was taken: %v", err)
	default:
	}
	pull := peerOf(t, zmq4.Pull, p.back)
	for i := range count {
		wantRecv(t, pull, sequence(i), body)
	}
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
}

// The tap sees all messages in order, of both ways, and no subscriptions.
func TestProxyTap(t *testing.T) {
	var (
		mu   sync.Mutex
		seen []string
	)
	tap := func(msgs []zmq4.Msg) {
		mu.Lock()
		defer mu.Unlock()
		for _, m := range msgs {
			seen = append(seen, fmt.Sprintf("%s", m.Frames))
		}
	}
	p := stand(t, zmq4.XSub, zmq4.XPub, tap)
	pub := peerOf(t, zmq4.XPub, p.front)
	sub := peerOf(t, zmq4.Sub, p.back)
	if err := sub.Subscribe(""); err != nil {
		t.Fatal(err)
	}
	wantRecv(t, pub, "\x01")
	mustSend(t, pub, "one")
	mustSend(t, pub, "two", "2")
	wantRecv(t, sub, "one")
	wantRecv(t, sub, "two", "2")
	mu.Lock()
	defer mu.Unlock()
	if want := []string{"[one]", "[two 2]"}; !slices.Equal(seen, want) {
		t.Errorf("the tap saw %q, want %q", seen, want)
	}
}

// At its end a proxy passes on what it has received, or counts it.
func TestProxyEnd(t *testing.T) {
	const count = 500
	for _, there := range []bool{true, false} {
		t.Run(fmt.Sprintf("a puller is there: %v", there), func(t *testing.T) {
			p := stand(t, zmq4.Pull, zmq4.Push, nil)
			raw := rawPeer(t, p.front, zmq4.Push, "")
			var pull *Socket
			if there {
				pull = peerOf(t, zmq4.Pull, p.back)
			}
			for i := range count {
				mustWrite(t, raw, frame(sequence(i)))
			}
			settle(t, raw)
			p.stop()
			if there {
				for i := range count {
					wantRecv(t, pull, sequence(i))
				}
			}
			<-p.ended
			want := count
			if there {
				want = 0
			}
			if p.lost != want || p.err != nil {
				t.Errorf("%d were lost, want %d; %v", p.lost, want, p.err)
			}
		})
	}
}
