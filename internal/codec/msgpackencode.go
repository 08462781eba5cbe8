package codec

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"unicode/utf8"

	"github.com/tinylib/msgp/msgp"

	"fogmq/internal/codec/value"
)

// appendMsgpack appends v in the shortest form of its type; floats are always of 64 bits.
func appendMsgpack(dst []byte, v value.Value) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return msgp.AppendNil(dst), nil
	case bool:
		return msgp.AppendBool(dst, v), nil
	case int64:
		if v >= 0 {
			return msgp.AppendUint64(dst, uint64(v)), nil // the library's signed ones of 8 bits take up 16
		}
		return msgp.AppendInt64(dst, v), nil
	case uint64:
		return msgp.AppendUint64(dst, v), nil
	case *big.Int:
		return appendMsgpackInteger(dst, v)
	case value.Number:
		return appendMsgpackNumber(dst, v)
	case float64:
		if math.IsNaN(v) {
			v = math.Float64frombits(0x7ff8 << 48) // Go's own has a bit more than anyone else's
		}
		return msgp.AppendFloat64(dst, v), nil
	case string:
		if err := checkText(v); err != nil {
			return nil, err
		}
		return msgp.AppendString(dst, v), checkLength(len(v))
	case []byte:
		return msgp.AppendBytes(dst, v), checkLength(len(v))
	case value.List:
		return appendMsgpackList(dst, v)
	case value.Map:
		if extType, data, ok := extensionOf(v); ok {
			return appendExtension(dst, extType, data)
		}
		return appendMsgpackMap(dst, v)
	}
	return nil, fmt.Errorf("a %T has no msgpack", v)
}

func appendMsgpackList(dst []byte, list value.List) (_ []byte, err error) {
	dst = msgp.AppendArrayHeader(dst, uint32(len(list)))
	for _, element := range list {
		if dst, err = appendMsgpack(dst, element); err != nil {
			return nil, err
		}
	}
	return dst, checkLength(len(list))
}

func appendMsgpackMap(dst []byte, object value.Map) (_ []byte, err error) {
	dst = msgp.AppendMapHeader(dst, uint32(len(object)))
	for _, entry := range object {
		if dst, err = appendMsgpack(dst, entry.Key); err != nil {
			return nil, err
		}
		if dst, err = appendMsgpack(dst, entry.Value); err != nil {
			return nil, err
		}
	}
	return dst, checkLength(len(object))
}

func appendMsgpackInteger(dst []byte, i *big.Int) ([]byte, error) {
	switch {
	case i.IsInt64():
		return appendMsgpack(dst, i.Int64())
	case i.IsUint64():
		return appendMsgpack(dst, i.Uint64())
	}
	return nil, tooLarge(i.String())
}

func appendMsgpackNumber(dst []byte, n value.Number) ([]byte, error) {
	if n.IsInteger() {
		i, err := n.Int()
		if err != nil { // too long even to look at
			return nil, tooLarge(string(n))
		}
		return appendMsgpackInteger(dst, i)
	}
	x, err := strconv.ParseFloat(string(n), 64)
	if err != nil {
		return nil, fmt.Errorf("%s does not fit msgpack (±1.8e308)", shorten(string(n)))
	}
	return msgp.AppendFloat64(dst, x), nil
}

func tooLarge(digits string) error {
	return fmt.Errorf("%s does not fit msgpack (%d..%d)", shorten(digits), int64(math.MinInt64), uint64(math.MaxUint64))
}

// checkLength refuses what the format has no length for.
func checkLength(n int) error {
	if uint64(n) > math.MaxUint32 {
		return fmt.Errorf("a length of %d does not fit msgpack (0..%d)", n, uint32(math.MaxUint32))
	}
	return nil
}

// checkText refuses the one kind of text that is not UTF-8.
func checkText(text string) error {
	if !utf8.ValidString(text) {
		return errors.New(`a text has half a surrogate pair, which is not UTF-8 (write its bytes as {"base64":"…"})`)
	}
	return nil
}
