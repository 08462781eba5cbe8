package codec

import (
	"errors"
	"fmt"

	"fogmq/internal/codec/value"
)

// structured is a codec whose payload frames each hold one value of a format, and whose text is JSON.
type structured struct {
	name string
	// encode returns the payload of a value.
	encode func(v value.Value) ([]byte, error)
	// decode reads the value that data begins with and returns what follows it. Its error is value.ErrEnd where data ends
	// before the value does.
	decode func(data []byte) (v value.Value, rest []byte, err error)
}

// alone opens a codec that takes no arguments, and is the same one each time.
func alone(name string, c Codec) func(string, []string, Options) (Codec, error) {
	return func(spec string, args []string, _ Options) (Codec, error) {
		if len(args) > 0 {
			return nil, fmt.Errorf("codec %s has too many parts: write %s alone", quote(spec), name)
		}
		return c, nil
	}
}

func (c *structured) Encode(fields [][]byte) ([][]byte, error) {
	return eachOf(fields, c.name, func(text []byte) ([]byte, error) {
		v, err := value.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("the text is no JSON: %w", err)
		}
		return c.encode(v)
	})
}

func (c *structured) Decode(frames [][]byte) ([][]byte, error) {
	return eachOf(frames, c.name, func(frame []byte) ([]byte, error) {
		text, rest, err := c.next(frame)
		if err == nil && len(rest) > 0 {
			err = fmt.Errorf("%s behind the value", follow(len(rest)))
		}
		return text, err
	})
}

// next returns the text of the value that data begins with, and what follows it.
func (c *structured) next(data []byte) (text, rest []byte, err error) {
	v, rest, err := c.decode(data)
	if err != nil {
		return nil, nil, err
	}
	text, err = value.Append(nil, v, value.Limit(len(data)))
	return text, rest, err
}

// Add takes a payload that is a number or lists of numbers.
func (c *structured) Add(frames [][]byte, n Number) ([][]byte, error) {
	fields, err := c.Decode(frames)
	if err != nil {
		return nil, err
	}
	for i, field := range fields {
		if fields[i], err = AddText(field, n); err != nil {
			return nil, err
		}
	}
	return c.Encode(fields)
}

// eachOf translates every item by itself. It is an error that names the codec where there is none.
func eachOf(items [][]byte, name string, translate func([]byte) ([]byte, error)) ([][]byte, error) {
	if len(items) == 0 {
		return nil, errors.New(name + ": there is no payload")
	}
	out := make([][]byte, len(items))
	for i, item := range items {
		translated, err := translate(item)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[i] = translated
	}
	return out, nil
}

func follow(n int) string {
	if n == 1 {
		return "1 byte stands"
	}
	return fmt.Sprintf("%d bytes stand", n)
}

// IsJSON tells whether the text of c is JSON.
func IsJSON(c Codec) bool {
	_, ok := c.(*structured)
	return ok
}
