package patterns

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// asker is what a REQ socket knows of its request.
func asker(s *Socket) *req { return s.pattern.(*req) }

// REQ and REP send and receive in turn.
func TestReqRepAlternate(t *testing.T) {
	overTransports(t, func(t *testing.T, endpoint string) {
		req, rep := newSocket(t, zmq4.Req), newSocket(t, zmq4.Rep)
		mustConnect(t, req, mustBind(t, rep, endpoint))
		recv := func(s *Socket) error {
			_, err := s.RecvContext(within(t, patience))
			return err
		}
		send := func(s *Socket) error { return s.SendContext(within(t, patience), message("x")) }
		for range 3 {
			wantErr(t, "REQ receives first", recv(req), ErrState)
			wantErr(t, "REP sends first", send(rep), ErrState)
			wantErr(t, "REQ sends", send(req), nil)
			wantErr(t, "REQ sends twice", send(req), ErrState)
			wantErr(t, "REP receives", recv(rep), nil)
			wantErr(t, "REP receives twice", recv(rep), ErrState)
			wantErr(t, "REP sends", send(rep), nil)
			wantErr(t, "REP sends twice", send(rep), ErrState)
			wantErr(t, "REQ receives", recv(req), nil)
		}
		n, err := req.SendBatch(within(t, patience), []zmq4.Msg{message("a"), message("b")})
		if n != 1 {
			t.Errorf("%d requests were taken", n)
		}
		wantErr(t, "a batch of requests", err, ErrState)
		batch := make([]zmq4.Msg, 5)
		if n, err := rep.RecvBatch(within(t, patience), batch); n != 1 || err != nil {
			t.Errorf("a batch of %d requests, %v", n, err)
		}
	})
}

// A REQ without a peer waits; its requests go to its peers in turn.
func TestReqInTurn(t *testing.T) {
	req := newSocket(t, zmq4.Req)
	wantErr(t, "no peer", req.SendContext(within(t, short), message("x")), context.DeadlineExceeded)
	bound := mustBind(t, req, "tcp://127.0.0.1:0")
	var reps []*Socket
	for range 3 {
		rep := newSocket(t, zmq4.Rep)
		mustConnect(t, rep, bound)
		reps = append(reps, rep)
	}
	mustWaitPeers(t, req, len(reps))
	got := make(chan int, len(reps))
	for i, rep := range reps {
		go func() {
			for {
				msg, err := rep.RecvContext(t.Context())
				if err != nil {
					return
				}
				got <- i
				rep.SendContext(t.Context(), msg)
			}
		}()
	}
	var turns [2]string
	for round := range turns {
		for range reps {
			mustSend(t, req, "x")
			turns[round] += fmt.Sprint(<-got)
			wantRecv(t, req, "x")
		}
	}
	if turns[0] != turns[1] || len(turns[0]) != 3 || turns[0][0] == turns[0][1] || turns[0][1] == turns[0][2] || turns[0][0] == turns[0][2] {
		t.Errorf("turns %v", turns)
	}
}

// A request whose peer dies before it replies is reported lost, and the REQ
// asks again.
func TestRequestLost(t *testing.T) {
	for _, reqBinds := range []bool{false, true} {
		t.Run(fmt.Sprintf("REQ binds %v", reqBinds), func(t *testing.T) {
			overTransports(t, func(t *testing.T, endpoint string) {
				req := newSocket(t, zmq4.Req)
				rep := newSocket(t, zmq4.Rep)
				join2 := func(rep *Socket) {
					if reqBinds {
						mustConnect(t, rep, endpoint)
					} else {
						mustBind(t, rep, endpoint)
					}
				}
				if reqBinds {
					mustBind(t, req, endpoint)
				} else {
					mustConnect(t, req, endpoint)
				}
				join2(rep)
				mustSend(t, req, "lost")
				wantRecv(t, rep, "lost")
				rep.Close()
				_, err := req.RecvContext(within(t, patience))
				wantErr(t, "the peer died", err, ErrRequestLost)
				again := newSocket(t, zmq4.Rep)
				join2(again)
				mustSend(t, req, "again")
				wantRecv(t, again, "again")
				mustSend(t, again, "reply")
				wantRecv(t, req, "reply")
			})
		})
	}
}

