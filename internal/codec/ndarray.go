package codec

import "fmt"

// An ArrayCodec is a codec whose payloads are NumPy arrays: ndarray and ndarray:header.
type ArrayCodec interface {
	Codec
	// EncodeNPY returns the payload frames of a .npy file. Where they can, they alias file. Errors are as in Encode.
	EncodeNPY(file []byte) (frames [][]byte, err error)
	// Array returns the array that payload frames carry, whose Data is a frame itself. Errors are as in Decode.
	Array(frames [][]byte) (Array, error)
}

// HasHeader tells whether c is ndarray:header, whose payloads are two frames.
func HasHeader(c Codec) bool {
	a, ok := c.(ndarray)
	return ok && a.convention == headerFrame
}

// ndarray is the codec of arrays as nested JSON lists. Its dtype is that of --dtype, or none.
type ndarray struct {
	*convention // codecs are comparable, which functions are not
	dtype       DType
}

// A convention is how the frames of a message carry an array.
type convention struct {
	name   string // of the codec
	frames func(Array) [][]byte
	parse  func([][]byte) (Array, error)
}

var (
	threeFrames = &convention{"ndarray", Array.Frames, ParseArray}
	headerFrame = &convention{"ndarray:header", Array.HeaderFrames, ParseHeaderArray}
)

func openNDArray(spec string, args []string, o Options) (Codec, error) {
	c := ndarray{convention: threeFrames}
	switch {
	case len(args) == 1 && args[0] == "header":
		c.convention = headerFrame
	case len(args) == 1:
		return nil, fmt.Errorf("codec %s is neither ndarray nor ndarray:header; the array's type goes with --dtype", quote(spec))
	case len(args) > 1:
		return nil, fmt.Errorf("codec %s has too many parts: write ndarray or ndarray:header, and the type with --dtype", quote(spec))
	}
	if o.DType == "" {
		return c, nil
	}
	var err error
	if c.dtype, err = ParseDType(o.DType); err != nil {
		return nil, fmt.Errorf("--dtype: %w", err)
	}
	return c, nil
}

// Encode takes nested JSON lists, or the bytes of a .npy file, which no JSON begins like.
func (c ndarray) Encode(fields [][]byte) ([][]byte, error) {
	if len(fields) != 1 {
		return nil, fmt.Errorf("%s: a record is one array, but this one is split into %s", c.name, plural(len(fields), "field"))
	}
	if IsNPY(fields[0]) {
		return c.EncodeNPY(fields[0])
	}
	a, err := parseText(fields[0], c.dtype)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	return c.frames(a), nil
}

// EncodeNPY takes a file of any type, or of that of --dtype alone.
func (c ndarray) EncodeNPY(file []byte) ([][]byte, error) {
	a, err := ParseNPY(file)
	if err != nil {
		return nil, err
	}
	if c.dtype != (DType{}) && c.dtype != a.DType {
		return nil, fmt.Errorf("%s: the .npy file is of %s, but --dtype says %s", c.name, a.DType, c.dtype)
	}
	return c.frames(a), nil
}

// Recode returns the payload frames under to of those under from. Codecs meet in their text, but for those of arrays:
// an array keeps its type unless to asks for another.
func Recode(from, to Codec, frames [][]byte) ([][]byte, error) {
	in, isArray := from.(ndarray)
	out, staysArray := to.(ndarray)
	if isArray && staysArray {
		a, err := in.parse(frames)
		if err != nil {
			return nil, err
		}
		if out.dtype == (DType{}) || out.dtype == a.DType {
			return out.frames(a), nil
		}
	}
	fields, err := from.Decode(frames)
	if err != nil {
		return nil, err
	}
	return to.Encode(fields)
}

func (c ndarray) Array(frames [][]byte) (Array, error) { return c.parse(frames) }

func (c ndarray) Decode(frames [][]byte) ([][]byte, error) {
	a, err := c.parse(frames)
	if err != nil {
		return nil, err
	}
	text, err := a.appendJSON(nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	return [][]byte{text}, nil
}

func (c ndarray) Add(frames [][]byte, n Number) ([][]byte, error) {
	a, err := c.parse(frames)
	if err != nil {
		return nil, err
	}
	sum, err := a.Add(n)
	if err != nil {
		return nil, err
	}
	return c.frames(sum), nil
}
