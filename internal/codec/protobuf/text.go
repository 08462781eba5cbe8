package protobuf

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// appendCompact appends JSON without the spaces between its tokens, of which protojson has some at random, and with what
// a terminal would obey escaped, as package value has it.
func appendCompact(dst, text []byte) []byte {
	inString := false
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case !inString && (c == ' ' || c == '\n'):
			i++
		case c >= 0x7f:
			r, size := utf8.DecodeRune(text[i:])
			if isShown(r) {
				dst = append(dst, text[i:i+size]...)
			} else {
				dst = fmt.Appendf(dst, `\u%04x`, r)
			}
			i += size
		case inString && c == '\\':
			dst = append(dst, c, text[i+1])
			i += 2
		default:
			if c == '"' {
				inString = !inString
			}
			dst = append(dst, c)
			i++
		}
	}
	return dst
}

// isShown tells whether a character beyond ASCII is neither a control nor breaks or turns around a line.
func isShown(r rune) bool {
	return r >= 0xa0 && r != 0x2028 && r != 0x2029 && (r < 0x202a || r > 0x202e) && (r < 0x2066 || r > 0x2069)
}

func isBlank(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }

// placed finds the place in an error of protojson: "syntax error (line 1:2): what".
var placed = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:syntax error )?\(line (\d+):(\d+)\): `)
})

// tidy makes an error of the library one of ours: without its prefix and its spaces that are none, with the place behind
// what is wrong.
func tidy(err error) error {
	text := strings.ReplaceAll(err.Error(), "\u00a0", " ")
	text = strings.TrimPrefix(text, "proto: ")
	text = strings.NewReplacer(` "proto: `, ` "`, " proto: ", " ").Replace(text)
	place := ""
	if m := placed().FindStringSubmatch(text); m != nil {
		text = text[len(m[0]):]
		place = " at column " + m[2]
		if m[1] != "1" {
			place = fmt.Sprintf(" at line %s, column %s", m[1], m[2])
		}
	}
	if text == "unexpected EOF" || strings.TrimSpace(text) == "unexpected token" {
		text = "unexpected end of data"
	}
	return errors.New(oneLine(text) + place)
}

// maxError is how long what an error says may get.
const maxError = 300

// oneLine shows text in an error, with nothing that a terminal would obey, shortened.
func oneLine(text string) string {
	if len(text) > maxError {
		cut := maxError
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "…"
	}
	var line strings.Builder
	for _, r := range text {
		if unicode.IsPrint(r) {
			line.WriteRune(r)
		} else {
			quoted := strconv.QuoteRune(r)
			line.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return line.String()
}
