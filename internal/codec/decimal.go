package codec

import "strings"

// addDecimals adds two integers in decimal. It is linear in their length where converting to binary is quadratic,
// which a peer could use to keep us busy.
func addDecimals(a, b string) string {
	a, aNegative := magnitude(a)
	b, bNegative := magnitude(b)
	var sum string
	negative := aNegative
	switch {
	case aNegative == bNegative:
		sum = addMagnitudes(a, b)
	case isLess(a, b):
		sum, negative = subtractMagnitudes(b, a), bNegative
	default:
		sum = subtractMagnitudes(a, b)
	}
	if sum = strings.TrimLeft(sum, "0"); sum == "" {
		return "0"
	}
	if negative {
		return "-" + sum
	}
	return sum
}

func magnitude(s string) (digits string, negative bool) {
	negative = strings.HasPrefix(s, "-")
	return strings.TrimLeft(s, "+-0"), negative
}

func isLess(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}

func addMagnitudes(a, b string) string {
	if len(a) < len(b) {
		a, b = b, a
	}
	sum := make([]byte, len(a)+1)
	carry := byte(0)
	for i := range len(a) {
		digit := a[len(a)-1-i] - '0' + carry
		if i < len(b) {
			digit += b[len(b)-1-i] - '0'
		}
		carry = digit / 10
		sum[len(a)-i] = '0' + digit%10
	}
	sum[0] = '0' + carry
	return string(sum)
}

// subtractMagnitudes returns a-b, where a is not less than b.
func subtractMagnitudes(a, b string) string {
	difference := make([]byte, len(a))
	borrow := byte(0)
	for i := range len(a) {
		digit := a[len(a)-1-i] - '0' + 10 - borrow
		if i < len(b) {
			digit -= b[len(b)-1-i] - '0'
		}
		borrow = 1 - digit/10
		difference[len(a)-1-i] = '0' + digit%10
	}
	return string(difference)
}
