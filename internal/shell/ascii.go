package shell

import "encoding/binary"

// Text is looked at eight bytes at a time: in a word of them, a byte's top bit
// tells of it. Below the first byte so found none is told of wrongly.
const (
	everyByte = 0x0101010101010101
	topBits   = 0x80 * everyByte
)

// below tells which bytes of word are less than c, which is at most 0x80. Those
// over 0x7f are not.
func below(word uint64, c byte) uint64 { return (word - everyByte*uint64(c)) &^ word & topBits }

// equal tells which bytes of word are c.
func equal(word uint64, c byte) uint64 { return below(word^everyByte*uint64(c), 1) }

// printableASCII returns how many bytes text begins with that are printable ASCII.
func printableASCII(text []byte) int {
	n := 0
	for ; len(text)-n >= 8; n += 8 {
		word := binary.LittleEndian.Uint64(text[n:])
		if below(word, ' ')|equal(word, 0x7f)|word&topBits != 0 {
			break
		}
	}
	for n < len(text) && ' ' <= text[n] && text[n] <= '~' {
		n++
	}
	return n
}

// unquotedASCII returns how many bytes text begins with that stand for themselves
// in a JSON string: printable ASCII but for " and \.
func unquotedASCII(text []byte) int {
	n := 0
	for ; len(text)-n >= 8; n += 8 {
		word := binary.LittleEndian.Uint64(text[n:])
		if below(word, ' ')|equal(word, 0x7f)|equal(word, '"')|equal(word, '\\')|word&topBits != 0 {
			break
		}
	}
	for n < len(text) && ' ' <= text[n] && text[n] <= '~' && text[n] != '"' && text[n] != '\\' {
		n++
	}
	return n
}

// hasControl reports whether text has a byte under ' '.
func hasControl(text []byte) bool {
	for ; len(text) >= 8; text = text[8:] {
		if below(binary.LittleEndian.Uint64(text), ' ') != 0 {
			return true
		}
	}
	for _, c := range text {
		if c < ' ' {
			return true
		}
	}
	return false
}
