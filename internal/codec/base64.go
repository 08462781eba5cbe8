package codec

import (
	"encoding/base64"
	"errors"
	"strings"
)

// base64Codec has payload bytes as base64 (RFC 4648).
type base64Codec struct{}

// Encode takes the standard alphabet and that for URLs, padded or not, with spaces between.
func (base64Codec) Encode(fields [][]byte) ([][]byte, error) {
	return eachOf(fields, "base64", func(text []byte) ([]byte, error) {
		digits := strings.TrimRight(string(without(text, " \t\r\n")), "=")
		digits = strings.NewReplacer("-", "+", "_", "/").Replace(digits)
		data, err := base64.RawStdEncoding.DecodeString(digits)
		if err != nil {
			if len(digits)%4 == 1 {
				return nil, errors.New(quote(text) + " ends within a byte")
			}
			return nil, errors.New(quote(text) + " is no base64")
		}
		return data, nil
	})
}

// Decode returns the standard alphabet, padded.
func (base64Codec) Decode(frames [][]byte) ([][]byte, error) {
	return eachOf(frames, "base64", func(frame []byte) ([]byte, error) {
		return base64.StdEncoding.AppendEncode(nil, frame), nil
	})
}
