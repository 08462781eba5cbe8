package patterns

import (
	"testing"

	"github.com/go-zeromq/zmq4"
)

// A ROUTER gives a late reply to whoever has the routing id now. A REQ that has
// one must know it for what it is, and still take the envelopes apart that all
// peers give back.
func TestReqWithAnIDKnowsALateReply(t *testing.T) {
	router := newSocket(t, zmq4.Router, WithHandover(true))
	bound := mustBind(t, router, "tcp://127.0.0.1:0")
	req := newSocket(t, zmq4.Req, WithID(zmq4.SocketIdentity("me")))
	mustConnect(t, req, bound)

	mustSend(t, req, "a")
	wantRecv(t, router, "me", "", "a")
	req.Reset()
	mustSend(t, req, "a") // the same again: no other envelope
	wantRecv(t, router, "me", "", "a")
	mustSend(t, router, "me", "", "answer to a")
	wantRecv(t, req, "answer to a")

	mustSend(t, req, "b")
	asked := mustRecv(t, router)
	if len(asked) != 4 || asked[2] != "" || asked[3] != "b" {
		t.Fatalf("the ROUTER received %q, want an id, a number, an empty frame and b", asked)
	}
	mustSend(t, router, "me", "", "late answer to a")
	mustSend(t, router, "me", "0000", "", "nobody's number")
	asked[3] = "answer to b"
	mustSend(t, router, asked...)
	wantRecv(t, req, "answer to b")
}

// With a backlog, a socket that only binds queues for the first peer to come, up
// to the high-water mark; then it waits, as one that connects does.
func TestBacklog(t *testing.T) {
	endpoint := freeEndpoint(t, TransportTCP)
	push := newSocket(t, zmq4.Push, WithBacklog(true), WithHWM(3))
	mustBind(t, push, endpoint)
	for i := range 3 {
		mustSend(t, push, sequence(i))
	}
	if err := push.SendContext(within(t, short), message("more")); err == nil {
		t.Error("the queue has more than its high-water mark")
	}
	if left := push.Drain(within(t, short)); left != 3 {
		t.Errorf("%d messages are unsent, want 3", left)
	}
	pull := newSocket(t, zmq4.Pull)
	mustConnect(t, pull, endpoint)
	for i := range 3 {
		wantRecv(t, pull, sequence(i))
	}
	if left := push.Drain(within(t, patience)); left != 0 {
		t.Errorf("%d messages are unsent, want none", left)
	}
}

// The request that waited for the first peer gets its reply.
func TestBacklogOfAReq(t *testing.T) {
	endpoint := freeEndpoint(t, TransportTCP)
	req := newSocket(t, zmq4.Req, WithBacklog(true))
	mustBind(t, req, endpoint)
	mustSend(t, req, "hello")
	rep := newSocket(t, zmq4.Rep)
	mustConnect(t, rep, endpoint)
	wantRecv(t, rep, "hello")
	mustSend(t, rep, "world")
	wantRecv(t, req, "world")
}
