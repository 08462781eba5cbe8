package patterns

import (
	"errors"
	"testing"

	"github.com/go-zeromq/zmq4"
)

func mustTakeRequest(t *testing.T, rep *Socket) *Request {
	t.Helper()
	r, err := rep.RecvRequest(within(t, patience))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustReply(t *testing.T, rep *Socket, r *Request, frames ...string) {
	t.Helper()
	if err := rep.Reply(r, message(frames...)); err != nil {
		t.Fatal(err)
	}
}

// Requests of several peers are answered in any order, those of one peer in the
// order in which it asked.
func TestRequestsAtATime(t *testing.T) {
	overTransports(t, func(t *testing.T, endpoint string) {
		rep := newSocket(t, zmq4.Rep)
		mustBind(t, rep, endpoint)
		req, dealer := newSocket(t, zmq4.Req), newSocket(t, zmq4.Dealer)
		mustConnect(t, req, endpoint)
		mustConnect(t, dealer, endpoint)
		mustSend(t, req, "of the req")
		first := mustTakeRequest(t, rep)
		mustSend(t, dealer, "hop", "", "one")
		mustSend(t, dealer, "hop", "", "two")
		one, two := mustTakeRequest(t, rep), mustTakeRequest(t, rep)
		if string(one.Frames[0]) != "one" || string(two.Frames[0]) != "two" {
			t.Fatalf("received %q and %q", one.Frames, two.Frames)
		}
		mustReply(t, rep, two, "reply to two")
		mustReply(t, rep, one, "reply to one")
		wantRecv(t, dealer, "hop", "", "reply to one")
		wantRecv(t, dealer, "hop", "", "reply to two")
		mustReply(t, rep, first, "reply", "to the req")
		wantRecv(t, req, "reply", "to the req")
		wantErr(t, "a second reply", rep.Reply(first, message("again")), ErrState)
	})
}

// The reply to a peer that has gone is dropped, though another has come to its
// endpoint.
func TestReplyToAPeerThatHasGone(t *testing.T) {
	endpoint := freeEndpoint(t, TransportTCP)
	rep := newSocket(t, zmq4.Rep)
	mustConnect(t, rep, endpoint)
	gone := newSocket(t, zmq4.Req)
	mustBind(t, gone, endpoint)
	mustSend(t, gone, "early")
	early := mustTakeRequest(t, rep)
	gone.Close()
	next := newSocket(t, zmq4.Req)
	mustBind(t, next, endpoint)
	mustSend(t, next, "late")
	late := mustTakeRequest(t, rep)
	mustReply(t, rep, early, "to nobody")
	mustReply(t, rep, late, "to the next")
	wantRecv(t, next, "to the next")
	if open := rep.locked(func() bool { return len(answers(rep).open) == 0 }); !open {
		t.Error("requests are kept that were answered")
	}
}

func TestRequestsAreRepsAlone(t *testing.T) {
	if _, err := newSocket(t, zmq4.Router).RecvRequest(t.Context()); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a ROUTER: %v", err)
	}
}

func answers(s *Socket) *rep { return s.pattern.(*rep) }
