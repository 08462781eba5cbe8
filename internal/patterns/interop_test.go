package patterns

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/peertest"
	"fogmq/internal/zmtp"
)

// A libzmq is a socket of libzmq's, in a Python process.
type libzmq struct {
	*peertest.Peer
	typ zmq4.SocketType
}

func startLibzmq(t *testing.T) *libzmq {
	t.Helper()
	return &libzmq{Peer: peertest.Start(t, "testdata/peer.py")}
}

// open makes the process's socket; an earlier one was closed. how is "bind" or
// "connect".
func (z *libzmq) open(typ zmq4.SocketType, how, endpoint string, options ...string) {
	z.typ = typ
	z.Tell(strings.Join(append([]string{"open", string(typ), how, endpoint}, options...), " "))
	z.WaitFor("opened ")
}

func (z *libzmq) close() {
	z.Tell("close")
	z.Wait("closed")
}

func (z *libzmq) String() string { return "libzmq's " + string(z.typ) }

func (z *libzmq) send(_ testing.TB, frames []string) {
	command := "send"
	for _, f := range frames {
		command += " x" + hex.EncodeToString([]byte(f))
	}
	z.Tell(command)
	z.Wait("sent")
}

func (z *libzmq) receive(t testing.TB) []string {
	t.Helper()
	z.Tell("recv")
	var frames []string
	for _, word := range strings.Fields(z.WaitFor("got ")) {
		f, err := hex.DecodeString(word[1:])
		if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, string(f))
	}
	return frames
}

// libzmqOptions are the options that ours has, as peer.py takes them.
func libzmqOptions(typ zmq4.SocketType, opts []Option) (texts []string) {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	if len(o.id) > 0 {
		texts = append(texts, "ROUTING_ID="+hex.EncodeToString(o.id))
	}
	if typ == zmq4.Sub {
		texts = append(texts, "SUBSCRIBE="+hex.EncodeToString([]byte("topic")))
	}
	return texts
}

// Every compatible pair talks with libzmq on either side, whichever side binds
// and whichever is first, over both transports that the two have in common.
func TestInteropPairs(t *testing.T) {
	for _, c := range conversations {
		for _, oursIsA := range []bool{true, false} {
			if c.a == c.b && !oursIsA {
				continue
			}
			name := map[bool]string{true: "%s-libzmq's %s", false: "libzmq's %s-%s"}[oursIsA]
			t.Run(fmt.Sprintf(name, c.a, c.b), func(t *testing.T) {
				t.Parallel()
				theirs := startLibzmq(t)
				for _, transport := range []string{TransportTCP, TransportIPC} {
					for _, weBind := range []bool{true, false} {
						for _, weFirst := range []bool{true, false} {
							t.Run(fmt.Sprintf("%s/we bind %v/we first %v", transport, weBind, weFirst), func(t *testing.T) {
								interop(t, c, theirs, oursIsA, freeEndpoint(t, transport), weBind, weFirst)
							})
						}
					}
				}
				theirs.End()
			})
		}
	}
}

func interop(t *testing.T, c conversation, theirs *libzmq, oursIsA bool, endpoint string, weBind, weFirst bool, secured ...security) {
	ourType, theirType, ourOpts, theirOpts := c.a, c.b, c.optsA, c.optsB
	if !oursIsA {
		ourType, theirType, ourOpts, theirOpts = c.b, c.a, c.optsB, c.optsA
	}
	theirTexts := libzmqOptions(theirType, theirOpts)
	for _, s := range secured {
		ourOpts = append(slices.Clip(ourOpts), WithSecurity(s.ours))
		theirTexts = append(theirTexts, s.theirs...)
	}
	ours := newSocket(t, ourType, ourOpts...)
	var a, b talker = ours, theirs
	if !oursIsA {
		a, b = theirs, ours
	}
	start := func() {
		if weBind {
			mustBind(t, ours, endpoint)
			return
		}
		mustConnect(t, ours, endpoint)
	}
	if weFirst {
		start()
	}
	theirs.open(theirType, map[bool]string{true: "connect", false: "bind"}[weBind], endpoint, theirTexts...)
	if !weFirst {
		start()
	}
	if c.before != nil {
		c.before(t, a, b)
	}
	c.talk(t, a, b)
	theirs.close()
	ours.Close()
}

