package value

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"unicode/utf8"
)

// Parse reads the one value that text is. An error says what is wrong and at which byte, counted from 1.
func Parse(text []byte) (Value, error) {
	v, rest, err := ParseNext(text)
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("the text goes on after its value, with %s", quote(string(rest)))
	}
	return v, nil
}

// ParseNext reads the value that text begins with, and returns what follows it and the space behind it. The error is
// ErrEnd where the text ends before the value does.
func ParseNext(text []byte) (v Value, rest []byte, err error) {
	p := parser{text: text}
	p.skipSpace()
	if p.at == len(text) {
		return nil, nil, errors.New("the text is empty")
	}
	if v, err = p.value(0); err != nil {
		return nil, nil, err
	}
	p.skipSpace()
	return v, text[p.at:], nil
}

type parser struct {
	text []byte
	at   int // of what is to be read
}

func (p *parser) skipSpace() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// peek returns the byte behind the space, and 0 at the end.
func (p *parser) peek() byte {
	p.skipSpace()
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

func (p *parser) failf(format string, args ...any) error {
	return fmt.Errorf(format+" at byte %d", append(args, p.at+1)...)
}

// missing says that something else stands where what was due, or nothing at all.
func (p *parser) missing(what string) error {
	if p.peek() == 0 && p.at == len(p.text) {
		return ErrEnd
	}
	return p.failf("%s is missing before %s", what, quote(string(p.text[p.at:])))
}

func (p *parser) value(depth int) (Value, error) {
	switch c := p.peek(); {
	case c == '"':
		return p.str()
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.list(depth)
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	for _, word := range words {
		if p.word(word.text) {
			return word.value, nil
		}
	}
	return nil, p.missing("a value")
}

var words = []struct {
	text  string
	value Value
}{
	{"true", true}, {"false", false}, {"null", nil}, {"NaN", math.NaN()}, {"Infinity", math.Inf(1)},
}

// word reads a word, if it comes next and does not go on.
func (p *parser) word(word string) bool {
	end := p.at + len(word)
	if end > len(p.text) || string(p.text[p.at:end]) != word || end < len(p.text) && isLetter(p.text[end]) {
		return false
	}
	p.at = end
	return true
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' }

func (p *parser) list(depth int) (Value, error) {
	if depth == MaxDepth {
		return nil, ErrDepth
	}
	p.at++
	list := List{}
	if p.peek() == ']' {
		p.at++
		return list, nil
	}
	for {
		element, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, element)
		switch p.peek() {
		case ',':
			p.at++
		case ']':
			p.at++
			return list, nil
		default:
			return nil, p.missing("a comma or ]")
		}
	}
}

func (p *parser) object(depth int) (Value, error) {
	if depth == MaxDepth {
		return nil, ErrDepth
	}
	p.at++
	object := Map{}
	if p.peek() == '}' {
		p.at++
		return object, nil
	}
	for {
		entry, err := p.entry(depth + 1)
		if err != nil {
			return nil, err
		}
		object = append(object, entry)
		switch p.peek() {
		case ',':
			p.at++
		case '}':
			p.at++
			return bytesOr(object), nil
		default:
			return nil, p.missing("a comma or }")
		}
	}
}

func (p *parser) entry(depth int) (Entry, error) {
	if p.peek() != '"' {
		return Entry{}, p.missing("a key in quotes")
	}
	key, err := p.str()
	if err != nil {
		return Entry{}, err
	}
	if p.peek() != ':' {
		return Entry{}, p.missing("a colon")
	}
	p.at++
	v, err := p.value(depth)
	return Entry{key, v}, err
}

// bytesOr returns the bytes that {"base64":"…"} stands for, or any other object as it is.
func bytesOr(object Map) Value {
	if len(object) != 1 || object[0].Key != "base64" {
		return object
	}
	digits, ok := object[0].Value.(string)
	if !ok {
		return object
	}
	data, err := base64.StdEncoding.DecodeString(digits)
	if err != nil {
		return object
	}
	return data
}

// number reads what JSON's grammar calls one, or -Infinity.
func (p *parser) number() (Value, error) {
	start := p.at
	if p.word("-Infinity") {
		return math.Inf(-1), nil
	}
	if p.text[p.at] == '-' {
		p.at++
	}
	whole := p.digits()
	if whole == 0 || whole > 1 && p.text[p.at-whole] == '0' {
		p.at = start
		return nil, p.failf("%s is not a number", quote(p.wordAt(start)))
	}
	isFloat := false
	if p.at < len(p.text) && p.text[p.at] == '.' {
		p.at++
		isFloat = true
		if p.digits() == 0 {
			p.at = start
			return nil, p.failf("%s is not a number", quote(p.wordAt(start)))
		}
	}
	if p.at < len(p.text) && p.text[p.at]|0x20 == 'e' {
		p.at++
		isFloat = true
		if p.at < len(p.text) && (p.text[p.at] == '+' || p.text[p.at] == '-') {
			p.at++
		}
		if p.digits() == 0 {
			p.at = start
			return nil, p.failf("%s is not a number", quote(p.wordAt(start)))
		}
	}
	if p.at < len(p.text) && isLetter(p.text[p.at]) {
		p.at = start
		return nil, p.failf("%s is not a number", quote(p.wordAt(start)))
	}
	return toNumber(string(p.text[start:p.at]), isFloat), nil
}

func (p *parser) digits() int {
	start := p.at
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		p.at++
	}
	return p.at - start
}

// wordAt is what a number would be that begins at start.
func (p *parser) wordAt(start int) string {
	end := start
	for end < len(p.text) && (isLetter(p.text[end]) || p.text[end] == '.' || p.text[end] == '-' || p.text[end] == '+') {
		end++
	}
	return string(p.text[start:end])
}

func toNumber(text string, isFloat bool) Value {
	if isFloat {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil { // larger than any float64
			return Number(text)
		}
		return x
	}
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return i
	}
	if len(text) > quickDigits {
		return Number(text)
	}
	i, _ := new(big.Int).SetString(text, 10) // its digits are known to be some
	return i
}

