package shell

import (
	"bytes"
	"testing"
)

// Every byte at every place among others is told of as one by one.
func TestASCII(t *testing.T) {
	for c := range 256 {
		for at := range 20 {
			text := bytes.Repeat([]byte{'~'}, 20)
			text[at] = byte(c)
			text[19] = ' '
			printable, unquoted := 20, 20
			if at < 19 && (c < ' ' || c > '~') {
				printable = at
			}
			if unquoted = printable; at < 19 && (c == '"' || c == '\\') {
				unquoted = at
			}
			if n := printableASCII(text); n != printable {
				t.Errorf("%q: %d are printable, got %d", text, printable, n)
			}
			if n := unquotedASCII(text); n != unquoted {
				t.Errorf("%q: %d stand for themselves, got %d", text, unquoted, n)
			}
			if got, want := hasControl(text), at < 19 && c < ' '; got != want {
				t.Errorf("%q: a control character: %v", text, got)
			}
		}
	}
}
