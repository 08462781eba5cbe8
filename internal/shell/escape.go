package shell

import (
	"unicode"
	"unicode/utf8"
)

// Escape returns s fit to be shown on a terminal in one line, for what came
// from a peer: control characters, C1 ones too, become \n, \t, \r, \x1b or
// \u009b, as do characters that reorder or break lines (\u202e, \u2028), and
// bytes that are not UTF-8 (\xff). All other text stays as it is.
func Escape(s string) string {
	return string(appendEscaped(nil, []byte(s)))
}

func appendEscaped(dst, text []byte) []byte {
	for {
		n := printableASCII(text)
		dst = append(dst, text[:n]...)
		text = text[n:]
		if len(text) == 0 {
			return dst
		}
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1:
			dst = appendByteEscape(dst, text[0])
		case !isLive(r):
			dst = append(dst, text[:size]...)
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r < utf8.RuneSelf:
			dst = appendByteEscape(dst, byte(r))
		default:
			dst = appendUnicodeEscape(dst, r)
		}
		text = text[size:]
	}
}

// isLive reports whether a terminal may do something other than show r: a
// control character, or one that changes the direction or the line of the
// text around it. All of them are under U+10000.
func isLive(r rune) bool {
	switch {
	case r < ' ' || 0x7f <= r && r <= 0x9f:
		return true
	case r < 0x300:
		return false
	}
	return r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
}

func appendByteEscape(dst []byte, b byte) []byte {
	const digits = "0123456789abcdef"
	return append(dst, '\\', 'x', digits[b>>4], digits[b&15])
}
