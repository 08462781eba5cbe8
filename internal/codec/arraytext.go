package codec

import (
	"errors"
	"fmt"
)

// parseText reads an array from nested JSON lists. Without a dtype (the zero one) the values choose it, as they do in
// np.array: int64, float64 where one is a float, complex128 where one is complex, bool where all are.
func parseText(text []byte, dtype DType) (Array, error) {
	s := &shapeScan{dims: -1}
	if err := walkLists(text, s); err != nil {
		return Array{}, err
	}
	inferred := dtype == DType{}
	if inferred {
		dtype = s.dtype()
	}
	shape := make([]int, s.dims)
	copy(shape, s.shape)
	_, size, err := dataSize(shape, dtype.Size())
	if err != nil {
		return Array{}, fmt.Errorf("shape %s %w", shapeText(shape), err)
	}
	a := Array{dtype, shape, make([]byte, size)}
	l := lexer{text: text}
	rest := a.Data
	for len(rest) > 0 {
		kind, token, err := l.next()
		if err != nil {
			return Array{}, err
		}
		if kind != 'v' && kind != '"' {
			continue
		}
		if err := dtype.parseElement(rest, token); err != nil {
			return Array{}, a.locate(err, len(a.Data)-len(rest), inferred)
		}
		rest = rest[dtype.size:]
	}
	return a, nil
}

// errRange marks a value that its type can't hold.
type errRange struct{ msg string }

func (e errRange) Error() string { return e.msg }

// locate says at which index of the array the element at offset is wrong.
func (a Array) locate(err error, offset int, inferred bool) error {
	var outside errRange
	if inferred && a.DType == aInt64 && errors.As(err, &outside) {
		err = fmt.Errorf("%w; name a type that does with --dtype", err)
	}
	if len(a.Shape) == 0 {
		return err
	}
	index := make([]int, len(a.Shape))
	element := offset / a.DType.Size()
	for i := len(a.Shape) - 1; i >= 0; i-- {
		index[i] = element % a.Shape[i]
		element /= a.Shape[i]
	}
	return fmt.Errorf("%w, at index %s", err, shapeText(index))
}

var errRagged = errors.New("the lists are ragged: they nest deeper in one place than in another")

// shapeScan finds the shape of nested lists and what kinds of values they hold.
type shapeScan struct {
	shape []int // -1 where no list of that depth has ended yet
	dims  int   // -1 until the first scalar or empty list tells
	kinds [256]bool
}

func (s *shapeScan) dtype() DType {
	switch {
	case s.kinds[complexText]:
		return aComplex128
	case s.kinds[floatText]:
		return aFloat64
	case s.kinds[intText]:
		return aInt64
	case s.kinds[boolText]:
		return aBool
	}
	return aFloat64
}

func (s *shapeScan) open(depth int) error {
	if depth == maxDims {
		return fmt.Errorf("lists are nested more than %d deep", maxDims)
	}
	if s.dims >= 0 && depth >= s.dims {
		return errRagged
	}
	if depth == len(s.shape) {
		s.shape = append(s.shape, -1)
	}
	return nil
}

func (s *shapeScan) value(depth, _ int, token []byte) error {
	class := classify(token)
	if class == notNumber {
		if c := token[0]; c == '{' {
			return errors.New("a JSON object is no array; write nested lists of numbers, as in [[0, 1], [2, 3]]")
		}
		return fmt.Errorf("%s is not a number", quote(token))
	}
	s.kinds[class] = true
	if s.dims < 0 {
		s.dims = depth
	}
	if s.dims != depth {
		return errRagged
	}
	return nil
}

func (s *shapeScan) close(depth, length int) error {
	if length == 0 && s.dims < 0 {
		s.dims = depth + 1
	}
	if length == 0 && s.dims != depth+1 {
		return errRagged
	}
	if s.shape[depth] < 0 {
		s.shape[depth] = length
	}
	if s.shape[depth] != length {
		return fmt.Errorf("the lists are ragged: a list of %d stands beside one of %d", length, s.shape[depth])
	}
	return nil
}
