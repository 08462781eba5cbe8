package pickle

import (
	"encoding/binary"
	"errors"
	"math"
	"math/big"
	"slices"
	"strconv"

	"fogmq/internal/codec/value"
)

func pushNumber(size int) func(*machine) error {
	return func(m *machine) error {
		n, err := m.uint(size)
		m.push(int64(n))
		return err
	}
}

func (m *machine) binInt() error {
	n, err := m.uint(4)
	m.push(int64(int32(n)))
	return err
}

func (m *machine) binFloat() error {
	raw, err := m.take(8)
	if err != nil {
		return err
	}
	m.push(math.Float64frombits(binary.BigEndian.Uint64(raw)))
	return nil
}

// long reads an integer in two's complement.
func pushLong(size int) func(*machine) error {
	return func(m *machine) error {
		raw, err := m.countedSigned(size)
		if err != nil {
			return err
		}
		if 8*len(raw) > value.MaxBits {
			return m.failf("an integer of %d bytes is longer than %d", len(raw), value.MaxBits/8)
		}
		m.push(fromLittle(raw))
		return nil
	}
}

func fromLittle(raw []byte) any {
	negative := len(raw) > 0 && raw[len(raw)-1] >= 0x80
	if len(raw) <= 8 {
		var n uint64
		if negative {
			n = math.MaxUint64
		}
		for i := len(raw) - 1; i >= 0; i-- {
			n = n<<8 | uint64(raw[i])
		}
		return int64(n)
	}
	raw = slices.Clone(raw)
	slices.Reverse(raw)
	n := new(big.Int).SetBytes(raw)
	if negative {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(raw))))
	}
	if n.IsInt64() {
		return n.Int64()
	}
	return n
}

// appendLittle appends an integer in two's complement, as short as it can be.
func appendLittle(dst []byte, n *big.Int) []byte {
	size := n.BitLen()/8 + 1
	if n.Sign() < 0 {
		size = new(big.Int).Not(n).BitLen()/8 + 1
		n = new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), uint(8*size)))
	}
	from := len(dst)
	dst = append(dst, make([]byte, size)...)
	n.FillBytes(dst[from:])
	slices.Reverse(dst[from:])
	return dst
}

// decimal reads the argument of INT and LONG. 00 and 01 are how protocols 0 and 1 write False and True.
func (m *machine) decimal() error {
	line, err := m.line()
	if err != nil {
		return err
	}
	code, digits := m.data[m.start], string(line)
	if code == opInt && (digits == "00" || digits == "01") {
		m.push(digits == "01")
		return nil
	}
	if code == opLong && len(digits) > 1 && digits[len(digits)-1] == 'L' {
		digits = digits[:len(digits)-1]
	}
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
		m.push(n)
		return nil
	}
	n, ok := longDecimal(digits)
	if !ok {
		return m.failf("%s is not an integer", quote(line))
	}
	m.push(n)
	return nil
}

// longDecimal returns the integer that does not fit 64 bits.
func longDecimal(digits string) (value.Number, bool) {
	sign := ""
	if digits != "" && digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	for len(digits) > 1 && digits[0] == '0' {
		digits = digits[1:]
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return "", false
		}
	}
	return value.Number(sign + digits), digits != ""
}

func (m *machine) floatText() error {
	line, err := m.line()
	if err != nil {
		return err
	}
	x, err := strconv.ParseFloat(string(line), 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return m.failf("%s is not a float", quote(line))
	}
	m.push(x)
	return nil
}