// An abstract name is the same to both.
func TestInteropAbstractName(t *testing.T) {
	for _, weBind := range []bool{true, false} {
		endpoint := fmt.Sprintf("ipc://@fogmq-%s-%d", t.Name(), time.Now().UnixNano())
		theirs := startLibzmq(t)
		interop(t, conversations[0], theirs, true, endpoint, weBind, weBind)
	}
}

// mixed is message i of the long exchange; peer.py has the same.
func mixed(i int) []string {
	size := i * 7919 % 600
	if i%10 == 0 {
		size = 0
	}
	if i%1000 == 999 {
		size = 70000
	}
	if i%25000 == 24999 {
		size = 2 << 20
	}
	frames := []string{strings.Repeat(string([]byte{byte(i * 31)}), size)}
	if i%5 == 1 {
		frames = []string{sequence(i), frames[0]}
	}
	return frames
}

// A hundred thousand messages of all sizes arrive whole and in order, both ways.
func TestInteropManyMessages(t *testing.T) {
	n := 100000
	if testing.Short() {
		n = 25000
	}
	for _, transport := range []string{TransportTCP, TransportIPC} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			theirs := startLibzmq(t)
			push := newSocket(t, zmq4.Push)
			theirs.open(zmq4.Pull, "connect", mustBind(t, push, freeEndpoint(t, transport)))
			theirs.Tell(fmt.Sprintf("recv-mixed %d", n))
			for i := range n {
				mustSend(t, push, mixed(i)...)
			}
			theirs.Wait("right")
			theirs.close()

			pull := newSocket(t, zmq4.Pull)
			theirs.open(zmq4.Push, "connect", mustBind(t, pull, freeEndpoint(t, transport)))
			theirs.Tell(fmt.Sprintf("send-mixed %d", n))
			for i := range n {
				wantRecv(t, pull, mixed(i)...)
			}
			theirs.Wait("sent")
		})
	}
}

// libzmq's process is killed in mid-stream and started again, twice: our sender
// carries on, and no message ever comes in part.
func TestInteropKilledReceiver(t *testing.T) {
	for _, weBind := range []bool{true, false} {
		t.Run(fmt.Sprintf("we bind %v", weBind), func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t, TransportTCP)
			push := newSocket(t, zmq4.Push)
			how := "bind"
			if weBind {
				how = "connect"
				mustBind(t, push, endpoint)
			} else {
				mustConnect(t, push, endpoint)
			}
			stop := make(chan struct{})
			stopped := make(chan error, 1)
			go func() {
				for i := 0; ; i++ {
					select {
					case <-stop:
						stopped <- push.SendContext(t.Context(), message("end"))
						return
					default:
					}
					if err := push.SendContext(t.Context(), message(sequence(i), strings.Repeat("x", i%3000))); err != nil {
						stopped <- err
						return
					}
				}
			}()
			for life := range 3 {
				theirs := startLibzmq(t)
				theirs.open(zmq4.Pull, how, endpoint)
				theirs.Tell("swallow")
				theirs.Wait("swallowing")
				if life < 2 {
					theirs.Kill()
					continue
				}
				close(stop)
				wantErr(t, "the sender", <-stopped, nil)
				theirs.Wait("right")
			}
		})
	}
}