// str reads a string, whose opening quote comes next.
func (p *parser) str() (string, error) {
	start := p.at + 1
	for i := start; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '"':
			p.at = i + 1
			if !utf8.Valid(p.text[start:i]) {
				p.at = start
				return "", p.failf(`a string is not UTF-8 (write such bytes as {"base64":"…"}),`)
			}
			return string(p.text[start:i]), nil
		case c == '\\':
			return p.escaped(start, i)
		case c < ' ':
			p.at = i
			return "", p.failf("a control character in a string")
		}
	}
	return "", ErrEnd
}

// escaped reads the rest of a string that begins at start and has its first backslash at i.
func (p *parser) escaped(start, i int) (string, error) {
	text := append([]byte(nil), p.text[start:i]...)
	for i < len(p.text) {
		switch c := p.text[i]; {
		case c == '"':
			p.at = i + 1
			if !isText(text) {
				p.at = start
				return "", p.failf(`a string is not UTF-8 (write such bytes as {"base64":"…"}),`)
			}
			return string(text), nil
		case c < ' ':
			p.at = i
			return "", p.failf("a control character in a string")
		case c != '\\':
			text = append(text, c)
			i++
		default:
			var n int
			if text, n = unescape(text, p.text[i:]); n == 0 {
				if len(p.text)-i < len(`\u0000`) {
					return "", ErrEnd
				}
				p.at = i
				return "", p.failf("%s is no escape of JSON's,", quote(string(p.text[i:i+2])))
			}
			i += n
		}
	}
	return "", ErrEnd
}

// isText tells whether text is UTF-8, but for lone surrogates.
func isText(text []byte) bool {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			if _, size = surrogate(string(text[i:min(i+3, len(text))])); size == 0 {
				return false
			}
		}
		i += size
	}
	return true
}

// unescape appends what the escape at the front of from stands for, and says how long that is: 0 if it is none.
func unescape(dst, from []byte) ([]byte, int) {
	if len(from) < 2 {
		return dst, 0
	}
	switch c := from[1]; c {
	case '"', '\\', '/':
		return append(dst, c), 2
	case 'b':
		return append(dst, '\b'), 2
	case 'f':
		return append(dst, '\f'), 2
	case 'n':
		return append(dst, '\n'), 2
	case 'r':
		return append(dst, '\r'), 2
	case 't':
		return append(dst, '\t'), 2
	}
	high, ok := hex4(from)
	if !ok {
		return dst, 0
	}
	if high < 0xd800 || high > 0xdfff {
		return utf8.AppendRune(dst, high), 6
	}
	if low, ok := hex4(from[6:]); ok && high < 0xdc00 && low >= 0xdc00 && low <= 0xdfff {
		return utf8.AppendRune(dst, 0x10000+(high-0xd800)<<10+low-0xdc00), 12
	}
	// Half a pair, as Python's json and pickle let through.
	return append(dst, 0xe0|byte(high>>12), 0x80|byte(high>>6)&0x3f, 0x80|byte(high)&0x3f), 6
}

// hex4 reads \uXXXX.
func hex4(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 32)
	return rune(n), err == nil && text[2] != '+' && text[2] != '-'
}
