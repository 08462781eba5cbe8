package shell

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A jsonlRecord is what counts of a jsonl line when it is read: unknown keys do not.
type jsonlRecord struct {
	Time   jsonlTime    `json:"time"`
	Frames []jsonlFrame `json:"frames"`
}

// parseJSONL returns the frames of one line, however it is written, and the text of its
// time, or what is wrong with it. A time that is no text counts for as much as the
// words of one that is no time.
func parseJSONL(line []byte) (frames [][]byte, at []byte, err error) {
	// encoding/json would put U+FFFD in the place of what is not UTF-8, and a byte would be lost.
	if !utf8.Valid(line) {
		return nil, nil, errors.New(`jsonl: not UTF-8: write such bytes as {"base64":"…"}`)
	}
	var record jsonlRecord
	if err := json.Unmarshal(line, &record); err != nil {
		return nil, nil, fmt.Errorf("jsonl: %w", plainJSONError(err))
	}
	if len(record.Frames) == 0 {
		return nil, nil, errors.New(`jsonl: no frames: an object like {"frames":["text"]} is expected`)
	}
	frames = make([][]byte, len(record.Frames))
	for i, frame := range record.Frames {
		frames[i] = frame
	}
	return frames, record.Time, nil
}

// A jsonlTime is the text of a JSON string, or any other value as it is written; nil
// is null, or none.
type jsonlTime []byte

// UnmarshalJSON keeps the value.
func (t *jsonlTime) UnmarshalJSON(value []byte) error {
	var text string
	switch {
	case string(value) == "null":
	case json.Unmarshal(value, &text) == nil:
		*t = []byte(text)
	default:
		*t = bytes.Clone(value)
	}
	return nil
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
	text, err := jsontext.AppendUnquote(nil, value)
	if err != nil {
		// encoding/json, which let it pass, would turn half a pair into U+FFFD.
		return errors.New("a lone surrogate is no text: write such bytes as {\"base64\":\"…\"}")
	}
	*f = text
	return nil
}
