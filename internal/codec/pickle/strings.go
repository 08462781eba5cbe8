package pickle

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A byteString is a str of Python 2: text if it reads as such, else bytes.
type byteString struct {
	raw    []byte
	text   string
	isText bool
}

func newByteString(raw []byte) byteString {
	text := string(raw)
	return byteString{raw, text, isText(text)}
}

func pushByteString(size int) func(*machine) error {
	return func(m *machine) error {
		raw, err := m.countedSigned(size)
		m.push(newByteString(raw))
		return err
	}
}

func pushBytes(size int) func(*machine) error {
	return func(m *machine) error {
		raw, err := m.counted(size)
		m.push(raw)
		return err
	}
}

func pushText(size int) func(*machine) error {
	return func(m *machine) error {
		raw, err := m.counted(size)
		if err != nil {
			return err
		}
		text := string(raw)
		if !isText(text) {
			return m.failf("a text that is not UTF-8")
		}
		m.push(text)
		return nil
	}
}

// isText tells whether text is UTF-8, but for lone surrogates.
func isText(text string) bool {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			if len(text)-i < 3 || text[i] != 0xed || !isContinued(text[i+1]) || !isContinued(text[i+2]) {
				return false
			}
			size = 3
		}
		i += size
	}
	return true
}

// isContinued tells a byte that goes on with a character.
func isContinued(b byte) bool { return b&0xc0 == 0x80 }

// quoted reads the argument of STRING: the repr of a str of Python 2.
func (m *machine) quoted() error {
	line, err := m.line()
	if err != nil {
		return err
	}
	text := strings.TrimRight(string(line), " \t\r")
	if len(text) < 2 || text[0] != text[len(text)-1] || text[0] != '\'' && text[0] != '"' {
		return m.failf("%s is not a string in quotes", quote(line))
	}
	text, ok := unescape(text[1 : len(text)-1])
	if !ok {
		return m.failf(`a broken \x in a string`)
	}
	m.push(newByteString([]byte(text)))
	return nil
}

var escapes = map[byte]string{
	'\\': `\`, '\'': `'`, '"': `"`, 'n': "\n", 'r': "\r", 't': "\t", 'b': "\b", 'f': "\f", 'v': "\v", 'a': "\a",
}

// unescape undoes what Python's repr escapes in bytes. An escape that is none stays as it is.
func unescape(text string) (string, bool) {
	if strings.IndexByte(text, '\\') < 0 {
		return text, true
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		switch c := text[i]; {
		case escapes[c] != "":
			b.WriteString(escapes[c])
		case c == 'x':
			n, err := strconv.ParseUint(text[i+1:min(i+3, len(text))], 16, 8)
			if err != nil || i+3 > len(text) {
				return "", false
			}
			b.WriteByte(byte(n))
			i += 2
		case c >= '0' && c <= '7':
			n := 0
			end := min(i+3, len(text))
			for ; i < end && text[i] >= '0' && text[i] <= '7'; i++ {
				n = 8*n + int(text[i]-'0')
			}
			i--
			b.WriteByte(byte(n))
		default:
			b.WriteByte('\\')
			b.WriteByte(c)
		}
	}
	return b.String(), true
}

// rawUnicode reads the argument of UNICODE: Latin-1 with \uXXXX and \UXXXXXXXX.
func (m *machine) rawUnicode() error {
	line, err := m.line()
	if err != nil {
		return err
	}
	text := make([]byte, 0, len(line)+len(line)/8)
	for i := 0; i < len(line); i++ {
		if line[i] != '\\' || i+1 == len(line) {
			text = utf8.AppendRune(text, rune(line[i]))
			continue
		}
		i++
		size := 0
		switch line[i] {
		case 'u':
			size = 4
		case 'U':
			size = 8
		default:
			text = utf8.AppendRune(append(text, '\\'), rune(line[i]))
			continue
		}
		n, err := strconv.ParseUint(string(line[i+1:min(i+1+size, len(line))]), 16, 32)
		if err != nil || i+1+size > len(line) || n > utf8.MaxRune {
			return m.failf(`a broken \%c in a text`, line[i])
		}
		text = appendRune(text, rune(n))
		i += size
	}
	m.push(string(text))
	return nil
}

// appendRune is utf8.AppendRune that lets surrogates through.
func appendRune(dst []byte, r rune) []byte {
	if r >= 0xd800 && r <= 0xdfff {
		return append(dst, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
	}
	return utf8.AppendRune(dst, r)
}

const quoteMax = 40

// quote shows text in an error: on one line, with nothing that a terminal would obey, shortened.
func quote[T string | []byte](text T) string {
	if len(text) <= quoteMax {
		return strconv.Quote(string(text))
	}
	return strconv.Quote(strings.ToValidUTF8(string(text[:quoteMax]), "")) + "…"
}
