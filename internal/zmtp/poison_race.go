//go:build race

package zmtp

// poison makes a frame that is looked at after its block was freed show itself
// in the tests.
func poison(b []byte) {
	for i := range b {
		b[i] = 0xdb
	}
}
