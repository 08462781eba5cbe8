package value

import (
	"fmt"
	"math/big"
	"strings"
)

// A Number is the text of a JSON number that no other type of a Value holds exactly: a decimal, an integer of more
// digits than are worth converting before somebody needs it, or a number beyond all floats. NaN, Infinity and -Infinity
// may stand in it too.
type Number string

// MaxDigits is how many decimal digits an integer may have where it has to be converted from text to binary, which
// takes time that grows with their square: a hundredth of a second at this length.
const MaxDigits = 50_000

// quickDigits is up to where Parse converts an integer at once.
const quickDigits = 1000

// MaxBits is how long an integer may be that is converted to decimal.
const MaxBits = 1 << 22

// IsInteger tells whether n is written as an integer.
func (n Number) IsInteger() bool { return !strings.ContainsAny(string(n), ".eEnNfF") }

// Int returns the integer that n is. One of more than MaxDigits digits is an error.
func (n Number) Int() (*big.Int, error) {
	if len(n) > MaxDigits {
		return nil, fmt.Errorf("an integer of %d digits is longer than %d", len(n), MaxDigits)
	}
	i, ok := new(big.Int).SetString(string(n), 10)
	if !ok {
		return nil, fmt.Errorf("%s is not an integer", quote(string(n)))
	}
	return i, nil
}
