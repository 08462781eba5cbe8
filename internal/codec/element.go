package codec

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"strconv"
)

// The methods here read and write the first element of b, which must be long enough.

// bits returns the word of an element that is not complex, zero-extended.
func (d DType) bits(b []byte) uint64 {
	switch d.size {
	case 1:
		return uint64(b[0])
	case 2:
		if d.big {
			return uint64(binary.BigEndian.Uint16(b))
		}
		return uint64(binary.LittleEndian.Uint16(b))
	case 4:
		if d.big {
			return uint64(binary.BigEndian.Uint32(b))
		}
		return uint64(binary.LittleEndian.Uint32(b))
	}
	if d.big {
		return binary.BigEndian.Uint64(b)
	}
	return binary.LittleEndian.Uint64(b)
}

// putBits writes the low bytes of word.
func (d DType) putBits(b []byte, word uint64) {
	switch {
	case d.size == 1:
		b[0] = byte(word)
	case d.size == 2 && d.big:
		binary.BigEndian.PutUint16(b, uint16(word))
	case d.size == 2:
		binary.LittleEndian.PutUint16(b, uint16(word))
	case d.size == 4 && d.big:
		binary.BigEndian.PutUint32(b, uint32(word))
	case d.size == 4:
		binary.LittleEndian.PutUint32(b, uint32(word))
	case d.big:
		binary.BigEndian.PutUint64(b, word)
	default:
		binary.LittleEndian.PutUint64(b, word)
	}
}

// int returns an element of a signed type.
func (d DType) int(b []byte) int64 {
	unused := 64 - 8*uint(d.size)
	return int64(d.bits(b)<<unused) >> unused
}

// float returns an element of a float type.
func (d DType) float(b []byte) float64 {
	word := d.bits(b)
	switch d.size {
	case 2:
		return halfToFloat(uint16(word))
	case 4:
		return float64(math.Float32frombits(uint32(word)))
	}
	return math.Float64frombits(word)
}

// putFloat rounds x to the type, to infinity where it is too large.
func (d DType) putFloat(b []byte, x float64) {
	switch d.size {
	case 2:
		d.putBits(b, uint64(halfFromFloat(x)))
	case 4:
		d.putBits(b, uint64(math.Float32bits(float32(x))))
	default:
		d.putBits(b, math.Float64bits(x))
	}
}

// asFloat returns an element of any type but complex as float64, rounded where 64 bits of integer need it.
func (d DType) asFloat(b []byte) float64 {
	switch d.kind {
	case kindBool:
		if b[0] != 0 {
			return 1
		}
		return 0
	case kindInt:
		return float64(d.int(b))
	case kindUint:
		return float64(d.bits(b))
	}
	return d.float(b)
}

func (d DType) appendInteger(dst, b []byte) []byte {
	if d.kind == kindUint {
		return strconv.AppendUint(dst, d.bits(b), 10)
	}
	return strconv.AppendInt(dst, d.int(b), 10)
}

func (d DType) bigInteger(b []byte) *big.Int {
	if d.kind == kindUint {
		return new(big.Int).SetUint64(d.bits(b))
	}
	return big.NewInt(d.int(b))
}

// integerBits returns value as a word of an integer type, if it fits.
func (d DType) integerBits(value *big.Int) (uint64, bool) {
	width := 8 * int(d.size)
	if d.kind == kindUint {
		return value.Uint64(), value.Sign() >= 0 && value.BitLen() <= width
	}
	magnitude := value
	if value.Sign() < 0 {
		magnitude = new(big.Int).Not(value)
	}
	return uint64(value.Int64()), magnitude.BitLen() < width
}

// holds tells whether value fits an integer type or, where it is 0 or 1, a bool.
func (d DType) holds(value int64) bool {
	unused := 64 - 8*uint(d.size)
	switch d.kind {
	case kindBool:
		return value == 0 || value == 1
	case kindUint:
		return value >= 0 && uint64(value)<<unused>>unused == uint64(value)
	}
	return value<<unused>>unused == value
}

func (d DType) integerRange() string {
	if d.kind == kindBool {
		return "false, true, 0 or 1"
	}
	if d.kind == kindUint {
		return fmt.Sprintf("0..%d", uint64(math.MaxUint64)>>(64-8*uint(d.size)))
	}
	limit := int64(math.MaxInt64) >> (64 - 8*uint(d.size))
	return fmt.Sprintf("%d..%d", -limit-1, limit)
}

// floatMax returns the largest number of a float type, as an error shows it.
func (d DType) floatMax() string {
	switch d.size {
	case 2:
		return "65504"
	case 4:
		return "3.4e38"
	}
	return "1.8e308"
}
