package codec

import "fmt"

// Add returns the array plus n in every element, by NumPy 2's rules for a Python number (NEP 50): the type is kept and
// integers wrap, an integer outside the type's range is an error, integers plus a float are float64, bool plus an
// integer is int64, a real type plus a complex number is complex. The result is in native (little) byte order.
func (a Array) Add(n Number) (Array, error) {
	dtype := sumType(a.DType, n)
	count, size, err := dataSize(a.Shape, dtype.Size())
	if err != nil {
		return Array{}, fmt.Errorf("ndarray: shape %s of %s %w", shapeText(a.Shape), dtype, err)
	}
	sum := Array{dtype, a.Shape, make([]byte, size)}
	switch dtype.kind {
	case kindInt, kindUint:
		bits, ok := dtype.integerBits(n.bigInt())
		if !ok {
			return Array{}, fmt.Errorf("ndarray: integer %s is out of bounds for %s (%s)", n, dtype, dtype.integerRange())
		}
		a.addInteger(sum, count, bits)
		return sum, nil
	case kindFloat:
		x, err := n.asFloat()
		if err != nil {
			return Array{}, fmt.Errorf("ndarray: %w", err)
		}
		a.addFloat(sum, count, x)
		return sum, nil
	}
	re, im, err := n.asComplex()
	if err != nil {
		return Array{}, fmt.Errorf("ndarray: %w", err)
	}
	a.addComplex(sum, count, re, im)
	return sum, nil
}

func sumType(d DType, n Number) DType {
	d.big = false
	switch {
	case d.kind == kindComplex:
		return d
	case n.kind == kindComplex && d.kind == kindFloat && d.size < 8:
		return aComplex64
	case n.kind == kindComplex:
		return aComplex128
	case d.kind == kindFloat:
		return d
	case n.kind == kindFloat:
		return aFloat64
	case d.kind == kindBool:
		return aInt64
	}
	return d
}

// addInteger adds modulo the type's width, where signed and unsigned are the same.
func (a Array) addInteger(sum Array, count int, n uint64) {
	from, to := a.DType, sum.DType
	step, width := from.Size(), to.Size()
	for i := range count {
		word := from.bits(a.Data[i*step:])
		if from.kind == kindBool && word != 0 {
			word = 1
		}
		to.putBits(sum.Data[i*width:], word+n)
	}
}

func (a Array) addFloat(sum Array, count int, n float64) {
	from, to := a.DType, sum.DType
	step, width := from.Size(), to.Size()
	add := adder(to, n)
	for i := range count {
		to.putFloat(sum.Data[i*width:], add(from.asFloat(a.Data[i*step:])))
	}
}

func (a Array) addComplex(sum Array, count int, re, im float64) {
	from, to := a.DType, sum.DType
	step, width := from.Size(), to.Size()
	source, part := from.part(), to.part()
	half := part.Size()
	addRe, addIm := adder(part, re), adder(part, im)
	for i := range count {
		in, out := a.Data[i*step:], sum.Data[i*width:]
		var imag float64
		if from.kind == kindComplex {
			imag = source.float(in[source.Size():])
		}
		part.putFloat(out, addRe(source.asFloat(in)))
		part.putFloat(out[half:], addIm(imag))
	}
}

// adder returns the addition of n in the precision of d. float16 is computed in float32, as NumPy does, where no
// rounding of the sum is lost; its own rounding is putFloat's.
func adder(d DType, n float64) func(x float64) float64 {
	if d.size == 8 {
		return func(x float64) float64 { return x + n }
	}
	if d.size == 2 {
		n = halfToFloat(halfFromFloat(n))
	}
	single := float32(n)
	return func(x float64) float64 { return float64(float32(x) + single) }
}