// A request that nobody had yet waits through restarts and is not lost.
func TestUnsentRequestIsNotLost(t *testing.T) {
	overTransports(t, func(t *testing.T, endpoint string) {
		req := newSocket(t, zmq4.Req)
		mustConnect(t, req, endpoint)
		mustSend(t, req, "request")
		rep := newSocket(t, zmq4.Rep)
		mustBind(t, rep, endpoint)
		wantRecv(t, rep, "request")
		mustSend(t, rep, "reply")
		wantRecv(t, req, "reply")
	})
}

// After Reset no reply to an older request is ever received, whenever it comes.
func TestResetNeverYieldsALateReply(t *testing.T) {
	for _, reqBinds := range []bool{false, true} {
		t.Run(fmt.Sprintf("REQ binds %v", reqBinds), func(t *testing.T) {
			overTransports(t, func(t *testing.T, endpoint string) {
				req, router := newSocket(t, zmq4.Req), newSocket(t, zmq4.Router)
				join(t, req, router, endpoint, reqBinds, true)
				served := make(chan struct{})
				go func() { // replies to all at once, so that replies and resets meet
					defer close(served)
					for {
						msg, err := router.RecvContext(t.Context())
						if err != nil || router.SendContext(t.Context(), msg) != nil {
							return
						}
					}
				}()
				for i := range 100 {
					mustSend(t, req, sequence(i))
					if i%3 == 0 {
						wantRecv(t, req, sequence(i))
						continue
					}
					req.Reset()
					_, err := req.RecvContext(within(t, patience))
					wantErr(t, "receiving after Reset", err, ErrState)
				}
				router.Close()
				<-served
			})
		})
	}
}

// Reset connects afresh at once: waiting before a new connection is for those
// that were lost.
func TestResetConnectsAtOnce(t *testing.T) {
	overTransports(t, func(t *testing.T, endpoint string) {
		router := newSocket(t, zmq4.Router)
		mustBind(t, router, endpoint)
		req := newSocket(t, zmq4.Req, WithDialerRetry(time.Hour), WithReconnectMax(time.Hour))
		mustConnect(t, req, endpoint)
		for i := range 5 {
			mustSend(t, req, sequence(i))
			got := mustRecv(t, router)
			if got[2] != sequence(i) {
				t.Fatalf("request %q, want %d", got, i)
			}
			if i < 4 {
				req.Reset()
				continue
			}
			mustSend(t, router, got...)
			wantRecv(t, req, sequence(i))
		}
	})
}

// No late reply is received either that was read before the reset and
// reaches the socket only after the next request was sent.
func TestResetRefusesAReplyThatWasRead(t *testing.T) {
	socket := newSocket(t, zmq4.Req)
	mustConnect(t, socket, freeEndpoint(t, TransportInproc))
	server, _ := newMemoryConns(inprocAddr("late"))
	r := asker(socket)
	socket.mu.Lock()
	defer socket.mu.Unlock()
	var p *pipe
	for p = range socket.pipes {
	}
	p.conn = server
	if err := r.up(p); err != nil {
		t.Fatal(err)
	}
	if err := r.send(message("first")); err != nil {
		t.Fatal(err)
	}
	r.reset()
	if err := r.send(message("second")); err != nil {
		t.Fatal(err)
	}
	r.deliver(p, zmtp.NewRun([]zmq4.Msg{message("", "reply to first")}))
	if msg, err := r.receive(); err == nil {
		t.Errorf("received %q", msg.Frames)
	}
	r.down(p)
	p.conn, _ = newMemoryConns(inprocAddr("new"))
	if err := r.up(p); err != nil {
		t.Fatal(err)
	}
	r.deliver(p, zmtp.NewRun([]zmq4.Msg{message("", "reply to second")}))
	if msg, err := r.receive(); err != nil || string(msg.Frames[0]) != "reply to second" {
		t.Errorf("received %q, %v", msg.Frames, err)
	}
	p.conn = nil
}

