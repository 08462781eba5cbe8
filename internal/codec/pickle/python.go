package pickle

import (
	"encoding/hex"
	"math"
	"math/big"
	"net/netip"
	"strings"

	"fogmq/internal/codec/value"
)

// showDecimal is a number with all its digits.
func showDecimal(c *converter, o *object, _ int) (value.Value, bool, error) {
	text, ok := textOf(o.arg(0))
	if !ok || len(o.args) != 1 {
		return nil, false, nil
	}
	switch digits, negative := strings.CutPrefix(text, "-"); {
	case strings.HasPrefix(digits, "NaN"), strings.HasPrefix(digits, "sNaN"):
		return math.NaN(), true, nil
	case digits == "Infinity":
		if negative {
			return math.Inf(-1), true, nil
		}
		return math.Inf(1), true, nil
	}
	if err := c.charge(len(text)); err != nil {
		return nil, false, err
	}
	return value.Number(text), isJSONNumber(text), nil
}

func isJSONNumber(text string) bool {
	text = strings.TrimPrefix(text, "-")
	whole, rest := cutDigits(text)
	if whole == 0 || whole > 1 && text[0] == '0' {
		return false
	}
	if strings.HasPrefix(rest, ".") {
		var n int
		if n, rest = cutDigits(rest[1:]); n == 0 {
			return false
		}
	}
	if rest == "" {
		return true
	}
	if rest[0] != 'e' && rest[0] != 'E' {
		return false
	}
	rest = rest[1:]
	if rest != "" && (rest[0] == '+' || rest[0] == '-') {
		rest = rest[1:]
	}
	n, rest := cutDigits(rest)
	return n > 0 && rest == ""
}

// cutDigits tells how many digits text begins with, and what follows them.
func cutDigits(text string) (n int, rest string) {
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return n, text[n:]
}

// showFraction is a text such as 1/3, which is how older Pythons pickle it.
func showFraction(c *converter, o *object, depth int) (value.Value, bool, error) {
	if len(o.args) == 1 {
		return showText(c, o, depth)
	}
	above, ok := integer(o.arg(0))
	below, ok2 := integer(o.arg(1))
	if !ok || !ok2 || len(o.args) != 2 {
		return nil, false, nil
	}
	if err := c.charge(above.BitLen()/3 + below.BitLen()/3); err != nil {
		return nil, false, err
	}
	if below.IsInt64() && below.Int64() == 1 {
		return above.String(), true, nil
	}
	return above.String() + "/" + below.String(), true, nil
}

func showUUID(_ *converter, o *object, _ int) (value.Value, bool, error) {
	state, ok := o.state.(*dict)
	if !ok || len(o.args) > 0 || len(state.pairs) > 2 {
		return nil, false, nil
	}
	for _, pair := range state.pairs {
		if key, _ := textOf(pair.key); key != "int" {
			continue
		}
		n, ok := integer(pair.value)
		if !ok || n.Sign() < 0 || n.BitLen() > 128 {
			return nil, false, nil
		}
		var raw [16]byte
		digits := hex.EncodeToString(n.FillBytes(raw[:]))
		return strings.Join([]string{digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]}, "-"), true, nil
	}
	return nil, false, nil
}

// showAddress is an IP address, which is an integer, or a text where it has a scope.
func showAddress(c *converter, o *object, depth int) (value.Value, bool, error) {
	n, ok := integer(o.arg(0))
	if !ok || len(o.args) != 1 {
		return showText(c, o, depth)
	}
	size := 4
	if o.class.(*global).name == "IPv6Address" {
		size = 16
	}
	if n.Sign() < 0 || n.BitLen() > 8*size {
		return nil, false, nil
	}
	address, _ := netip.AddrFromSlice(new(big.Int).Set(n).FillBytes(make([]byte, size)))
	return address.String(), true, nil
}

func showPath(c *converter, o *object, _ int) (value.Value, bool, error) {
	return c.joinPath(o, "/")
}

func showWindowsPath(c *converter, o *object, _ int) (value.Value, bool, error) {
	return c.joinPath(o, `\`)
}

// joinPath joins the parts, of which the first may end in a separator.
func (c *converter) joinPath(o *object, separator string) (value.Value, bool, error) {
	var b strings.Builder
	for _, arg := range o.args {
		part, ok := textOf(arg)
		if !ok {
			return nil, false, nil
		}
		if err := c.charge(len(part) + 1); err != nil {
			return nil, false, err
		}
		if b.Len() > 0 && !strings.HasSuffix(b.String(), separator) {
			b.WriteString(separator)
		}
		b.WriteString(part)
	}
	if b.Len() == 0 {
		return ".", o.state == nil, nil
	}
	return b.String(), o.state == nil, nil
}
