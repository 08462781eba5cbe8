package value

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"unicode/utf8"
)

// Append appends the text of v. It is an error if the text is longer than limit bytes, or if v nests deeper than
// MaxDepth; what has been appended then is of no use.
func Append(dst []byte, v Value, limit int) ([]byte, error) {
	p := printer{dst: dst, most: len(dst) + limit, limit: limit}
	if err := p.value(v, 0); err != nil {
		return dst, err
	}
	return p.dst, nil
}

type printer struct {
	dst   []byte
	most  int // how long dst may get
	limit int
}

func (p *printer) value(v Value, depth int) error {
	if len(p.dst) > p.most {
		return fmt.Errorf("the text of the value is longer than %d bytes", p.limit)
	}
	switch v := v.(type) {
	case string:
		p.dst = AppendString(p.dst, v)
	case []byte:
		p.dst = append(p.dst, `{"base64":"`...)
		p.dst = base64.StdEncoding.AppendEncode(p.dst, v)
		p.dst = append(p.dst, `"}`...)
	case List:
		return p.list(v, depth)
	case Map:
		return p.object(v, depth)
	default:
		p.scalar(v)
	}
	return nil
}

func (p *printer) scalar(v Value) {
	switch v := v.(type) {
	case nil:
		p.dst = append(p.dst, "null"...)
	case bool:
		p.dst = strconv.AppendBool(p.dst, v)
	case int64:
		p.dst = strconv.AppendInt(p.dst, v, 10)
	case uint64:
		p.dst = strconv.AppendUint(p.dst, v, 10)
	case *big.Int:
		p.dst = v.Append(p.dst, 10)
	case float64:
		p.dst = AppendFloat(p.dst, v)
	case Number:
		p.dst = append(p.dst, v...)
	case JSON:
		p.dst = append(p.dst, v...)
	default:
		panic(fmt.Sprintf("value: a %T is no Value", v))
	}
}

func (p *printer) list(list List, depth int) error {
	if depth == MaxDepth {
		return ErrDepth
	}
	p.dst = append(p.dst, '[')
	for i, element := range list {
		if i > 0 {
			p.dst = append(p.dst, ',')
		}
		if err := p.value(element, depth+1); err != nil {
			return err
		}
	}
	p.dst = append(p.dst, ']')
	return nil
}

func (p *printer) object(object Map, depth int) error {
	if depth == MaxDepth {
		return ErrDepth
	}
	p.dst = append(p.dst, '{')
	for i, entry := range object {
		if i > 0 {
			p.dst = append(p.dst, ',')
		}
		if err := p.key(entry.Key, depth+1); err != nil {
			return err
		}
		p.dst = append(p.dst, ':')
		if err := p.value(entry.Value, depth+1); err != nil {
			return err
		}
	}
	p.dst = append(p.dst, '}')
	return nil
}

// key prints a key that is no text as the string of its text.
func (p *printer) key(key Value, depth int) error {
	if text, ok := key.(string); ok {
		p.dst = AppendString(p.dst, text)
		return nil
	}
	from := len(p.dst)
	if err := p.value(key, depth); err != nil {
		return err
	}
	text := string(p.dst[from:])
	p.dst = AppendString(p.dst[:from], text)
	return nil
}

// AppendFloat appends x as Python's json module does: the shortest text that reads back as x and shows that it is a
// float, or NaN, Infinity or -Infinity.
func AppendFloat(dst []byte, x float64) []byte {
	switch {
	case math.IsNaN(x):
		return append(dst, "NaN"...)
	case math.IsInf(x, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(x, -1):
		return append(dst, "-Infinity"...)
	}
	if size := math.Abs(x); size != 0 && (size < 1e-4 || size >= 1e16) {
		return strconv.AppendFloat(dst, x, 'e', -1, 64)
	}
	from := len(dst)
	dst = strconv.AppendFloat(dst, x, 'f', -1, 64)
	if bytes.IndexByte(dst[from:], '.') < 0 {
		dst = append(dst, ".0"...)
	}
	return dst
}

// AppendString appends text as a JSON string. What a terminal would obey is escaped, and so are lone surrogates. Text
// that is not UTF-8 is printed as the bytes that it is.
func AppendString(dst []byte, text string) []byte {
	from := len(dst)
	dst = append(dst, '"')
	plain := 0 // of text, what is before it has been appended
	for i := 0; i < len(text); {
		if c := text[i]; c >= ' ' && c < 0x7f && c != '"' && c != '\\' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			if r, size = surrogate(text[i:]); size == 0 {
				return appendAsBytes(dst[:from], text)
			}
		} else if r >= 0xa0 && !isBreak(r) {
			i += size
			continue
		}
		dst = appendEscaped(append(dst, text[plain:i]...), r)
		i += size
		plain = i
	}
	return append(append(dst, text[plain:]...), '"')
}

func appendAsBytes(dst []byte, text string) []byte {
	dst = append(dst, `{"base64":"`...)
	dst = base64.StdEncoding.AppendEncode(dst, []byte(text))
	return append(dst, `"}`...)
}

// isBreak tells the line and paragraph separators, at which JavaScript and some terminals break a line, and the marks
// that turn the direction of text around.
func isBreak(r rune) bool {
	return r == 0x2028 || r == 0x2029 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// surrogate reads the three bytes of half a UTF-16 pair.
func surrogate(text string) (r rune, size int) {
	if len(text) < 3 || text[0] != 0xed || text[1] < 0xa0 || text[1] > 0xbf || text[2]&0xc0 != 0x80 {
		return 0, 0
	}
	return rune(text[0]&0x0f)<<12 | rune(text[1]&0x3f)<<6 | rune(text[2]&0x3f), 3
}

func appendEscaped(dst []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(dst, '\\', byte(r))
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	}
	const digits = "0123456789abcdef"
	return append(dst, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
}
