package zmtp

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/go-zeromq/zmq4"
)

// randomMessages gives messages of every kind of frame, and the run they make on
// the wire.
func randomMessages(t *testing.T, rnd *rand.Rand, n int) ([]zmq4.Msg, Run) {
	t.Helper()
	msgs := make([]zmq4.Msg, n)
	var wire []byte
	for i := range msgs {
		frames := make([][]byte, 1+rnd.IntN(3)*rnd.IntN(2))
		for j := range frames {
			frames[j] = make([]byte, []int{0, 1, 7, 255, 256, 5000}[rnd.IntN(6)])
			for k := range frames[j] {
				frames[j][k] = byte(rnd.Uint32())
			}
			var flags byte
			if j < len(frames)-1 {
				flags = FlagMore
			}
			wire = AppendFrame(wire, flags, frames[j])
		}
		msgs[i] = zmq4.NewMsgFrom(frames...)
	}
	run, err := NewDecoder(bytes.NewReader(wire), 0, nil).Buffered()
	if run.Len() != 0 || err != nil {
		t.Fatalf("%d messages, %v before anything was read", run.Len(), err)
	}
	return msgs, Run{wire: wire, n: n}
}

func sameFrames(a, b []zmq4.Msg) bool {
	return reflect.DeepEqual(framesOf(a), framesOf(b))
}

func framesOf(msgs []zmq4.Msg) (all [][]string) {
	for _, m := range msgs {
		var frames []string
		for _, f := range m.Frames {
			frames = append(frames, string(f))
		}
		all = append(all, frames)
	}
	return all
}

// forms are the ways in which a run may hold the same messages.
func forms(msgs []zmq4.Msg, wire Run) map[string]Run {
	return map[string]Run{"as they came": wire, "apart": NewRun(append([]zmq4.Msg(nil), msgs...))}
}

func TestRunTake(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 1))
	for range 50 {
		want, wire := randomMessages(t, rnd, rnd.IntN(300))
		for name, run := range forms(want, wire) {
			var slab Slab
			var got []zmq4.Msg
			for run.Len() > 0 {
				had := run.Len()
				if rnd.IntN(3) == 0 {
					got = append(got, run.Pop(&slab))
				} else {
					dst := make([]zmq4.Msg, 1+rnd.IntN(40))
					got = append(got, dst[:run.Take(dst, &slab)]...)
				}
				if run.Len() >= had {
					t.Fatalf("%s: %d messages after one was taken of %d", name, run.Len(), had)
				}
			}
			if !sameFrames(got, want) {
				t.Fatalf("%s: other messages came out than went in", name)
			}
			for _, m := range got {
				_ = append(m.Frames, []byte("overwritten"))
				for _, f := range m.Frames {
					_ = append(f, "overwritten"...)
				}
			}
			if !sameFrames(got, want) {
				t.Fatalf("%s: an append to one message changed another", name)
			}
		}
	}
}

func TestRunFilter(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 2))
	for range 50 {
		msgs, wire := randomMessages(t, rnd, rnd.IntN(60))
		wanted := make(map[string]bool)
		var want []zmq4.Msg
		for _, m := range msgs {
			first := string(m.Frames[0])
			if _, known := wanted[first]; !known {
				wanted[first] = rnd.IntN(3) > 0
			}
			if wanted[first] {
				want = append(want, m)
			}
		}
		for name, run := range forms(msgs, wire) {
			var got []zmq4.Msg
			run.Filter(func(first []byte) bool { return wanted[string(first)] }, func(r Run) {
				if r.Len() == 0 {
					t.Errorf("%s: an empty run", name)
				}
				got = append(got, r.Messages()...)
			})
			if run.Len() != 0 || !sameFrames(got, want) {
				t.Fatalf("%s: %d messages, want %d; %d are left", name, len(got), len(want), run.Len())
			}
		}
	}
}

// A slab that is recycled gives its room out again; one that is not never does,
// and keeps nothing that was taken.
func TestSlab(t *testing.T) {
	run := Run{wire: AppendFrame(nil, 0, []byte("a")), n: 1}
	for _, recycles := range []bool{false, true} {
		slab := Slab{}
		if recycles {
			slab.Recycle()
		}
		again := run
		first := again.Pop(&slab)
		if !recycles && slab.slices != nil {
			t.Error("a slab that is not recycled keeps what was taken")
		}
		if recycles {
			slab.Recycle()
		}
		again = run
		second := again.Pop(&slab)
		if got := &first.Frames[0] == &second.Frames[0]; got != recycles {
			t.Errorf("recycled %v: the same room was given out: %v", recycles, got)
		}
	}
}
