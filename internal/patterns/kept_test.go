package patterns

import (
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"
)

// Of messages that were received and are not looked at any more nothing is kept,
// however large those beside them were.
func TestNothingReceivedIsKept(t *testing.T) {
	for _, typ := range []zmq4.SocketType{zmq4.Pull, zmq4.Dealer} {
		t.Run(string(typ), func(t *testing.T) {
			from := map[zmq4.SocketType]zmq4.SocketType{zmq4.Pull: zmq4.Push, zmq4.Dealer: zmq4.Dealer}[typ]
			s, peer := newSocket(t, typ), newSocket(t, from)
			mustConnect(t, peer, mustBind(t, s, freeEndpoint(t, TransportTCP)))
			mustWaitPeers(t, peer, 1)
			before := heap()
			for range 450 {
				mustSend(t, peer, "small")
				mustSend(t, peer, strings.Repeat("large", 40_000))
				mustRecv(t, s)
				mustRecv(t, s)
			}
			if took := heap() - before; took > 4<<20 {
				t.Errorf("%d KiB are kept", took>>10)
			}
		})
	}
}
