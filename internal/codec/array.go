package codec

import (
	"bytes"
	"errors"
	"fmt"
)

// An Array is a NumPy array in C order, as the three frames dtype, shape and data carry it. It is immutable by
// convention, and then safe for concurrent use. Data may alias a message's frame.
//
// The methods want the three fields to agree, as they do in what ParseArray, ParseHeaderArray, ParseNPY,
// NewInt64Array and Add return.
type Array struct {
	DType DType
	Shape []int // no dimension is negative; none at all is an array of one element without dimensions
	Data  []byte
}

// ParseArray reads an array from its three frames: dtype by any of NumPy's names, shape as a JSON list, data. The error
// says which of them is wrong and what was expected. The array's Data is the third frame itself.
func ParseArray(frames [][]byte) (Array, error) {
	if len(frames) != 3 {
		const want = "but an array is 3: dtype, shape, data"
		if isErrorReply(frames) {
			return Array{}, fmt.Errorf("ndarray: 1 frame, %s; it reads %s", want, quote(frames[0]))
		}
		return Array{}, fmt.Errorf("ndarray: %s, %s", plural(len(frames), "frame"), want)
	}
	dtype, err := ParseDType(string(frames[0][:min(len(frames[0]), 2*quoteMax)]))
	if err != nil {
		return Array{}, fmt.Errorf("ndarray: %w", err)
	}
	shape, err := parseShape(frames[1])
	if err != nil {
		return Array{}, fmt.Errorf("ndarray: %w", err)
	}
	a := Array{dtype, shape, frames[2]}
	if err := a.check(); err != nil {
		return Array{}, fmt.Errorf("ndarray: %w", err)
	}
	return a, nil
}

// isErrorReply tells whether the frames are what rep answers to a request that it can't take.
func isErrorReply(frames [][]byte) bool {
	return len(frames) == 1 && bytes.HasPrefix(frames[0], []byte("error: "))
}

// LooksLikeArray tells whether ArrayOf would take the frames.
func LooksLikeArray(frames [][]byte) bool {
	_, ok := ArrayOf(frames)
	return ok
}

// ArrayOf is ParseArray where frames may as well be anything else. It is meant for every message of a stream: what is
// no array is told by its number of frames or its first one.
func ArrayOf(frames [][]byte) (Array, bool) {
	if len(frames) != 3 || len(frames[0]) > quoteMax {
		return Array{}, false
	}
	shape := trimSpace(frames[1])
	if len(shape) < 2 || shape[0] != '[' {
		return Array{}, false
	}
	a, err := ParseArray(frames)
	return a, err == nil
}

// NewInt64Array returns an int64 array in native byte order. It panics when shape and values disagree, which is a
// mistake of the program and not of its input.
func NewInt64Array(shape []int, values ...int64) Array {
	a := Array{DType: aInt64, Shape: shape, Data: make([]byte, 8*len(values))}
	for i, value := range values {
		aInt64.putBits(a.Data[8*i:], uint64(value))
	}
	if err := a.check(); err != nil {
		panic("codec.NewInt64Array: " + err.Error())
	}
	return a
}

// check tells where the length of the data is not what dtype and shape ask for.
func (a Array) check() error {
	_, size, err := dataSize(a.Shape, a.DType.Size())
	if errors.Is(err, errTooBig) {
		return fmt.Errorf("shape %s of %s is too big for any data", shapeText(a.Shape), a.DType)
	}
	if len(a.Data) != size {
		return fmt.Errorf("data is %s, but shape %s of %s needs %d", plural(len(a.Data), "byte"), shapeText(a.Shape), a.DType, size)
	}
	return nil
}

// Frames returns the array as a message: the dtype as NumPy's str(dtype) prints it, the shape as Python's json.dumps
// prints a tuple, and the data, which is the array's own and not a copy.
func (a Array) Frames() [][]byte {
	return [][]byte{[]byte(a.DType.String()), appendShape(nil, a.Shape), a.Data}
}

// shapeText is a shape in an error, shortened.
func shapeText(shape []int) string {
	if len(shape) > 8 {
		return fmt.Sprintf("of %d dimensions", len(shape))
	}
	return string(appendShape(nil, shape))
}
