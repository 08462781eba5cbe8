package pickle

import "slices"

// rowStrides are the steps of the dimensions in C order, where the last varies first.
func rowStrides(shape []int, itemSize int) []int {
	strides := make([]int, len(shape))
	for i := len(shape) - 1; i >= 0; i-- {
		strides[i] = itemSize
		itemSize *= shape[i]
	}
	return strides
}

// columnStrides are those in Fortran order, where the first varies first.
func columnStrides(shape []int, itemSize int) []int {
	strides := make([]int, len(shape))
	for i, dim := range shape {
		strides[i] = itemSize
		itemSize *= dim
	}
	return strides
}

func isPermutation(axes []int, n int) bool {
	seen := make([]bool, n)
	for _, axis := range axes {
		if axis >= n || seen[axis] {
			return false
		}
		seen[axis] = true
	}
	return len(axes) == n
}

func permute(list, axes []int) []int {
	out := make([]int, len(axes))
	for i, axis := range axes {
		out[i] = list[axis]
	}
	return out
}

// A walk visits the elements of an array in C order.
type walk struct {
	shape, strides []int
	index          []int
	at             int // of the element that comes next
}

// next returns where the element lies.
func (w *walk) next() int {
	if w.index == nil {
		w.index = make([]int, len(w.shape))
	}
	at := w.at
	for i := len(w.shape) - 1; i >= 0; i-- {
		w.index[i]++
		w.at += w.strides[i]
		if w.index[i] < w.shape[i] {
			break
		}
		w.at -= w.strides[i] * w.shape[i]
		w.index[i] = 0
	}
	return at
}

// gather returns the elements of data in C order. Their number must be what the shape asks for.
func (c *converter) gather(data []byte, itemSize int, shape, strides []int) ([]byte, error) {
	if len(data) == 0 || slices.Equal(strides, rowStrides(shape, itemSize)) {
		return data, nil
	}
	if err := c.charge(len(data)); err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(data))
	w := walk{shape: shape, strides: strides}
	for len(out) < len(data) {
		at := w.next()
		out = append(out, data[at:at+itemSize]...)
	}
	return out, nil
}
