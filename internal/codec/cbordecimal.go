package codec

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"

	"fogmq/internal/codec/value"
)

// decimalFraction reads the [exponent, mantissa] of a decimal fraction, and writes it as Python's str(Decimal) does.
func decimalFraction(content value.Value) (value.Number, bool) {
	exponent, mantissa, ok := fractionOf(content)
	if !ok {
		return "", false
	}
	digits, minus := strings.CutPrefix(mantissa.String(), "-")
	adjusted := exponent + len(digits) - 1
	text := digits
	switch {
	case exponent == 0:
	case exponent < 0 && adjusted >= -6:
		if zeros := -exponent - len(digits) + 1; zeros > 0 {
			text = strings.Repeat("0", zeros) + digits
		}
		point := len(text) + exponent
		text = text[:point] + "." + text[point:]
	default:
		if len(digits) > 1 {
			text = digits[:1] + "." + digits[1:]
		}
		sign := "+"
		if adjusted < 0 {
			sign = ""
		}
		text += "E" + sign + strconv.Itoa(adjusted)
	}
	if minus {
		text = "-" + text
	}
	return value.Number(text), true
}

// bigFloat reads the [exponent, mantissa] of a binary fraction that a float64 holds exactly.
func bigFloat(content value.Value) (float64, bool) {
	exponent, mantissa, ok := fractionOf(content)
	if !ok {
		return 0, false
	}
	f := new(big.Float).SetInt(mantissa)
	x, accuracy := f.SetMantExp(f, exponent).Float64()
	return x, accuracy == big.Exact && !math.IsInf(x, 0)
}

// fractionOf takes apart [exponent, mantissa], whose exponent is of a size that can be reckoned with.
func fractionOf(content value.Value) (exponent int, mantissa *big.Int, ok bool) {
	const most = 1 << 30
	parts, _ := content.(value.List)
	if len(parts) != 2 {
		return 0, nil, false
	}
	e, ok := parts[0].(int64)
	if !ok || e < -most || e > most {
		return 0, nil, false
	}
	switch m := parts[1].(type) {
	case int64:
		return int(e), big.NewInt(m), true
	case uint64:
		return int(e), new(big.Int).SetUint64(m), true
	case *big.Int:
		return int(e), m, true
	}
	return 0, nil, false
}

// parseDecimal takes a decimal apart, which is the mantissa times 10 to the exponent.
func parseDecimal(n value.Number) (exponent int64, mantissa *big.Int, err error) {
	digits, power, _ := strings.Cut(strings.ToLower(string(n)), "e")
	whole, fraction, _ := strings.Cut(digits, ".")
	if power != "" {
		if exponent, err = strconv.ParseInt(power, 10, 32); err != nil {
			return 0, nil, errors.New(shorten(string(n)) + " does not fit cbor: its exponent is longer than 32 bits")
		}
	}
	mantissa, err = value.Number(whole + fraction).Int()
	return exponent - int64(len(fraction)), mantissa, err
}
