package patterns

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// naive holds subscriptions as a list.
type naive map[string]map[*pipe]bool

func (n naive) match(topic string) map[*pipe]bool {
	found := make(map[*pipe]bool)
	for prefix, pipes := range n {
		if strings.HasPrefix(topic, prefix) {
			for p := range pipes {
				found[p] = true
			}
		}
	}
	return found
}

func TestSubscriptionsAgainstNaive(t *testing.T) {
	alphabets := []string{"ab", "abcdefghij", "\x00\x01\x7f\x80\xfe\xff"}
	for seed := range uint64(12) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		alphabet := alphabets[rnd.IntN(len(alphabets))]
		word := func() string {
			b := make([]byte, rnd.IntN(6))
			for i := range b {
				b[i] = alphabet[rnd.IntN(len(alphabet))]
			}
			return string(b)
		}
		pipes := []*pipe{{}, {}, {}, {}}
		var trie subscriptions
		want := naive{}
		for mark := range uint64(3000) {
			prefix, p := word(), pipes[rnd.IntN(len(pipes))]
			switch rnd.IntN(3) {
			case 0:
				first := len(want[prefix]) == 0
				if want[prefix] == nil {
					want[prefix] = make(map[*pipe]bool)
				}
				first = first && !want[prefix][p]
				want[prefix][p] = true
				if got := trie.add(prefix, p); got != first {
					t.Fatalf("add %q: first %v, want %v", prefix, got, first)
				}
			case 1:
				last := want[prefix][p] && len(want[prefix]) == 1
				delete(want[prefix], p)
				if got := trie.remove(prefix, p); got != last {
					t.Fatalf("remove %q: last %v, want %v", prefix, got, last)
				}
			default:
				found := want.match(prefix)
				got := trie.match(nil, []byte(prefix), mark+1)
				if len(got) != len(found) {
					t.Fatalf("match %q: %d pipes, want %d", prefix, len(got), len(found))
				}
				for _, p := range got {
					if !found[p] {
						t.Fatalf("match %q: a pipe too many", prefix)
					}
				}
				if trie.matches([]byte(prefix)) != (len(found) > 0) {
					t.Fatalf("matches %q: %v", prefix, len(found) == 0)
				}
			}
		}
		// All gone, nothing is left of the trie.
		for prefix, ps := range want {
			for p := range ps {
				trie.remove(prefix, p)
			}
		}
		if len(trie.pipes) > 0 || trie.kids != nil {
			t.Fatalf("something is left: %+v", trie)
		}
	}
}

// A subscription takes memory after its length, however long a peer makes it.
func TestSubscriptionMemory(t *testing.T) {
	pub := newSocket(t, zmq4.Pub)
	raw := rawPeer(t, mustBind(t, pub, "tcp://127.0.0.1:0"), zmq4.Sub, "")
	const size = 4 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	mustWrite(t, raw, frame("\x01"+strings.Repeat("x", size)))
	mustWaitSubscribers(t, pub, 1)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 10*size {
		t.Errorf("a subscription of %d MiB took %d MiB", size>>20, took>>20)
	}
}

// fewSubscriptions bounds subscriptions so that a test soon has too many.
func fewSubscriptions(o *options) { o.maxSubs, o.maxSubBytes = 1000, 64<<10 }

