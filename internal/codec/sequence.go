package codec

import "fogmq/internal/codec/value"

// A Sequence is a codec whose payloads tell where they end, so that they may stand one after another in a stream.
type Sequence interface {
	// First returns how many bytes the first payload of data takes up. The error is value.ErrEnd where data ends before
	// that payload does; any other says that no more payloads can be found in data.
	First(data []byte) (n int, err error)
}

func (c *structured) First(data []byte) (int, error) {
	_, rest, err := c.decode(data)
	if err != nil {
		return 0, err
	}
	return len(data) - len(rest), nil
}

func (c integer) First(data []byte) (int, error) { return firstWord(c.word, data) }
func (c float) First(data []byte) (int, error)   { return firstWord(c.word, data) }

func firstWord(word DType, data []byte) (int, error) {
	if len(data) < word.Size() {
		return 0, value.ErrEnd
	}
	return word.Size(), nil
}

// A Conversion turns payloads of one codec into payloads of another. Safe for concurrent use.
type Conversion struct{ from, to Codec }

// NewConversion returns the conversion between two codecs, which meet in their text. Where one of them is hex or base64
// it is the digits that are read or written: what they stand for is in the middle.
func NewConversion(from, to Codec) Conversion { return Conversion{from, to} }

// Convert returns the frames of a payload under the other codec. A .npy file counts as the payload of ndarray that it
// holds.
func (c Conversion) Convert(frames [][]byte) ([][]byte, error) {
	if arrays, ok := c.from.(ArrayCodec); ok && len(frames) == 1 && IsNPY(frames[0]) {
		var err error
		if frames, err = arrays.EncodeNPY(frames[0]); err != nil {
			return nil, err
		}
	}
	if !isArmour(c.from) && !isArmour(c.to) && !isFloat(c.from) {
		return Recode(c.from, c.to, frames)
	}
	fields, err := c.read(frames)
	if err != nil {
		return nil, err
	}
	if isArmour(c.to) {
		return c.to.Decode(fields)
	}
	if isFloat(c.from) {
		if _, ok := c.to.(*structured); ok {
			fields = jsonFloats(fields)
		}
	}
	return c.to.Encode(fields)
}

// File is Convert where nothing would keep the frames of a payload apart: an array becomes its .npy file.
func (c Conversion) File(frames [][]byte) ([][]byte, error) {
	converted, err := c.Convert(frames)
	arrays, ok := c.to.(ArrayCodec)
	if err != nil || !ok {
		return converted, err
	}
	a, err := arrays.Array(converted)
	if err != nil {
		return nil, err
	}
	return a.FileNPY(), nil
}

func (c Conversion) read(frames [][]byte) ([][]byte, error) {
	if isArmour(c.from) {
		return c.from.Encode(frames)
	}
	return c.from.Decode(frames)
}

// IsText tells whether what a conversion writes under c is text, which needs a line of its own.
func IsText(c Codec) bool {
	switch c := c.(type) {
	case verbatim:
		return c.name == "string"
	case *structured:
		return c == jsonStructured
	}
	return isArmour(c)
}

func isFloat(c Codec) bool {
	_, ok := c.(float)
	return ok
}

// isArmour tells the codecs whose text is digits that stand for any bytes.
func isArmour(c Codec) bool {
	switch c.(type) {
	case hexCodec, base64Codec:
		return true
	}
	return false
}

// jsonFloats puts Python's names of what no JSON number is in the place of the short ones.
func jsonFloats(fields [][]byte) [][]byte {
	names := map[string]string{"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
	out := make([][]byte, len(fields))
	for i, field := range fields {
		out[i] = field
		if name := names[string(field)]; name != "" {
			out[i] = []byte(name)
		}
	}
	return out
}
