package shell

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"
)

// timeLayout is RFC 3339 with all nine digits of the nanoseconds, so that times line up and sort.
const timeLayout = "2006-01-02T15:04:05.000000000Z07:00"

// A jsonlRecord is what counts of a jsonl line when it is read: the time and unknown keys do not.
type jsonlRecord struct {
	Frames []jsonlFrame `json:"frames"`
}

// parseJSONL returns the frames of one line.
func parseJSONL(line []byte) ([][]byte, error) {
	// encoding/json would put U+FFFD in the place of what is not UTF-8, and a byte would be lost.
	if !utf8.Valid(line) {
		return nil, errors.New(`jsonl: not UTF-8: write such bytes as {"base64":"…"}`)
	}
	var record jsonlRecord
	if err := json.Unmarshal(line, &record); err != nil {
		return nil, fmt.Errorf("jsonl: %w", plainJSONError(err))
	}
	if len(record.Frames) == 0 {
		return nil, errors.New(`jsonl: no frames: an object like {"frames":["text"]} is expected`)
	}
	frames := make([][]byte, len(record.Frames))
	for i, frame := range record.Frames {
		frames[i] = frame
	}
	return frames, nil
}

// plainJSONError says without the names of Go types what encoding/json found.
func plainJSONError(err error) error {
	var wrongType *json.UnmarshalTypeError
	if !errors.As(err, &wrongType) {
		return err
	}
	if wrongType.Field == "" {
		return fmt.Errorf(`a JSON %s where an object like {"frames":["text"]} is expected`, wrongType.Value)
	}
	return fmt.Errorf("%q is a JSON %s, not an array of frames", wrongType.Field, wrongType.Value)
}

// A jsonlFrame is a JSON string, or an object with its bytes in base64.
type jsonlFrame []byte

var errFrame = errors.New(`a frame is a string or {"base64":"…"}`)

// UnmarshalJSON reads one element of "frames".
func (f *jsonlFrame) UnmarshalJSON(value []byte) error {
	if value[0] == '"' {
		return f.unmarshalString(value)
	}
	if value[0] != '{' {
		return errFrame
	}
	var object struct {
		Base64 *string `json:"base64"`
	}
	if err := json.Unmarshal(value, &object); err != nil || object.Base64 == nil {
		return errFrame
	}
	frame, err := base64.StdEncoding.DecodeString(*object.Base64)
	if err != nil {
		return fmt.Errorf("a frame's base64: %w", err)
	}
	*f = frame
	return nil
}

func (f *jsonlFrame) unmarshalString(value []byte) error {
	if text := value[1 : len(value)-1]; !bytes.Contains(text, []byte{'\\'}) {
		*f = bytes.Clone(text)
		return nil
	}
	if hasLoneSurrogate(value) {
		return errors.New("a lone surrogate is no text: write such bytes as {\"base64\":\"…\"}")
	}
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		return err
	}
	*f = []byte(text)
	return nil
}

// hasLoneSurrogate reports whether a valid JSON string has a \ud800 to \udfff
// that is not half of a pair, which encoding/json would turn into U+FFFD.
func hasLoneSurrogate(value []byte) bool {
	const length = len(`\uXXXX`)
	for i := 0; i < len(value); i++ {
		if value[i] != '\\' {
			continue
		}
		unit, ok := utf16Escape(value[i:])
		if !ok {
			i++
			continue
		}
		i += length - 1
		if unit < 0xd800 || unit > 0xdfff {
			continue
		}
		low, ok := utf16Escape(value[i+1:])
		if unit >= 0xdc00 || !ok || low < 0xdc00 || low > 0xdfff {
			return true
		}
		i += length
	}
	return false
}

// utf16Escape returns the code unit of the \uXXXX that text begins with.
func utf16Escape(text []byte) (uint64, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return unit, err == nil
}

// appendJSONL appends a message as one line, newline included.
func appendJSONL(dst []byte, now time.Time, frames [][]byte) []byte {
	dst = append(dst, `{"time":"`...)
	dst = now.AppendFormat(dst, timeLayout)
	dst = append(dst, `","frames":[`...)
	for i, frame := range frames {
		if i > 0 {
			dst = append(dst, ',')
		}
		if utf8.Valid(frame) {
			dst = appendJSONString(dst, frame)
			continue
		}
		dst = append(dst, `{"base64":"`...)
		dst = base64.StdEncoding.AppendEncode(dst, frame)
		dst = append(dst, `"}`...)
	}
	return append(dst, "]}\n"...)
}

// appendJSONString appends text, which is UTF-8, as a JSON string. What a
// terminal would obey is escaped, which loses nothing.
func appendJSONString(dst, text []byte) []byte {
	dst = append(dst, '"')
	for len(text) > 0 {
		n := printableASCII(text)
		dst = append(dst, text[:n]...)
		text = text[n:]
		if len(text) == 0 {
			break
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
	}
	return append(dst, '"')
}

// printableASCII returns how many bytes of text stand for themselves in a JSON string.
func printableASCII(text []byte) int {
	for i, c := range text {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return i
		}
	}
	return len(text)
}

// appendUnicodeEscape appends r, which is not over U+FFFF, as \uXXXX.
func appendUnicodeEscape(dst []byte, r rune) []byte {
	const digits = "0123456789abcdef"
	return append(dst, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
}
