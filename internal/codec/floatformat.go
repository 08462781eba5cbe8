package codec

import (
	"math"
	"strconv"
)

// precision is the most digits that NumPy prints behind the decimal point.
const precision = 8

// floatFormat is the notation that the floats of one array share.
type floatFormat struct {
	size       int  // of the element, in bytes
	plus       bool // write the sign of positive numbers too
	scientific bool
	left       int // columns before the point
	right      int // columns behind the point
	fraction   int // scientific: digits behind the point
	exponent   int // scientific: digits of the exponent
}

// newFloatFormat finds the format for the floats of type d that stand at the given offset of the visited elements.
func newFloatFormat(d DType, offset int, plus bool, visit func(func([]byte))) *floatFormat {
	f := &floatFormat{size: d.Size(), plus: plus}
	largest, smallest := 0.0, math.Inf(1)
	finite, hasNaN, hasInf, hasNegativeInf := false, false, false, false
	visit(func(b []byte) {
		x := d.float(b[offset:])
		switch {
		case math.IsNaN(x):
			hasNaN = true
		case math.IsInf(x, 0):
			hasInf = true
			hasNegativeInf = hasNegativeInf || x < 0
		default:
			finite = true
			if x != 0 {
				largest, smallest = max(largest, math.Abs(x)), min(smallest, math.Abs(x))
			}
		}
	})
	f.scientific = largest > 0 && (largest >= 1e8 || smallest < 1e-4 || f.ratio(largest, smallest) > 1000)
	if finite {
		var buf []byte
		visit(func(b []byte) {
			if x := d.float(b[offset:]); !math.IsNaN(x) && !math.IsInf(x, 0) {
				buf = f.measure(buf[:0], x)
			}
		})
	}
	if f.scientific {
		f.right = f.exponent + 2 + f.fraction
	}
	if hasNaN || hasInf {
		infinity := len("inf")
		if plus || hasNegativeInf {
			infinity++
		}
		f.left = max(f.left, max(len("nan"), infinity)-f.right-1)
	}
	return f
}

// ratio divides in the precision of the elements, which decides close cases as NumPy does.
func (f *floatFormat) ratio(a, b float64) float64 {
	switch f.size {
	case 2:
		return halfToFloat(halfFromFloat(float64(float32(a) / float32(b))))
	case 4:
		return float64(float32(a) / float32(b))
	}
	return a / b
}

// measure widens the format to fit x.
func (f *floatFormat) measure(buf []byte, x float64) []byte {
	buf = f.appendTrimmed(buf, x)
	point, exponent := pointAndExponent(buf)
	f.left = max(f.left, point)
	if f.scientific {
		f.fraction = max(f.fraction, exponent-point-1)
		f.exponent = max(f.exponent, len(buf)-exponent-2)
		return buf
	}
	f.right = max(f.right, len(buf)-point-1)
	return buf
}

// pointAndExponent returns where the "." and the "e" of a number stand; without an "e", where the number ends.
func pointAndExponent(number []byte) (point, exponent int) {
	exponent = len(number)
	for i, c := range number {
		switch c {
		case '.':
			point = i
		case 'e':
			exponent = i
		}
	}
	return point, exponent
}

// appendTrimmed appends x with the fewest digits that tell it apart, 8 behind the point at most, and always a point:
// "1.", "0.5", "1.5e+10".
func (f *floatFormat) appendTrimmed(dst []byte, x float64) []byte {
	if f.plus && !math.Signbit(x) {
		dst = append(dst, '+')
	}
	from := len(dst)
	format := byte('f')
	if f.scientific {
		format = 'e'
	}
	dst = appendShortest(dst, x, format, f.size)
	if point, _ := pointAndExponent(dst[from:]); point == 0 && !f.scientific {
		// Of whole numbers NumPy prints all digits, not only those that tell them apart.
		dst = strconv.AppendFloat(dst[:from], x, 'f', 0, 64)
	}
	dst = withPoint(dst, from)
	point, exponent := pointAndExponent(dst[from:])
	if exponent-point-1 <= precision {
		return dst
	}
	return trimZeros(strconv.AppendFloat(dst[:from], x, format, precision, 64), from)
}

// withPoint puts the point that strconv leaves out behind whole numbers.
func withPoint(dst []byte, from int) []byte {
	point, exponent := pointAndExponent(dst[from:])
	if point > 0 {
		return dst
	}
	at := from + exponent
	dst = append(dst, 0)
	copy(dst[at+1:], dst[at:])
	dst[at] = '.'
	return dst
}

// trimZeros removes the zeros at the end of the fraction, and leaves the point.
func trimZeros(dst []byte, from int) []byte {
	_, exponent := pointAndExponent(dst[from:])
	end := from + exponent
	for dst[end-1] == '0' {
		end--
	}
	return append(dst[:end], dst[from+exponent:]...)
}

// append appends x in the array's format.
func (f *floatFormat) append(dst []byte, x float64) []byte {
	from := len(dst)
	if math.IsNaN(x) || math.IsInf(x, 0) {
		if f.plus && !(x < 0) {
			dst = append(dst, '+')
		}
		dst = numpyNotation(f.size).bareRepr(dst, x)
		return padLeft(dst, from, f.left+f.right+1)
	}
	if f.scientific {
		return padLeft(f.appendScientific(dst, x), from, f.left+f.right+1)
	}
	dst = f.appendTrimmed(dst, x)
	point, _ := pointAndExponent(dst[from:])
	for range f.right - (len(dst) - from - point - 1) {
		dst = append(dst, ' ')
	}
	return padLeft(dst, from, f.left+f.right+1)
}

// appendScientific appends x with the array's number of digits: here NumPy shows digits beyond those that tell x apart.
func (f *floatFormat) appendScientific(dst []byte, x float64) []byte {
	if f.plus && !math.Signbit(x) {
		dst = append(dst, '+')
	}
	from := len(dst)
	dst = withPoint(strconv.AppendFloat(dst, x, 'e', f.fraction, 64), from)
	_, exponent := pointAndExponent(dst[from:])
	digits := from + exponent + len("e+")
	return padZeros(dst, digits, f.exponent)
}

// appendImaginary appends x with a j behind its last digit, before the spaces that fill its column.
func (f *floatFormat) appendImaginary(dst []byte, x float64) []byte {
	dst = append(f.append(dst, x), 'j')
	i := len(dst) - 1
	for i > 0 && dst[i-1] == ' ' {
		dst[i-1], dst[i] = dst[i], dst[i-1]
		i--
	}
	return dst
}
