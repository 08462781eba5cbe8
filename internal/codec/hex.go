package codec

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
)

// hexCodec has payload bytes as hexadecimal digits.
type hexCodec struct{}

// Encode takes digits of either case, with 0x in front or not, and spaces or colons between bytes.
func (hexCodec) Encode(fields [][]byte) ([][]byte, error) {
	return eachOf(fields, "hex", func(text []byte) ([]byte, error) {
		digits := bytes.TrimSpace(text)
		if len(digits) > 1 && digits[0] == '0' && digits[1]|0x20 == 'x' {
			digits = digits[2:]
		}
		digits = without(digits, " \t\r\n:")
		data := make([]byte, hex.DecodedLen(len(digits)))
		if _, err := hex.Decode(data, digits); err != nil {
			var wrong hex.InvalidByteError
			if errors.As(err, &wrong) {
				return nil, fmt.Errorf("%s is no hexadecimal digit, in %s", quote([]byte{byte(wrong)}), quote(text))
			}
			return nil, fmt.Errorf("%s has an odd number of digits, but a byte has two", quote(text))
		}
		return data, nil
	})
}

// Decode returns digits in lower case.
func (hexCodec) Decode(frames [][]byte) ([][]byte, error) {
	return eachOf(frames, "hex", func(frame []byte) ([]byte, error) { return hex.AppendEncode(nil, frame), nil })
}

// without returns text less the bytes in cut; text itself where none is in it.
func without(text []byte, cut string) []byte {
	if !bytes.ContainsAny(text, cut) {
		return text
	}
	kept := make([]byte, 0, len(text))
	for _, c := range text {
		if bytes.IndexByte([]byte(cut), c) < 0 {
			kept = append(kept, c)
		}
	}
	return kept
}
