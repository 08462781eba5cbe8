package keys

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
)

// z85 are the digits of Z85 (RFC 32), by their value.
const z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"

var (
	errZ85Length = errors.New("not a multiple of 5 characters")
	errZ85Digit  = errors.New("a character that is not one of Z85")
	errZ85Range  = errors.New("5 characters that stand for more than 4 bytes")
)

// encodeZ85 returns 5 characters for each 4 bytes, of which there must be a
// whole number.
func encodeZ85(b []byte) string {
	text := make([]byte, 0, len(b)/4*5)
	for ; len(b) > 0; b = b[4:] {
		v := binary.BigEndian.Uint32(b)
		for place := uint32(85 * 85 * 85 * 85); place > 0; place /= 85 {
			text = append(text, z85[v/place%85])
		}
	}
	return string(text)
}

// decodeZ85 returns 4 bytes for each 5 characters. Its errors say nothing of the
// text, which may be a secret.
func decodeZ85(text string) ([]byte, error) {
	if len(text)%5 != 0 {
		return nil, errZ85Length
	}
	b := make([]byte, 0, len(text)/5*4)
	for ; text != ""; text = text[5:] {
		var v uint64
		for i := range 5 {
			digit := strings.IndexByte(z85, text[i])
			if digit < 0 {
				return nil, errZ85Digit
			}
			v = v*85 + uint64(digit)
		}
		if v > math.MaxUint32 {
			return nil, errZ85Range
		}
		b = binary.BigEndian.AppendUint32(b, uint32(v))
	}
	return b, nil
}
