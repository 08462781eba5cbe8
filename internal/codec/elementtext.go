package codec

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
)

// parseElement writes the value of a token, which classify knows, to the front of dst. A value that the type can't
// hold is an error, never cut off.
func (d DType) parseElement(dst, token []byte) error {
	class := classify(token)
	if class == complexText && d.kind != kindComplex {
		return fmt.Errorf("the string %s is not a number for %s", quote(token[1:len(token)-1]), d.native())
	}
	switch d.kind {
	case kindBool, kindInt, kindUint:
		return d.parseInteger(dst, token, class)
	case kindFloat:
		return d.parseFloat(dst, token, class)
	}
	part := d.part()
	if class != complexText {
		part.putFloat(dst[part.size:], 0)
		return part.parseFloat(dst, token, class)
	}
	re, im, err := parseComplex(string(token[1:len(token)-1]), 8*part.Size())
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return fmt.Errorf("the string %s is not a complex number, as in \"1+2j\"", quote(token[1:len(token)-1]))
	}
	if err != nil {
		return errRange{fmt.Sprintf("%s does not fit %s (±%s)", shorten(token), d.native(), part.floatMax())}
	}
	part.putFloat(dst, re)
	part.putFloat(dst[part.size:], im)
	return nil
}

func (d DType) parseInteger(dst, token []byte, class scalar) error {
	var bits uint64
	fits := true
	switch {
	case class == boolText:
		if token[0] == 't' {
			bits = 1
		}
	case class == floatText:
		value, err := parseFloat(string(token), 64)
		if err != nil || math.IsInf(value, 0) || value != math.Trunc(value) {
			return fmt.Errorf("%s is not an integer, as %s needs", shorten(token), d.native())
		}
		whole, _ := big.NewFloat(value).Int(nil)
		bits, fits = d.integerBits(whole)
	case len(token) <= 18:
		value := shortInt(token)
		bits, fits = uint64(value), d.holds(value)
	default:
		value, err := parseDecimalOrHex(token)
		if err != nil {
			return fmt.Errorf("%s is not an integer", quote(token))
		}
		bits, fits = d.integerBits(value)
	}
	if d.kind == kindBool && bits > 1 {
		fits = false
	}
	if !fits {
		return errRange{fmt.Sprintf("%s does not fit %s (%s)", shorten(token), d.native(), d.integerRange())}
	}
	d.putBits(dst, bits)
	return nil
}

// shortInt returns the value of an integer token of 18 bytes at most, which can't overflow.
func shortInt(token []byte) int64 {
	digits := token
	if isSign(token[0]) {
		digits = token[1:]
	}
	var value int64
	for _, c := range digits {
		value = 10*value + int64(c-'0')
	}
	if token[0] == '-' {
		return -value
	}
	return value
}

func (d DType) parseFloat(dst, token []byte, class scalar) error {
	if class == boolText {
		value := 0.0
		if token[0] == 't' {
			value = 1
		}
		d.putFloat(dst, value)
		return nil
	}
	precision := 64
	if d.size == 4 {
		precision = 32
	}
	value, err := parseFloat(string(token), precision)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return fmt.Errorf("%s is not a number", quote(token))
	}
	overflow := d.size == 2 && !math.IsInf(value, 0) && math.Abs(value) >= 65520
	if overflow || err != nil && math.IsInf(value, 0) {
		return errRange{fmt.Sprintf("%s does not fit %s (±%s)", shorten(token), d.native(), d.floatMax())}
	}
	d.putFloat(dst, value)
	return nil
}
