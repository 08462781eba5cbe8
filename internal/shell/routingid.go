package shell

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// hexPrefix begins a routing id that is written in hex.
const hexPrefix = "0x"

// FormatRoutingID returns a routing id as people and scripts see it: as text
// where it is printable text without TAB that does not begin with 0x, and as
// 0x and lower case hex else. ParseRoutingID reads it back.
func FormatRoutingID(id []byte) string { return string(appendRoutingID(nil, id)) }

func appendRoutingID(dst, id []byte) []byte {
	if isPrintable(id) && !bytes.HasPrefix(id, []byte(hexPrefix)) {
		return append(dst, id...)
	}
	return hex.AppendEncode(append(dst, hexPrefix...), id)
}

// ParseRoutingID returns the routing id that text stands for.
func ParseRoutingID(text []byte) ([]byte, error) {
	digits, isHex := bytes.CutPrefix(text, []byte(hexPrefix))
	if !isHex {
		return text, nil
	}
	id := make([]byte, hex.DecodedLen(len(digits)))
	if _, err := hex.Decode(id, digits); err != nil {
		return nil, fmt.Errorf("routing id %q: after 0x comes an even number of hex digits", text)
	}
	return id, nil
}

func isPrintable(text []byte) bool {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 || !unicode.IsPrint(r) {
			return false
		}
		text = text[size:]
	}
	return true
}
