package codec

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// A Number is what --add adds: an integer of any size, a float64, or a complex128, as Python tells them apart by how
// they are written. It is immutable and safe for concurrent use; the zero Number is the integer 0.
type Number struct {
	kind    kind     // kindInt unless kindFloat or kindComplex; 0 reads as kindInt
	integer *big.Int // nil is 0
	re, im  float64  // of a float or complex
}

// maxDigits bounds the integers that ParseNumber takes, as Python bounds those that int() takes.
const maxDigits = 4300

// ParseNumber reads an integer ("1", "-3", "0xff"), a float ("0.5", "1e3", "inf", "nan") or a complex number ("2j",
// "1+2j").
func ParseNumber(s string) (Number, error) {
	text := strings.TrimSpace(s)
	bad := fmt.Errorf("%s is not a number; write one as in 1, -3, 0.5, 1e3 or 2j", quote(s))
	if text == "" || strings.ContainsRune(text, '_') {
		return Number{}, bad
	}
	if value, err := integerOfAnySize(text); err == nil {
		return Number{kind: kindInt, integer: value}, nil
	} else if errors.Is(err, errTooBig) {
		return Number{}, fmt.Errorf("%s has more than %d digits", quote(s), maxDigits)
	}
	if strings.ContainsAny(text, "xXpP") {
		return Number{}, bad
	}
	if c := text[len(text)-1] | 0x20; c == 'j' || c == ')' {
		re, im, err := parseComplex(text, 64)
		if err != nil {
			return Number{}, bad
		}
		return Number{kind: kindComplex, re: re, im: im}, nil
	}
	value, err := parseFloat(text, 64)
	if errors.Is(err, strconv.ErrRange) && math.IsInf(value, 0) {
		return Number{}, fmt.Errorf("%s is larger than any float64; write inf for infinity", quote(s))
	}
	if err != nil {
		return Number{}, bad
	}
	return Number{kind: kindFloat, re: value}, nil
}

func integerOfAnySize(text string) (*big.Int, error) {
	digits := strings.TrimLeft(text, "+-")
	base := 10
	if rest, ok := strings.CutPrefix(strings.ToLower(digits), "0x"); ok {
		base, digits = 16, rest
	}
	if len(text)-len(strings.TrimLeft(text, "+-")) > 1 || digits == "" || !isDigits(digits, base) {
		return nil, strconv.ErrSyntax
	}
	if len(digits) > maxDigits {
		return nil, errTooBig
	}
	value, ok := new(big.Int).SetString(digits, base)
	if !ok {
		return nil, strconv.ErrSyntax
	}
	if text[0] == '-' {
		value.Neg(value)
	}
	return value, nil
}

// String returns the number as Python prints it.
func (n Number) String() string {
	switch n.kind {
	case kindFloat:
		return string(pythonNotation(8).repr(nil, n.re))
	case kindComplex:
		return string(pythonNotation(8).complex(nil, n.re, n.im))
	}
	return shortInteger(n.bigInt())
}

func shortInteger(value *big.Int) string { return shorten(value.String()) }

func (n Number) bigInt() *big.Int {
	if n.integer == nil {
		return new(big.Int)
	}
	return n.integer
}

// asInteger returns the number if it is whole, also where it is written as a float.
func (n Number) asInteger() (*big.Int, bool) {
	switch n.kind {
	case kindFloat:
		if math.IsInf(n.re, 0) || n.re != math.Trunc(n.re) {
			return nil, false
		}
		value, _ := big.NewFloat(n.re).Int(nil)
		return value, true
	case kindComplex:
		return nil, false
	}
	return n.bigInt(), true
}

// asFloat returns a real number as float64, rounded once.
func (n Number) asFloat() (float64, error) {
	switch n.kind {
	case kindFloat:
		return n.re, nil
	case kindComplex:
		return 0, fmt.Errorf("%s is complex, the sum would not be a real number", n)
	}
	value, _ := new(big.Float).SetInt(n.bigInt()).Float64()
	if math.IsInf(value, 0) {
		return 0, fmt.Errorf("integer %s is larger than any float64", n)
	}
	return value, nil
}

// asComplex returns the number as Python converts it.
func (n Number) asComplex() (re, im float64, err error) {
	if n.kind == kindComplex {
		return n.re, n.im, nil
	}
	re, err = n.asFloat()
	return re, 0, err
}

// parseComplex reads a complex number as Python's complex() does: "1+2j", "(1-2.5j)", "2j", "3", "nan+infj". Its parts
// are of the given number of bits.
func parseComplex(text string, bits int) (re, im float64, err error) {
	text = strings.TrimSpace(text)
	if inner, ok := strings.CutPrefix(text, "("); ok {
		if text, ok = strings.CutSuffix(inner, ")"); !ok {
			return 0, 0, strconv.ErrSyntax
		}
		text = strings.TrimSpace(text)
	}
	if text == "" || strings.ContainsAny(text, "xX_pP") {
		return 0, 0, strconv.ErrSyntax
	}
	if text[len(text)-1]|0x20 != 'j' {
		re, err = parseFloat(text, bits)
		return re, 0, err
	}
	text = text[:len(text)-1]
	split := len(text) - 1
	for split > 0 && !(isSign(text[split]) && text[split-1]|0x20 != 'e') {
		split--
	}
	if split > 0 {
		if re, err = parseFloat(text[:split], bits); err != nil {
			return 0, 0, err
		}
		text = text[split:]
	}
	if text == "" || len(text) == 1 && isSign(text[0]) {
		text += "1"
	}
	im, err = parseFloat(text, bits)
	return re, im, err
}

// parseFloat is strconv's with NaN as Python has it: signed too, and with its bits.
func parseFloat(text string, bits int) (float64, error) {
	if text != "" && text[len(text)-1]|0x20 == 'n' && strings.EqualFold(strings.TrimLeft(text[:1], "+-")+text[1:], "nan") {
		return math.Float64frombits(0x7ff8 << 48), nil
	}
	return strconv.ParseFloat(text, bits)
}

func isSign(c byte) bool { return c == '+' || c == '-' }