// The same with libzmq as the sender.
func TestInteropKilledSender(t *testing.T) {
	for _, weBind := range []bool{true, false} {
		t.Run(fmt.Sprintf("we bind %v", weBind), func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t, TransportTCP)
			pull := newSocket(t, zmq4.Pull)
			how := "bind"
			if weBind {
				how = "connect"
				mustBind(t, pull, endpoint)
			} else {
				mustConnect(t, pull, endpoint)
			}
			next := make(map[string]int) // by life: what came of the last may still be there
			for life := range 3 {
				name := sequence(life)
				theirs := startLibzmq(t)
				theirs.open(zmq4.Push, how, endpoint)
				theirs.Tell("flood " + name)
				for next[name] < 2000 {
					frames := mustRecv(t, pull)
					i := next[frames[0]]
					if len(frames) != 3 || frames[1] != sequence(i) || len(frames[2]) != i%3000 {
						t.Fatalf("message %.50q, want number %d", frames, i)
					}
					next[frames[0]]++
				}
				theirs.Kill()
			}
		})
	}
}

// A libzmq publisher that is killed and comes back is subscribed to again.
func TestInteropKilledPublisher(t *testing.T) {
	endpoint := freeEndpoint(t, TransportTCP)
	sub := newSocket(t, zmq4.Sub)
	sub.Subscribe("topic")
	mustConnect(t, sub, endpoint)
	for range 2 {
		theirs := startLibzmq(t)
		theirs.open(zmq4.Pub, "bind", endpoint)
		publishes(t, theirs, sub)
		theirs.Kill()
	}
}

// A libzmq REP that is killed with a request in hand loses it, no more.
func TestInteropKilledReplier(t *testing.T) {
	endpoint := freeEndpoint(t, TransportTCP)
	req := newSocket(t, zmq4.Req)
	mustConnect(t, req, endpoint)
	theirs := startLibzmq(t)
	theirs.open(zmq4.Rep, "bind", endpoint)
	requests(t, req, theirs)
	mustSend(t, req, "lost")
	wantRecv(t, theirs, "lost")
	theirs.Kill()
	_, err := req.RecvContext(within(t, patience))
	wantErr(t, "the replier died", err, ErrRequestLost)
	again := startLibzmq(t)
	again.open(zmq4.Rep, "bind", endpoint)
	requests(t, req, again)
}

// Whoever of the two has heartbeats, or both, an idle connection stays.
func TestInteropHeartbeats(t *testing.T) {
	const theirsEvery = "HEARTBEAT_IVL=50 HEARTBEAT_TIMEOUT=2000 HEARTBEAT_TTL=2000"
	for name, c := range map[string]struct {
		ours   []Option
		theirs string
	}{
		"theirs": {nil, theirsEvery},
		"ours":   {[]Option{WithHeartbeat(500 * time.Millisecond)}, ""},
		"both":   {[]Option{WithHeartbeat(500 * time.Millisecond)}, theirsEvery},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen events
			pair := newSocket(t, zmq4.Pair, append(c.ours, seen.option())...)
			bound := mustBind(t, pair, freeEndpoint(t, TransportTCP))
			theirs := startLibzmq(t)
			theirs.open(zmq4.Pair, "connect", bound, strings.Fields(c.theirs)...)
			mustWaitPeers(t, pair, 1)
			awaitHeartbeats(t, pair, 3)
			bothWays(t, pair, theirs)
			if lost := seen.of(EventDisconnected); len(lost) > 0 {
				t.Errorf("%v", lost)
			}
		})
	}
}

// A libzmq of the wrong type is refused by name.
func TestInteropIncompatible(t *testing.T) {
	var seen events
	pub := newSocket(t, zmq4.Pub, seen.option())
	bound := mustBind(t, pub, "tcp://127.0.0.1:0")
	theirs := startLibzmq(t)
	theirs.open(zmq4.Pull, "connect", bound)
	e := seen.wait(t, EventHandshakeFailed, 1)
	if reason, ok := errors.AsType[*zmtp.IncompatibleError](e.Err); !ok || reason.Peer != zmq4.Pull {
		t.Errorf("%v", e)
	}
}
