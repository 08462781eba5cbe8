package value

import (
	"strconv"
	"unicode/utf8"
)

const quoteMax = 40

// quote shows text in an error: on one line, with nothing that a terminal would obey, shortened.
func quote(text string) string {
	if len(text) <= quoteMax {
		return strconv.Quote(text)
	}
	cut := quoteMax
	for i := 0; i < utf8.UTFMax-1 && !utf8.RuneStart(text[cut]); i++ {
		cut--
	}
	return strconv.Quote(text[:cut]) + "…"
}