// A peer with more subscriptions than are allowed is expelled, and costs the
// others nothing; one with as many as are allowed is not.
func TestSubscriptionsAreBounded(t *testing.T) {
	subscribe := func(n, size int) []byte {
		var b []byte
		for i := range n {
			b = append(b, frame("\x01"+filled(i, size))...)
		}
		return b
	}
	const big = 1 << 10
	tests := []struct {
		name      string
		fits, one []byte
	}{
		{"number", subscribe(1000, 0), frame("\x01over")},
		{"bytes", subscribe(64, big), frame("\x01over")},
		{"SUBSCRIBE commands", subscribe(64, big), zmtp.AppendCommand(nil, zmq4.CmdSubscribe, []byte("over"))},
		{"one prefix", nil, frame("\x01" + filled(0, 64<<10+1))},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			var seen events
			pub := newSocket(t, zmq4.Pub, fewSubscriptions, seen.option())
			bound := mustBind(t, pub, "tcp://127.0.0.1:0")
			sub := newSocket(t, zmq4.Sub)
			sub.Subscribe("")
			mustConnect(t, sub, bound)
			mustWaitSubscribers(t, pub, 1)
			raw := rawPeer(t, bound, zmq4.Sub, "")
			mustWrite(t, raw, c.fits)
			if len(c.fits) > 0 {
				first, _ := zmtp.FrameLen(c.fits)
				mustWrite(t, raw, c.fits[:first]) // one that is known counts once
			}
			settle(t, raw)
			raw.Write(c.one) // it may be over before all is written
			if e := seen.wait(t, EventDisconnected, 1); !errors.Is(e.Err, ErrSubscriptions) {
				t.Errorf("%v", e)
			}
			mustSend(t, pub, "to the other")
			wantRecv(t, sub, "to the other")
			if kids := pub.locked(func() bool { return pub.pattern.(*xpub).subs.kids != nil }); kids {
				t.Error("something is left of its subscriptions")
			}
		})
	}
}

// What is cancelled counts no more, and what was never subscribed to is no
// matter.
func TestCancelledSubscriptionsCountNoMore(t *testing.T) {
	var seen events
	pub := newSocket(t, zmq4.Pub, fewSubscriptions, seen.option())
	raw := rawPeer(t, mustBind(t, pub, "tcp://127.0.0.1:0"), zmq4.Sub, "")
	mustWrite(t, raw, frame("\x00never"), frame("\x00"), frame(""), frame("\x02"), zmtp.AppendCommand(nil, zmq4.CmdCancel, []byte("never")))
	prefix := strings.Repeat("x", 64<<10-10)
	for range 4 {
		mustWrite(t, raw, frame("\x01"+prefix), frame("\x01y"), frame("\x00"+prefix))
	}
	settle(t, raw)
	if got := pub.Topics(); !slices.Equal(got, []string{"y"}) || len(seen.of(EventDisconnected)) > 0 {
		t.Errorf("%.100q, %v", got, seen.of(EventDisconnected))
	}
}

// Long labels that part and join again cost no copy of all their bytes, and
// leave nothing.
func TestLongPrefixParts(t *testing.T) {
	long := strings.Repeat("x", 8<<20)
	var trie subscriptions
	p := &pipe{}
	trie.add(long, p)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range 1000 {
		trie.add(long[:1+i%10], p)
		trie.remove(long[:1+i%10], p)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 10<<20 {
		t.Errorf("%d MiB were copied", took>>20)
	}
	if trie.remove(long, p); trie.kids != nil {
		t.Error("something is left")
	}
}

func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{1, 1000, 100_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			var subs subscriptions
			p := &pipe{}
			for i := range n {
				subs.add(fmt.Sprintf("sensor/%06d/", i), p)
			}
			topic := fmt.Appendf(nil, "sensor/%06d/temperature", n/2)
			var found []*pipe
			b.ReportAllocs()
			for mark := uint64(1); b.Loop(); mark++ {
				found = subs.match(found[:0], topic, mark)
			}
			if len(found) != 1 {
				b.Fatalf("%d found", len(found))
			}
		})
	}
}

// A prefix of any length takes no stack: a peer could end the process by that.
func TestLongPrefixTakesNoStack(t *testing.T) {
	defer debug.SetMaxStack(debug.SetMaxStack(4 << 20))
	prefix := strings.Repeat("x", 1<<20)
	var trie subscriptions
	p := &pipe{}
	trie.add(prefix, p)
	trie.add(prefix[:1000], p)
	if len(trie.match(nil, []byte(prefix), 1)) != 1 || !trie.remove(prefix, p) || !trie.remove(prefix[:1000], p) || trie.kids != nil {
		t.Error("a long prefix is not matched or not removed")
	}
}
