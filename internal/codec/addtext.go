package codec

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// AddText adds n to a text that is a number or a nested JSON array of numbers, ragged ones too: each number is replaced
// where it stands, everything else stays as it is. Integers are exact at any size; where one side is a float the sum
// is a float, as Python prints it.
func AddText(text []byte, n Number) ([]byte, error) {
	a := &textAdder{text: text, n: n, out: make([]byte, 0, len(text)+8)}
	if n.kind == kindComplex {
		return nil, fmt.Errorf("%s is complex, and a sum with it is no JSON number; only an ndarray takes it", n)
	}
	if n.kind != kindFloat {
		a.digits = n.bigInt().String()
		if i := n.bigInt(); i.IsInt64() && i.BitLen() < 62 {
			a.small, a.isSmall = i.Int64(), true
		}
	}
	if err := walkLists(text, a); err != nil {
		var outside errRange
		switch {
		case errors.As(err, &outside):
			return nil, err
		case errors.Is(err, errNoNumber):
			return nil, fmt.Errorf("%s is not a number or a JSON array of numbers", quote(text))
		}
		return nil, fmt.Errorf("%s is not a number or a JSON array of numbers: %w", quote(text), err)
	}
	return append(a.out, text[a.copied:]...), nil
}

// textAdder copies a text with its numbers replaced by sums.
type textAdder struct {
	text    []byte
	copied  int // so much of text is in out already
	out     []byte
	n       Number
	digits  string // n in decimal, where it is an integer
	small   int64  // n, where isSmall
	isSmall bool
}

func (a *textAdder) open(int) error       { return nil }
func (a *textAdder) close(int, int) error { return nil }

func (a *textAdder) value(depth, at int, token []byte) error {
	class := classify(token)
	if depth == 0 && class == notNumber {
		class = numberSyntax(token, false)
	}
	if class != intText && class != floatText {
		if depth == 0 {
			return errNoNumber
		}
		return fmt.Errorf("%s is none", quote(token))
	}
	a.out = append(a.out, a.text[a.copied:at]...)
	a.copied = at + len(token)
	if class == intText && a.n.kind != kindFloat {
		a.addInteger(token)
		return nil
	}
	return a.addFloat(token)
}

var errNoNumber = errors.New("not a number")

func (a *textAdder) addInteger(token []byte) {
	if a.isSmall && len(token) <= 18 {
		a.out = strconv.AppendInt(a.out, shortInt(token)+a.small, 10)
		return
	}
	a.out = append(a.out, addDecimals(string(token), a.digits)...)
}

func (a *textAdder) addFloat(token []byte) error {
	n, err := a.n.asFloat()
	if err != nil {
		return errRange{err.Error()}
	}
	value, err := parseFloat(string(token), 64)
	if err != nil && math.IsInf(value, 0) {
		return errRange{shorten(token) + " is larger than any float64"}
	}
	a.out = appendJSONFloat(a.out, value+n, 8)
	return nil
}