// A reply that nobody asked for, from another peer or without the delimiter is
// not taken.
func TestReqTakesOnlyItsReply(t *testing.T) {
	req := newSocket(t, zmq4.Req)
	bound := mustBind(t, req, "tcp://127.0.0.1:0")
	asked, other := rawPeer(t, bound, zmq4.Rep, ""), rawPeer(t, bound, zmq4.Rep, "")
	mustWaitPeers(t, req, 2)
	reply := func(body string) []byte {
		return append(zmtp.AppendFrame(nil, zmtp.FlagMore, nil), frame(body)...)
	}
	mustWrite(t, asked, reply("before it was asked"))
	mustWrite(t, other, reply("before it was asked"))
	settle(t, asked)
	settle(t, other)
	mustSend(t, req, "request")
	own := asker(req)
	if !req.locked(func() bool { return own.asked.addr == asked.LocalAddr().String() }) {
		asked, other = other, asked
	}
	wantBytes(t, asked, reply("request"))
	mustWrite(t, other, reply("not asked"))
	settle(t, other)
	mustWrite(t, asked, frame("no delimiter"), zmtp.AppendFrame(nil, zmtp.FlagMore, []byte("full")), frame("delimiter"), frame(""), reply("right"), reply("second"))
	wantRecv(t, req, "right")
	_, err := req.RecvContext(within(t, patience))
	wantErr(t, "a second reply", err, ErrState)
}

// The reply to a peer that has gone is dropped, and REP goes on.
func TestRepOutlivesItsAsker(t *testing.T) {
	for _, repBinds := range []bool{true, false} {
		t.Run(fmt.Sprintf("REP binds %v", repBinds), func(t *testing.T) {
			overTransports(t, func(t *testing.T, endpoint string) {
				var seen events
				rep := newSocket(t, zmq4.Rep, seen.option())
				req := newSocket(t, zmq4.Req)
				join(t, rep, req, endpoint, repBinds, true)
				mustSend(t, req, "goes away")
				wantRecv(t, rep, "goes away")
				req.Close()
				seen.wait(t, EventDisconnected, 1)
				if !repBinds { // whoever binds there next is another peer
					req = newSocket(t, zmq4.Req)
					mustBind(t, req, endpoint)
					mustWaitPeers(t, rep, 1)
					mustSend(t, req, "stays")
				}
				mustSend(t, rep, "for nobody")
				if rep.Stats().Dropped != 1 {
					t.Errorf("%d dropped", rep.Stats().Dropped)
				}
				if repBinds {
					req = newSocket(t, zmq4.Req)
					mustConnect(t, req, endpoint)
					mustSend(t, req, "stays")
				}
				wantRecv(t, rep, "stays")
				mustSend(t, rep, "reply")
				wantRecv(t, req, "reply")
			})
		})
	}
}

// A request without a delimiter, or with nothing behind it, is none.
func TestRepPassesOverMalformedRequests(t *testing.T) {
	rep := newSocket(t, zmq4.Rep)
	conn := rawPeer(t, mustBind(t, rep, "tcp://127.0.0.1:0"), zmq4.Dealer, "")
	more := func(body string) []byte { return zmtp.AppendFrame(nil, zmtp.FlagMore, []byte(body)) }
	mustWrite(t, conn, frame("no delimiter"), frame(""), more("envelope"), frame(""), more("hop"), more(""), more(""), frame("body"))
	wantRecv(t, rep, "", "body")
	mustSend(t, rep, "reply")
	wantBytes(t, conn, slices.Concat(more("hop"), more(""), frame("reply")))
}
