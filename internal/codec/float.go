package codec

import (
	"fmt"
	"math"
	"strings"
)

// float is float:SIZE:ORDER: each frame is one IEEE 754 number.
type float struct {
	spec string
	word DType
}

func openFloat(spec string, args []string, _ Options) (Codec, error) {
	word, err := wordType(spec, "float", kindFloat, args, 4, 8)
	if err != nil {
		return nil, err
	}
	return float{spec, word}, nil
}

func (c float) Encode(fields [][]byte) ([][]byte, error) {
	frames := make([][]byte, len(fields))
	for i, field := range fields {
		text := string(trimSpace(field))
		// Go's hexadecimal floats and underscores are no decimal text.
		if strings.ContainsAny(text, "xX_") {
			return nil, fmt.Errorf("%s: %s is not a number", c.spec, quote(field))
		}
		value, err := parseFloat(text, int(c.word.size)*8)
		if err != nil && !math.IsInf(value, 0) {
			return nil, fmt.Errorf("%s: %s is not a number", c.spec, quote(field))
		}
		if err != nil {
			return nil, fmt.Errorf("%s does not fit %s (±%s)", shorten(text), c.spec, c.word.floatMax())
		}
		frames[i] = make([]byte, c.word.size)
		c.word.putFloat(frames[i], value)
	}
	return frames, nil
}

func (c float) Decode(frames [][]byte) ([][]byte, error) {
	fields := make([][]byte, len(frames))
	for i, frame := range frames {
		if err := checkWord(c.spec, c.word, frame); err != nil {
			return nil, err
		}
		fields[i] = pythonNotation(c.word.Size()).repr(nil, c.word.float(frame))
	}
	return fields, nil
}

// Add computes in float64 and rounds to the codec's size once.
func (c float) Add(frames [][]byte, n Number) ([][]byte, error) {
	addend, err := n.asFloat()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.spec, err)
	}
	sums := make([][]byte, len(frames))
	for i, frame := range frames {
		if err := checkWord(c.spec, c.word, frame); err != nil {
			return nil, err
		}
		sums[i] = make([]byte, c.word.size)
		c.word.putFloat(sums[i], c.word.float(frame)+addend)
	}
	return sums, nil
}
