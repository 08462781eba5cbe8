//go:build !race

package zmtp

import (
	"net"
	"slices"
	"testing"
)

// Sealing and opening takes no memory a frame.
func TestSealedAllocations(t *testing.T) {
	for _, size := range []int{0, 64, 1 << 10, 64 << 10} {
		pair := newSealPair()
		frame := AppendFrame(nil, 0, make([]byte, size))
		bufs := net.Buffers{join(slices.Repeat([][]byte{frame}, 10)...)}
		p := make([]byte, len(frame))
		var wire memory
		o := pair.reading(&wire, 0)
		once := func() {
			wire.b, wire.at = wire.b[:0], 0
			if _, err := pair.w.write(&wire, bufs); err != nil {
				t.Fatal(err)
			}
			for range 10 {
				if n, err := o.read(p); n != len(frame) || err != nil {
					t.Fatal(n, err)
				}
			}
		}
		for range 20 {
			once() // buffers grow
		}
		if allocs := testing.AllocsPerRun(20, once); allocs > 0 {
			t.Errorf("%v allocations for ten frames of %d bytes", allocs, size)
		}
	}
}
