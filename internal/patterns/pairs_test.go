package patterns

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"
)

// A conversation is what two sockets of a compatible pair have to say to each
// other. opts are those of the first and of the second.
type conversation struct {
	a, b         zmq4.SocketType
	optsA, optsB []Option
	before       func(t *testing.T, a, b talker) // before they connect
	talk         func(t *testing.T, a, b talker)
}

var large = strings.Repeat("large ", 30000)

// frames are multipart messages with all that is odd in them.
var oddMessages = [][]string{
	{"hello"}, {""}, {"", ""}, {"a", "", "c"}, {"日本語", "\x00\xff", large, ""}, {strings.Repeat("x", 255), strings.Repeat("x", 256)},
}

func oneWay(t *testing.T, from, to talker) {
	t.Helper()
	for _, frames := range oddMessages {
		mustSend(t, from, frames...)
	}
	for _, frames := range oddMessages {
		wantRecv(t, to, frames...)
	}
}

func bothWays(t *testing.T, a, b talker) {
	t.Helper()
	oneWay(t, a, b)
	oneWay(t, b, a)
}

// requests has a REQ ask a REP.
func requests(t *testing.T, req, rep talker) {
	t.Helper()
	for _, frames := range oddMessages {
		mustSend(t, req, frames...)
		wantRecv(t, rep, frames...)
		mustSend(t, rep, append(frames, "reply")...)
		wantRecv(t, req, append(frames, "reply")...)
	}
}

// publishes has a publisher send what its subscriber wants, and what not.
func publishes(t *testing.T, pub, sub talker) {
	t.Helper()
	waitSubscribed(t, pub, sub)
	mustSend(t, pub, "other", "not wanted")
	mustSend(t, pub, "topi", "not wanted")
	mustSend(t, pub, "topic")
	mustSend(t, pub, "topic and more", "payload", "")
	mustSend(t, pub, "", "not wanted")
	wantRecv(t, sub, "topic")
	wantRecv(t, sub, "topic and more", "payload", "")
}

// waitSubscribed returns when what pub sends reaches sub.
func waitSubscribed(t *testing.T, pub, sub talker) {
	t.Helper()
	if s, ok := pub.(*Socket); ok {
		mustWaitSubscribers(t, s, 1)
		return
	}
	ours := sub.(*Socket)
	for try := 0; ; try++ {
		mustSend(t, pub, "topic", sequence(try))
		msg, err := ours.RecvContext(within(t, short))
		if err != nil {
			continue
		}
		for string(msg.Frames[1]) != sequence(try) {
			msg = message(mustRecv(t, sub)...)
		}
		return
	}
}

func subscribes(t *testing.T, _, sub talker) {
	t.Helper()
	if s, ok := sub.(*Socket); ok { // libzmq's is opened with its subscription
		s.Subscribe("topic")
	}
}

func sendsSubscription(t *testing.T, _, xsub talker) {
	t.Helper()
	mustSend(t, xsub, "\x01topic")
}

func xpublishes(t *testing.T, xpub, sub talker) {
	t.Helper()
	wantRecv(t, xpub, "\x01topic")
	publishes(t, xpub, sub)
}

