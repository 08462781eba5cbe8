package codec

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// halfToFloat widens an IEEE 754 binary16.
func halfToFloat(h uint16) float64 {
	exponent, fraction := int(h>>10&0x1f), uint64(h&0x3ff)
	var x float64
	switch exponent {
	case 0:
		x = math.Ldexp(float64(fraction), -24)
	case 0x1f:
		x = math.Float64frombits(0x7ff<<52 | fraction<<42)
	default:
		x = math.Float64frombits(uint64(exponent-15+1023)<<52 | fraction<<42)
	}
	if h&0x8000 != 0 {
		return math.Copysign(x, -1)
	}
	return x
}

// halfFromFloat rounds to the nearest binary16, ties to even, from all 53 bits at once: the libraries that there are
// start from a float32, and rounding twice is not rounding once.
func halfFromFloat(x float64) uint16 {
	sign := uint16(math.Float64bits(x) >> 63 << 15)
	magnitude := math.Abs(x)
	switch {
	case math.IsNaN(x):
		return sign | 0x7c00 | max(1, uint16(math.Float64bits(x)>>42&0x3ff))
	case magnitude >= 65520:
		return sign | 0x7c00
	case magnitude < 1.0/(1<<14):
		// One unit of a subnormal is 2^-24; the product is exact, so RoundToEven is the only rounding.
		return sign | uint16(math.RoundToEven(magnitude*(1<<24)))
	}
	bits := math.Float64bits(magnitude)
	kept, rest := bits>>42, bits&(1<<42-1)
	if rest > 1<<41 || rest == 1<<41 && kept&1 == 1 {
		kept++
	}
	return sign | uint16(kept-(1023-15)<<10)
}

// halfShortest returns the float64 of the shortest decimal that reads back as x, which is a finite binary16.
func halfShortest(x float64) float64 {
	want := halfFromFloat(x)
	best := x
	for digits := 5; digits > 0; digits-- {
		var buf [16]byte
		text := strconv.AppendFloat(buf[:0], x, 'e', digits-1, 64)
		short, err := strconv.ParseFloat(string(text), 64)
		if err == nil && halfFromFloat(short) != want && want&0x3ff == 0 {
			// Below a power of two its neighbours are nearer than above it: the decimal above may do where the
			// nearest, below, does not.
			short, err = nextDecimal(text)
		}
		if err != nil || halfFromFloat(short) != want {
			break
		}
		best = short
	}
	return best
}

// nextDecimal returns the decimal after that in text, which is in strconv's format 'e', one up in its last digit.
func nextDecimal(text []byte) (float64, error) {
	mantissa, exponent, _ := strings.Cut(string(text), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits, err := strconv.Atoi(whole + fraction)
	if err != nil {
		return 0, err
	}
	power, err := strconv.Atoi(exponent)
	if err != nil {
		return 0, err
	}
	if digits < 0 {
		digits -= 2
	}
	return strconv.ParseFloat(fmt.Sprintf("%de%d", digits+1, power-len(fraction)), 64)
}
