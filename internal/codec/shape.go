package codec

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// maxDims is the number of dimensions that NumPy 2 allows.
const maxDims = 64

var errTooBig = errors.New("is too big")

// parseShape reads a shape frame: a JSON list of whole numbers, as json.dumps prints a tuple.
func parseShape(text []byte) ([]int, error) {
	inner := trimSpace(text)
	if len(inner) < 2 || inner[0] != '[' || inner[len(inner)-1] != ']' {
		if n, err := strconv.Atoi(string(inner)); err == nil && n >= 0 {
			return nil, fmt.Errorf("shape %d is not a JSON list; write [%d]", n, n)
		}
		return nil, fmt.Errorf("shape %s is not a JSON list of whole numbers, as in [2, 3]", quote(text))
	}
	inner = trimSpace(inner[1 : len(inner)-1])
	shape := make([]int, 0, 4)
	for len(inner) > 0 {
		if len(shape) == maxDims {
			return nil, fmt.Errorf("shape %s has more than %d dimensions", quote(text), maxDims)
		}
		end := 0
		for end < len(inner) && inner[end] != ',' {
			end++
		}
		dim, err := parseDim(trimSpace(inner[:end]))
		if err != nil {
			return nil, fmt.Errorf("shape %s %w", quote(text), err)
		}
		shape = append(shape, dim)
		if end == len(inner) {
			break
		}
		if inner = trimSpace(inner[end+1:]); len(inner) == 0 {
			return nil, fmt.Errorf("shape %s ends in a comma", quote(text))
		}
	}
	return shape, nil
}

func parseDim(text []byte) (int, error) {
	digits := text
	if len(digits) > 1 && digits[0] == '-' {
		digits = digits[1:]
	}
	if len(digits) == 0 || !isDigits(string(digits[:min(len(digits), quoteMax)]), 10) || len(digits) > 1 && digits[0] == '0' {
		return 0, fmt.Errorf("is not a JSON list of whole numbers: %s is none", quote(text))
	}
	if text[0] == '-' {
		return 0, fmt.Errorf("has a negative dimension: %s", shorten(text))
	}
	dim, err := strconv.Atoi(string(digits))
	if errors.Is(err, strconv.ErrRange) {
		return 0, errTooBig
	}
	if err != nil {
		return 0, fmt.Errorf("is not a JSON list of whole numbers: %s is none", quote(text))
	}
	return dim, nil
}

// dataSize returns how many elements a shape has and how many bytes they take. As NumPy, it refuses a shape whose
// other dimensions overflow even where a dimension of 0 leaves no element.
func dataSize(shape []int, itemSize int) (count, size int, err error) {
	count, size = 1, itemSize
	empty := false
	for _, dim := range shape {
		if dim == 0 {
			empty = true
			continue
		}
		if size > math.MaxInt/dim {
			return 0, 0, errTooBig
		}
		count *= dim
		size *= dim
	}
	if empty {
		return 0, 0, nil
	}
	return count, size, nil
}

// appendShape appends a shape as json.dumps prints a tuple: "[2, 3]".
func appendShape(dst []byte, shape []int) []byte {
	dst = append(dst, '[')
	for i, dim := range shape {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = strconv.AppendInt(dst, int64(dim), 10)
	}
	return append(dst, ']')
}
