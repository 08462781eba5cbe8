package shell

import (
	"encoding/base64"
	"unicode/utf8"
)

// appendJSONL appends a message as one line, newline included.
func appendJSONL(dst []byte, now *stamp, frames [][]byte) []byte {
	dst = append(dst, `{"time":"`...)
	dst = now.appendNow(dst)
	dst = append(dst, `","frames":[`...)
	for i, frame := range frames {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendJSONText(dst, frame)
	}
	return append(dst, "]}\n"...)
}

// AppendJSONText appends bytes as jsonl has those of a frame: as a JSON string where
// they are UTF-8, and else as an object with the member base64. It holds nothing that
// a terminal would obey.
func AppendJSONText(dst, text []byte) []byte {
	if plain := unquotedASCII(text); utf8.Valid(text[plain:]) {
		return appendJSONString(dst, text, plain)
	}
	dst = append(dst, `{"base64":"`...)
	dst = base64.StdEncoding.AppendEncode(dst, text)
	return append(dst, `"}`...)
}

// appendJSONString appends text, which is UTF-8, as a JSON string. Its first plain
// bytes stand for themselves. What a terminal would obey is escaped, which loses
// nothing.
func appendJSONString(dst, text []byte, plain int) []byte {
	dst = append(dst, '"')
	for {
		dst = append(dst, text[:plain]...)
		text = text[plain:]
		if len(text) == 0 {
			return append(dst, '"')
		}
		r, size := utf8.DecodeRune(text)
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case isLive(r):
			dst = appendUnicodeEscape(dst, r)
		default:
			dst = append(dst, text[:size]...)
		}
		text = text[size:]
		plain = unquotedASCII(text)
	}
}

// appendUnicodeEscape appends r, which is not over U+FFFF, as \uXXXX.
func appendUnicodeEscape(dst []byte, r rune) []byte {
	const digits = "0123456789abcdef"
	return append(dst, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
}
