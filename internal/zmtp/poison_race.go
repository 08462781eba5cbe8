//go:build race

package zmtp

// poison makes a frame that is looked at after its block was freed show itself
// in the tests.
func poison(b []byte) {
	if len(b) == 0 {
		return
	}
	b[0] = 0xdb
	for n := 1; n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
}
