package pickle

import (
	"fmt"
	"math"
	"math/bits"

	"fogmq/internal/codec/value"
)

// maxDims is the number of dimensions that NumPy 2 allows.
const maxDims = 64

// showArray is an array as protocols 0 to 4 have it: made empty, then given its state, which is a version, the shape,
// the dtype, whether it is in Fortran order, and the data.
func showArray(c *converter, o *object, depth int) (value.Value, bool, error) {
	state, ok := items(o.state)
	if !ok || len(state) != 5 {
		return nil, false, nil
	}
	shape, ok, err := shapeOf(state[1])
	dtype, ok2 := c.dtype(state[2], 0)
	if !ok || !ok2 || err != nil {
		return nil, false, err
	}
	if dtype.kind == 'O' {
		elements, ok := items(state[4])
		if !ok {
			return nil, false, nil
		}
		return c.objects(shape, elements, depth)
	}
	data, ok, err := c.bytes(state[4], depth)
	if !ok || err != nil {
		return nil, false, err
	}
	strides := rowStrides(shape, dtype.size)
	if fortran, _ := state[3].(bool); fortran {
		strides = columnStrides(shape, dtype.size)
	}
	return c.array(dtype, shape, strides, data)
}

// showBuffer is an array as protocol 5 has it: its buffer, the dtype, the shape and the order, C, F, or K with the axes
// that the order of the buffer has.
func showBuffer(c *converter, o *object, depth int) (value.Value, bool, error) {
	if len(o.args) < 4 || o.state != nil {
		return nil, false, nil
	}
	data, ok, err := c.bytes(o.args[0], depth)
	if !ok || err != nil {
		return nil, false, err
	}
	dtype, ok := c.dtype(o.args[1], 0)
	shape, ok2, err := shapeOf(o.args[2])
	if !ok || !ok2 || err != nil || dtype.kind == 'O' {
		return nil, false, err
	}
	strides := rowStrides(shape, dtype.size)
	switch order, _ := textOf(o.args[3]); {
	case order == "F":
		strides = columnStrides(shape, dtype.size)
	case order == "K" && o.arg(4) != nil:
		axes, ok, err := shapeOf(o.args[4])
		if !ok || err != nil || !isPermutation(axes, len(shape)) {
			return nil, false, err
		}
		shape, strides = permute(shape, axes), permute(strides, axes)
	case order != "C" && order != "K":
		return nil, false, nil
	}
	return c.array(dtype, shape, strides, data)
}

// showScalar is one number of NumPy's.
func showScalar(c *converter, o *object, depth int) (value.Value, bool, error) {
	dtype, ok := c.dtype(o.arg(0), 0)
	if !ok || len(o.args) != 2 {
		return nil, false, nil
	}
	if dtype.kind == 'O' {
		v, err := c.value(o.args[1], depth+1)
		return v, true, err
	}
	data, ok, err := c.bytes(o.args[1], depth)
	if !ok || err != nil {
		return nil, false, err
	}
	return c.array(dtype, nil, nil, data)
}

// shapeOf reads a tuple of whole numbers.
func shapeOf(v any) ([]int, bool, error) {
	dims, ok := items(v)
	if !ok {
		return nil, false, nil
	}
	if len(dims) > maxDims {
		return nil, false, fmt.Errorf("a NumPy array has %d dimensions, more than %d", len(dims), maxDims)
	}
	shape := make([]int, len(dims))
	for i, dim := range dims {
		n, ok := whole(dim)
		if !ok || n < 0 || n > math.MaxInt {
			return nil, false, nil
		}
		shape[i] = int(n)
	}
	return shape, true, nil
}

// sizeOf returns how many elements a shape has and how many bytes they take.
func sizeOf(shape []int, itemSize int) (count, size int, ok bool) {
	count = 1
	for _, dim := range shape {
		high, low := bits.Mul64(uint64(count), uint64(dim))
		if high != 0 || low > math.MaxInt>>15 {
			return 0, 0, false
		}
		count = int(low)
	}
	return count, count * itemSize, count == 0 || itemSize <= math.MaxInt/count
}

// array shows an array whose elements lie in data by strides.
func (c *converter) array(dtype dtype, shape, strides []int, data []byte) (value.Value, bool, error) {
	_, size, ok := sizeOf(shape, dtype.size)
	if !ok || size != len(data) {
		return nil, false, fmt.Errorf("a NumPy array has %d bytes of data, but not for its shape of %d dimensions and %s",
			len(data), len(shape), dtype)
	}
	data, err := c.gather(data, dtype.size, shape, strides)
	if err != nil {
		return nil, false, err
	}
	switch dtype.kind {
	case 'b', 'i', 'u', 'f', 'c':
		return c.arrayText(dtype.String(), shape, data)
	}
	show, ok := c.element(dtype)
	if err := c.charge(len(data)); err != nil || !ok {
		return nil, false, err
	}
	at := 0
	v, err := c.nest(shape, func() (value.Value, error) {
		raw := data[at : at+dtype.size]
		at += dtype.size
		return show(raw)
	})
	return v, err == nil, err
}

// objects shows an array of Python's objects, which are a list in C order, whatever the order of the array.
func (c *converter) objects(shape []int, elements []any, depth int) (value.Value, bool, error) {
	count, _, ok := sizeOf(shape, 1)
	if !ok || count != len(elements) {
		return nil, false, fmt.Errorf("a NumPy array of objects has %d elements, but not for its shape of %d dimensions",
			len(elements), len(shape))
	}
	at := 0
	v, err := c.nest(shape, func() (value.Value, error) {
		at++
		return c.value(elements[at-1], depth+len(shape))
	})
	return v, err == nil, err
}

// nest makes the lists of a shape around the elements that next gives.
func (c *converter) nest(shape []int, next func() (value.Value, error)) (value.Value, error) {
	if len(shape) == 0 {
		return next()
	}
	if err := c.charge(elementCost); err != nil {
		return nil, err
	}
	out := value.List{}
	for range shape[0] {
		if err := c.charge(elementCost); err != nil {
			return nil, err
		}
		v, err := c.nest(shape[1:], next)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
