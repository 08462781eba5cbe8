package codec

import (
	"fmt"
	"slices"

	"fogmq/internal/codec/pickle"
	"fogmq/internal/codec/value"
)

// pickleStructured is Python's pickle, read as data only: nothing in it is run or imported.
var pickleStructured = &structured{
	name:   "pickle",
	encode: pickle.Encode,
	decode: func(data []byte) (value.Value, []byte, error) { return pickle.Decode(data, pickledArray) },
}

// pickledArray is the text of a NumPy array in a pickle: that of an ndarray, without spaces.
func pickledArray(dtype string, shape []int, data []byte) ([]byte, error) {
	d, err := ParseDType(dtype)
	if err != nil {
		return nil, err
	}
	a := Array{d, shape, data}
	if err := a.check(); err != nil {
		return nil, fmt.Errorf("a NumPy array: %w", err)
	}
	text, err := a.appendJSON(nil)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(text, func(c byte) bool { return c == ' ' }), nil
}
