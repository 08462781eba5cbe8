// Package codec translates between the text that people and scripts see and the bytes of a message's payload.
//
// A codec is named by a spec such as "string", "int:4:little" or "ndarray"; Specs lists them all and Parse opens one.
// NumPy arrays, as the three frames dtype, shape and data, are an Array, which prints, adds and converts as NumPy does.
//
// Nothing in this package panics on any input, and memory grows with the bytes that are there, never with a number
// that they announce.
package codec

// A Codec translates between text and the frames of a message's payload. It is safe for concurrent use, and equal to
// another one (==) only if that does the same.
type Codec interface {
	// Encode returns the payload frames of one record. fields is the record's text: one field, unless --multipart
	// split it. An error is one line that names the codec and the reason.
	Encode(fields [][]byte) (frames [][]byte, err error)
	// Decode returns the text of payload frames: one field a frame, or one field in all for a codec whose value spans
	// frames (ndarray). What it returns may alias frames.
	Decode(frames [][]byte) (fields [][]byte, err error)
}

// An Adder is a codec that can add a number to what a payload carries: the number codecs and ndarray.
type Adder interface {
	// Add returns the frames of the sum and leaves those it was given as they were. It is safe for concurrent use.
	Add(frames [][]byte, n Number) ([][]byte, error)
}

// Options are the settings that qualify a codec beside its spec.
type Options struct {
	// DType is the array type that ndarray gives to text, by any of NumPy's names; empty: int64, float64, bool or
	// complex128, as the values ask for. No other codec takes one.
	DType string
}

// IsVerbatim tells whether c is string or bytes, whose Encode and Decode return their argument.
func IsVerbatim(c Codec) bool {
	_, ok := c.(verbatim)
	return ok
}

// IsBytes tells whether c is bytes, whose payloads are no text to people.
func IsBytes(c Codec) bool {
	v, ok := c.(verbatim)
	return ok && v.name == "bytes"
}
