package codec

import (
	"math"

	"fogmq/internal/codec/value"
)

// jsonStructured is JSON in its canonical form: on one line, without spaces, keys in the order they came in (RFC 8259).
var jsonStructured = &structured{
	name: "json",
	encode: func(v value.Value) ([]byte, error) {
		return value.Append(nil, v, noLimit)
	},
	decode: value.ParseNext,
}

// noLimit is for text that is made of text, and not much longer.
const noLimit = math.MaxInt / 2
