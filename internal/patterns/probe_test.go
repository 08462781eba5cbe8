package patterns

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

func probeAt(t *testing.T, endpoint string, cfg ProbeConfig) (Probed, error) {
	t.Helper()
	ep, err := ParseEndpoint(endpoint, false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return Probe(ctx, ep, cfg)
}

// Each type of ours is told by itself, under each mechanism, and is a socket as
// before: it has no peer more.
func TestProbeOfEveryType(t *testing.T) {
	for _, transport := range []string{TransportTCP, TransportIPC} {
		for _, typ := range allTypes {
			t.Run(transport+" "+string(typ), func(t *testing.T) {
				t.Parallel()
				sock := newSocket(t, typ, WithID(zmq4.SocketIdentity("me")))
				endpoint := mustBind(t, sock, freeEndpoint(t, transport))
				got, err := probeAt(t, endpoint, ProbeConfig{Pings: 1})
				if err != nil || got.Type != typ || string(got.ID) != "me" || got.Mechanism != zmq4.NullSecurity || got.Connect <= 0 {
					t.Errorf("%+v, %v", got, err)
				}
				if !strings.HasSuffix(endpoint, got.Address) || got.Address == "" {
					t.Errorf("connected to %q at %s", got.Address, endpoint)
				}
			})
		}
	}
}

// Of several addresses of a host the one that answers is told.
func TestProbeOfAHostWithTwoAddresses(t *testing.T) {
	sock := newSocket(t, zmq4.Pub)
	endpoint := mustBind(t, sock, "tcp://127.0.0.1:*")
	got, err := probeAt(t, strings.Replace(endpoint, "127.0.0.1", "localhost", 1), ProbeConfig{})
	if err != nil || !strings.HasSuffix(endpoint, "//"+got.Address) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestProbeOfNobody(t *testing.T) {
	for endpoint, want := range map[string]error{
		freeEndpoint(t, TransportTCP): syscall.ECONNREFUSED, "ipc://" + t.TempDir() + "/none": syscall.ENOENT,
	} {
		if got, err := probeAt(t, endpoint, ProbeConfig{}); !errors.Is(err, want) || got.Address != "" {
			t.Errorf("%s: %+v, %v", endpoint, got, err)
		}
	}
}

// Who may not be talked to is told nothing.
func TestProbeOfAnAddressThatIsDenied(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = probeAt(t, "tcp://"+l.Addr().String(), ProbeConfig{Access: Access{Deny: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	if _, denied := errors.AsType[*AddressError](err); !denied {
		t.Error(err)
	}
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if n, err := conn.Read(make([]byte, 1)); n > 0 || err == nil {
		t.Errorf("it was sent %d bytes", n)
	}
}

// Messages that wait for a peer wait on: a probe is none. Nor does it take the place
// of a PAIR's only peer.
func TestProbeTakesNothing(t *testing.T) {
	for typ, peer := range map[zmq4.SocketType]zmq4.SocketType{zmq4.Push: zmq4.Pull, zmq4.Dealer: zmq4.Dealer, zmq4.Req: zmq4.Rep, zmq4.Pair: zmq4.Pair} {
		for name, security := range map[string][2]zmq4.Security{"NULL": {}, "PLAIN": plainBoth(t)} {
			t.Run(name+" "+string(typ), func(t *testing.T) {
				t.Parallel()
				sock := newSocket(t, typ, WithBacklog(true), WithSecurity(security[0]))
				endpoint := mustBind(t, sock, freeEndpoint(t, TransportTCP))
				mustSend(t, sock, "hello")
				for range 3 {
					got, err := probeAt(t, endpoint, ProbeConfig{Pings: 1, Security: security[1]})
					if err != nil || got.Type != typ || !errors.Is(got.NoPings, zmtp.ErrNoPing) {
						t.Fatalf("%+v, %v", got, err)
					}
				}
				other := newSocket(t, peer, WithSecurity(security[1]))
				if err := other.Connect(endpoint); err != nil {
					t.Fatal(err)
				}
				wantRecv(t, other, "hello")
			})
		}
	}
}

func plainBoth(t *testing.T) [2]zmq4.Security {
	t.Helper()
	client, err := zmtp.PlainClient("pi", "raspberry")
	if err != nil {
		t.Fatal(err)
	}
	return [2]zmq4.Security{zmtp.PlainServer(onlyUser("pi", "raspberry")), client}
}

// The time of a probe bounds the whole of it.
func TestProbeInTime(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = Probe(ctx, Endpoint{TransportTCP, l.Addr().String()}, ProbeConfig{})
	if _, mute := errors.AsType[*zmtp.MuteError](err); !mute {
		t.Error(err)
	}
}
