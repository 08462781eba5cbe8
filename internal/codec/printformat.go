package codec

import "math"

// elementFormat returns what appends one element of an array as NumPy prints it among the others: visit shows it all
// that will be printed, since they share their width and notation.
func (d DType) elementFormat(visit func(func(element []byte))) func(dst, element []byte) []byte {
	switch d.kind {
	case kindBool:
		return func(dst, b []byte) []byte {
			if b[0] != 0 {
				return append(dst, " True"...)
			}
			return append(dst, "False"...)
		}
	case kindFloat:
		f := newFloatFormat(d, 0, false, visit)
		return func(dst, b []byte) []byte { return f.append(dst, d.float(b)) }
	case kindComplex:
		part := d.part()
		re := newFloatFormat(part, 0, false, visit)
		im := newFloatFormat(part, part.Size(), true, visit)
		return func(dst, b []byte) []byte {
			dst = re.append(dst, part.float(b))
			return im.appendImaginary(dst, part.float(b[part.size:]))
		}
	}
	width := 0
	var digits []byte
	visit(func(b []byte) {
		digits = d.appendInteger(digits[:0], b)
		width = max(width, len(digits))
	})
	return func(dst, b []byte) []byte {
		from := len(dst)
		dst = d.appendInteger(dst, b)
		return padLeft(dst, from, width)
	}
}

// padZeros puts zeros before what stands in dst behind from, up to width.
func padZeros(dst []byte, from, width int) []byte { return pad(dst, from, width, '0') }

// padLeft puts spaces before what stands in dst behind from, up to width.
func padLeft(dst []byte, from, width int) []byte { return pad(dst, from, width, ' ') }

func pad(dst []byte, from, width int, with byte) []byte {
	length := len(dst) - from
	for range width - length {
		dst = append(dst, with)
	}
	if length < width {
		copy(dst[len(dst)-length:], dst[from:from+length])
		for i := from; i < len(dst)-length; i++ {
			dst[i] = with
		}
	}
	return dst
}

// appendScalar appends an element that stands alone as NumPy prints a scalar.
func (d DType) appendScalar(dst, b []byte) []byte {
	switch d.kind {
	case kindBool:
		if b[0] != 0 {
			return append(dst, "True"...)
		}
		return append(dst, "False"...)
	case kindFloat:
		return numpyNotation(d.Size()).repr(dst, d.float(b))
	case kindComplex:
		part := d.part()
		re, im := part.float(b), part.float(b[part.size:])
		if re == 0 && !math.Signbit(re) {
			return numpyNotation(part.Size()).complex(dst, re, im)
		}
		return append(numpyNotation(part.Size()).complex(append(dst, '('), re, im), ')')
	}
	return d.appendInteger(dst, b)
}