// conversations are the pairs of RFC 28 to 31.
var conversations = []conversation{
	{a: zmq4.Push, b: zmq4.Pull, talk: oneWay},
	{a: zmq4.Pub, b: zmq4.Sub, before: subscribes, talk: publishes},
	{a: zmq4.Pub, b: zmq4.XSub, before: sendsSubscription, talk: publishes},
	{a: zmq4.XPub, b: zmq4.Sub, before: subscribes, talk: xpublishes},
	{a: zmq4.XPub, b: zmq4.XSub, before: sendsSubscription, talk: func(t *testing.T, xpub, xsub talker) {
		xpublishes(t, xpub, xsub)
		mustSend(t, xsub, "upstream", "message")
		wantRecv(t, xpub, "upstream", "message")
	}},
	{a: zmq4.Req, b: zmq4.Rep, talk: requests},
	{a: zmq4.Req, b: zmq4.Router, optsA: []Option{WithID(zmq4.SocketIdentity("req"))}, talk: func(t *testing.T, req, router talker) {
		for _, frames := range oddMessages {
			mustSend(t, req, frames...)
			wantRecv(t, router, append([]string{"req", ""}, frames...)...)
			mustSend(t, router, append([]string{"req", ""}, frames...)...)
			wantRecv(t, req, frames...)
		}
	}},
	{a: zmq4.Dealer, b: zmq4.Rep, talk: func(t *testing.T, dealer, rep talker) {
		for _, frames := range oddMessages {
			mustSend(t, dealer, append([]string{"hop", ""}, frames...)...)
			wantRecv(t, rep, frames...)
			mustSend(t, rep, frames...)
			wantRecv(t, dealer, append([]string{"hop", ""}, frames...)...)
		}
	}},
	{a: zmq4.Dealer, b: zmq4.Router, optsA: []Option{WithID(zmq4.SocketIdentity("\x01\xff"))}, talk: func(t *testing.T, dealer, router talker) {
		for _, frames := range oddMessages {
			mustSend(t, dealer, frames...)
			wantRecv(t, router, append([]string{"\x01\xff"}, frames...)...)
			mustSend(t, router, append([]string{"\x01\xff"}, frames...)...)
			wantRecv(t, dealer, frames...)
		}
	}},
	{a: zmq4.Dealer, b: zmq4.Dealer, talk: bothWays},
	{a: zmq4.Router, b: zmq4.Router, optsA: []Option{WithID(zmq4.SocketIdentity("a"))}, optsB: []Option{WithID(zmq4.SocketIdentity("b"))},
		talk: func(t *testing.T, a, b talker) {
			nameA, nameB := "a", "b"
			if _, ok := a.(*Socket); !ok { // only ours can tell when the other is there
				a, b, nameA, nameB = b, a, nameB, nameA
			}
			mustWaitPeers(t, a.(*Socket), 1)
			mustSend(t, a, nameB, "hello", "")
			wantRecv(t, b, nameA, "hello", "")
			mustSend(t, b, nameA, large)
			wantRecv(t, a, nameB, large)
		}},
	{a: zmq4.Pair, b: zmq4.Pair, talk: bothWays},
}

// Every compatible pair talks over every transport, whichever side binds and
// whichever is first.
func TestPairs(t *testing.T) {
	for _, c := range conversations {
		for _, transport := range transports {
			for _, aBinds := range []bool{true, false} {
				for _, bindFirst := range []bool{true, false} {
					name := fmt.Sprintf("%s-%s/%s/%s binds/bind first %v", c.a, c.b, transport, map[bool]zmq4.SocketType{true: c.a, false: c.b}[aBinds], bindFirst)
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						a, b := newSocket(t, c.a, c.optsA...), newSocket(t, c.b, c.optsB...)
						if c.before != nil {
							c.before(t, a, b)
						}
						join(t, a, b, freeEndpoint(t, transport), aBinds, bindFirst)
						c.talk(t, a, b)
					})
				}
			}
		}
	}
}

// join connects two sockets.
func join(t *testing.T, a, b *Socket, endpoint string, aBinds, bindFirst bool) {
	t.Helper()
	binder, connecter := a, b
	if !aBinds {
		binder, connecter = b, a
	}
	if bindFirst {
		mustBind(t, binder, endpoint)
		mustConnect(t, connecter, endpoint)
		return
	}
	mustConnect(t, connecter, endpoint)
	mustBind(t, binder, endpoint)
}

// Both sockets may bind and connect at once.
func TestManyEndpointsOnOneSocket(t *testing.T) {
	pull := newSocket(t, zmq4.Pull)
	var pushes []*Socket
	for _, transport := range transports {
		for _, binds := range []bool{true, false} {
			push := newSocket(t, zmq4.Push)
			join(t, pull, push, freeEndpoint(t, transport), binds, true)
			pushes = append(pushes, push)
		}
	}
	for i, push := range pushes {
		mustSend(t, push, sequence(i))
		wantRecv(t, pull, sequence(i))
	}
}
