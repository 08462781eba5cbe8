package codec

import (
	"math"
	"strconv"

	"fogmq/internal/codec/value"
)

// appendShortest appends the shortest decimal that reads back as the finite x in a float of size bytes (2, 4, 8),
// in strconv's format 'e' or 'f'.
func appendShortest(dst []byte, x float64, format byte, size int) []byte {
	if size == 2 {
		return strconv.AppendFloat(dst, halfShortest(x), format, -1, 64)
	}
	return strconv.AppendFloat(dst, x, format, -1, size*8)
}

// A notation says how NumPy or Python writes floats of one size.
type notation struct {
	size int     // in bytes: 2, 4 or 8
	low  float64 // from here to 1e16 without an exponent
}

// pythonNotation is that of Python's repr, which decides by the decimal digits it prints.
func pythonNotation(size int) notation {
	if size == 4 {
		return notation{size, float64(float32(1e-4))}
	}
	return notation{size, 1e-4}
}

// numpyNotation is that of NumPy's scalars, which decides by the number, so that float32's 0.0001 is 1e-04.
func numpyNotation(size int) notation { return notation{size, 1e-4} }

func (n notation) isPlain(x float64) bool {
	x = math.Abs(x)
	return x == 0 || x >= n.low && x < 1e16
}

// repr appends x as Python's repr writes a float: 1.0, 0.1, 1e+16, inf, nan; shortest for its size.
func (n notation) repr(dst []byte, x float64) []byte {
	from := len(dst)
	dst = n.bareRepr(dst, x)
	for _, c := range dst[from:] {
		if c == '.' || c > '9' {
			return dst
		}
	}
	return append(dst, '.', '0')
}

// bareRepr is repr without the ".0" of whole numbers, as Python writes the parts of a complex.
func (n notation) bareRepr(dst []byte, x float64) []byte {
	switch {
	case math.IsNaN(x):
		return append(dst, "nan"...)
	case math.IsInf(x, 1):
		return append(dst, "inf"...)
	case math.IsInf(x, -1):
		return append(dst, "-inf"...)
	case n.isPlain(x):
		return appendShortest(dst, x, 'f', n.size)
	}
	return appendShortest(dst, x, 'e', n.size)
}

// appendJSONFloat appends x as Python's json.dumps does, NaN, Infinity and -Infinity included.
func appendJSONFloat(dst []byte, x float64, size int) []byte {
	if size == 8 || math.IsNaN(x) || math.IsInf(x, 0) {
		return value.AppendFloat(dst, x)
	}
	return pythonNotation(size).repr(dst, x)
}

// complex appends a complex number as Python prints one, without the parentheses: 1+2j, 2j, nan-infj.
func (n notation) complex(dst []byte, re, im float64) []byte {
	if re != 0 || math.Signbit(re) {
		dst = n.bareRepr(dst, re)
		if math.IsNaN(im) || !math.Signbit(im) {
			dst = append(dst, '+')
		}
	}
	return append(n.bareRepr(dst, im), 'j')
}
