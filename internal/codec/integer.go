package codec

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// integer is int:SIZE:ORDER and uint:SIZE:ORDER: each frame is one two's complement or unsigned word.
type integer struct {
	spec string
	word DType
}

func openInteger(spec string, args []string, _ Options) (Codec, error) {
	name, kind := "int", kindInt
	if strings.HasPrefix(spec, "uint") {
		name, kind = "uint", kindUint
	}
	word, err := wordType(spec, name, kind, args, 1, 2, 4, 8)
	if err != nil {
		return nil, err
	}
	return integer{spec, word}, nil
}

func (c integer) Encode(fields [][]byte) ([][]byte, error) {
	frames := make([][]byte, len(fields))
	for i, field := range fields {
		value, err := parseDecimalOrHex(trimSpace(field))
		if err != nil {
			return nil, fmt.Errorf("%s: %s is not an integer", c.spec, quote(field))
		}
		if frames[i], err = c.frame(value, shorten(trimSpace(field))); err != nil {
			return nil, err
		}
	}
	return frames, nil
}

func (c integer) Decode(frames [][]byte) ([][]byte, error) {
	fields := make([][]byte, len(frames))
	for i, frame := range frames {
		if err := checkWord(c.spec, c.word, frame); err != nil {
			return nil, err
		}
		fields[i] = c.word.appendInteger(nil, frame)
	}
	return fields, nil
}

// Add refuses a sum that the codec can't carry: a number codec says what a message holds, so it may not turn into
// something else.
func (c integer) Add(frames [][]byte, n Number) ([][]byte, error) {
	addend, ok := n.asInteger()
	if !ok {
		return nil, fmt.Errorf("%s: %s is not an integer, the sum would not be one", c.spec, n)
	}
	sums := make([][]byte, len(frames))
	for i, frame := range frames {
		if err := checkWord(c.spec, c.word, frame); err != nil {
			return nil, err
		}
		value := c.word.bigInteger(frame)
		value.Add(value, addend)
		var err error
		if sums[i], err = c.frame(value, ""); err != nil {
			return nil, err
		}
	}
	return sums, nil
}

// frame returns value as a word; shown is how an error calls it, when not by its digits.
func (c integer) frame(value *big.Int, shown string) ([]byte, error) {
	bits, ok := c.word.integerBits(value)
	if !ok {
		if shown == "" {
			shown = shortInteger(value)
		}
		return nil, fmt.Errorf("%s does not fit %s (%s)", shown, c.spec, c.word.integerRange())
	}
	frame := make([]byte, c.word.size)
	c.word.putBits(frame, bits)
	return frame, nil
}

func checkWord(spec string, word DType, frame []byte) error {
	if len(frame) != int(word.size) {
		return fmt.Errorf("%s: a frame of %s is not a number of %s", spec, plural(len(frame), "byte"), plural(int(word.size), "byte"))
	}
	return nil
}

// parseDecimalOrHex reads -12, +12 and 0x1f. Text that is longer than any word needs is cut down to a number that fits
// none, so that the time it takes does not grow with the square of its length.
func parseDecimalOrHex(text []byte) (*big.Int, error) {
	s := string(text)
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	base := 10
	if len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'x' {
		base, s = 16, s[2:]
	}
	if s == "" || !isDigits(s, base) {
		return nil, strconv.ErrSyntax
	}
	s = strings.TrimLeft(s, "0")
	s = "0" + s[:min(len(s), 40)]
	value, ok := new(big.Int).SetString(s, base)
	if !ok {
		return nil, strconv.ErrSyntax
	}
	if negative {
		value.Neg(value)
	}
	return value, nil
}

func isDigits(s string, base int) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (base == 10 || c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}
