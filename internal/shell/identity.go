package shell

import "fogmq/internal/codec"

// isVerbatim reports whether a payload is its own text.
func isVerbatim(c codec.Codec) bool { return c == nil || codec.IsVerbatim(c) }

// isBytes reports whether c is codec bytes, whose payloads pretty shows in hex.
func isBytes(c codec.Codec) bool {
	if c == nil || !codec.IsVerbatim(c) {
		return false
	}
	text, _ := codec.Parse("string", codec.Options{})
	octets, _ := codec.Parse("bytes", codec.Options{})
	return c == octets && c != text
}

// isNDArray reports whether c is codec ndarray: the one whose text of three frames is one field.
func isNDArray(c codec.Codec) bool {
	if isVerbatim(c) {
		return false
	}
	fields, err := c.Decode(codec.NewInt64Array([]int{1}, 0).Frames())
	return err == nil && len(fields) == 1
}
