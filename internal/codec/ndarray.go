package codec

import (
	"bytes"
	"fmt"
)

// ndarray is the codec of arrays as nested JSON lists. Its dtype is that of --dtype, or none.
type ndarray struct{ dtype DType }

func openNDArray(spec string, args []string, o Options) (Codec, error) {
	if len(args) > 0 {
		return nil, fmt.Errorf("codec %s has too many parts: write ndarray, and the type with --dtype", quote(spec))
	}
	if o.DType == "" {
		return ndarray{}, nil
	}
	dtype, err := ParseDType(o.DType)
	if err != nil {
		return nil, fmt.Errorf("--dtype: %w", err)
	}
	return ndarray{dtype}, nil
}

// Encode takes nested JSON lists, or the bytes of a .npy file, which no JSON begins like.
func (c ndarray) Encode(fields [][]byte) ([][]byte, error) {
	if len(fields) != 1 {
		return nil, fmt.Errorf("ndarray: a record is one array, but this one is split into %s", plural(len(fields), "field"))
	}
	if bytes.HasPrefix(fields[0], []byte(npyMagic)) {
		a, err := ParseNPY(fields[0])
		if err != nil {
			return nil, err
		}
		if c.dtype != (DType{}) && c.dtype != a.DType {
			return nil, fmt.Errorf("ndarray: the .npy file is of %s, but --dtype says %s", a.DType, c.dtype)
		}
		return a.Frames(), nil
	}
	a, err := parseText(fields[0], c.dtype)
	if err != nil {
		return nil, fmt.Errorf("ndarray: %w", err)
	}
	return a.Frames(), nil
}

func (ndarray) Decode(frames [][]byte) ([][]byte, error) {
	a, err := ParseArray(frames)
	if err != nil {
		return nil, err
	}
	text, err := a.appendJSON(nil)
	if err != nil {
		return nil, fmt.Errorf("ndarray: %w", err)
	}
	return [][]byte{text}, nil
}

func (ndarray) Add(frames [][]byte, n Number) ([][]byte, error) {
	a, err := ParseArray(frames)
	if err != nil {
		return nil, err
	}
	sum, err := a.Add(n)
	if err != nil {
		return nil, err
	}
	return sum.Frames(), nil
}
