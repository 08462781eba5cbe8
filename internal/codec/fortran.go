package codec

// fromFortran returns the elements of an array whose first index varies fastest in the order in which the last one does.
// It makes one copy of data, or returns data itself where the order is the same. shape and data must agree.
func fromFortran(data []byte, shape []int, itemSize int) []byte {
	var dims, strides []int // of the dimensions that matter
	stride := itemSize
	for _, dim := range shape {
		if dim != 1 {
			dims, strides = append(dims, dim), append(strides, stride)
		}
		stride *= dim
	}
	if len(dims) < 2 || len(data) == 0 {
		return data
	}
	out := make([]byte, 0, len(data))
	last := len(dims) - 1
	index := make([]int, last) // in all dimensions but the last
	for from := 0; len(out) < len(data); {
		for at := range dims[last] {
			i := from + at*strides[last]
			out = append(out, data[i:i+itemSize]...)
		}
		for d := last - 1; d >= 0; d-- {
			index[d]++
			from += strides[d]
			if index[d] < dims[d] {
				break
			}
			from -= index[d] * strides[d]
			index[d] = 0
		}
	}
	return out
}
