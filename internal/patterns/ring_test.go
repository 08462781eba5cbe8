package patterns

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/zmtp"
)

// A ring does what a slice would.
func TestRing(t *testing.T) {
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		var r ring[int]
		var want []int
		for i := range 2000 {
			switch n := rnd.IntN(10); {
			case n < 5 || len(want) == 0:
				r.push(i)
				want = append(want, i)
			case n < 9:
				if got := r.pop(); got != want[0] {
					t.Fatalf("pop %d, want %d", got, want[0])
				}
				want = want[1:]
			default:
				odd := func(v int) bool { return v%2 == 1 }
				r.keep(odd)
				want = slices.DeleteFunc(slices.Clone(want), func(v int) bool { return !odd(v) })
			}
			if r.len() != len(want) {
				t.Fatalf("length %d, want %d", r.len(), len(want))
			}
			if len(want) > 0 && (*r.front() != want[0] || *r.back() != want[len(want)-1]) {
				t.Fatalf("front %d back %d, want %d and %d", *r.front(), *r.back(), want[0], want[len(want)-1])
			}
		}
	}
}

// What was popped is not held any more.
func TestRingForgets(t *testing.T) {
	var r ring[*int]
	for range 5 {
		r.push(new(int))
	}
	for r.len() > 0 {
		r.pop()
	}
	for _, p := range r.items {
		if p != nil {
			t.Error("a popped item is still held")
		}
	}
}

func TestInbox(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	var in inbox
	var slab zmtp.Slab
	next, want := byte(0), byte(0)
	for range 3000 {
		if in.msgs == 0 || rnd.IntN(3) == 0 {
			var batch []zmq4.Msg
			for range rnd.IntN(5) {
				batch = append(batch, zmq4.NewMsg([]byte{next}))
				next++
			}
			in.push(zmtp.NewRun(batch))
			continue
		}
		if got := in.pop(&slab).Frames[0][0]; got != want {
			t.Fatalf("%d, want %d", got, want)
		}
		want++
	}
}
