package cmd

import (
	"errors"
	"math/big"
	"regexp"
	"strings"
)

var sizeForm = regexp.MustCompile(`(?i)^(\d+\.?\d*|\.\d+)([kmgt]?)(i?)(b?)$`)

// parseSize reads a number of bytes: K, M, G and T are powers of 1000, KiB,
// MiB, GiB and TiB powers of 1024. A fraction of a byte is refused.
func parseSize(s string) (int64, error) {
	m := sizeForm.FindStringSubmatch(s)
	if m == nil || (m[2] == "" && m[3] != "") || (m[3] != "" && m[4] == "") {
		return 0, errors.New("not a size, such as 512, 64K, 1.5M or 1GiB")
	}
	base := int64(1000)
	if m[3] != "" {
		base = 1024
	}
	size, ok := new(big.Rat).SetString(strings.TrimSuffix(m[1], "."))
	if !ok {
		return 0, errors.New("not a size, such as 512, 64K, 1.5M or 1GiB")
	}
	power := int64(0)
	if m[2] != "" {
		power = int64(strings.Index("kmgt", strings.ToLower(m[2])) + 1)
	}
	size.Mul(size, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(base), big.NewInt(power), nil)))
	if !size.IsInt() {
		return 0, errors.New("not a whole number of bytes")
	}
	if !size.Num().IsInt64() {
		return 0, errors.New("too large")
	}
	return size.Num().Int64(), nil
}

// parseMessageSize reads a size of at least one byte.
func parseMessageSize(s string) (int64, error) {
	n, err := parseSize(s)
	if err == nil && n == 0 {
		return 0, errors.New("must be 1 byte or more, such as 64K or 1GiB")
	}
	return n, err
}
