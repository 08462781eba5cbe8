package protobuf

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"

	"fogmq/internal/codec/value"
)

// EncodeFields returns the message that DecodeFields shows as v. Beside what that returns it takes negative integers, as
// int32 and int64 have them, true and false, and {"float":1.5} and {"double":1.5}.
func EncodeFields(v value.Value) ([]byte, error) {
	return appendMessage(nil, v, 0)
}

func appendMessage(dst []byte, v value.Value, depth int) ([]byte, error) {
	if depth == fieldsDepth {
		return nil, fmt.Errorf("messages are nested more than %d deep", fieldsDepth)
	}
	switch v := v.(type) {
	case value.Map:
		return appendFields(dst, v, depth)
	case value.List:
		for _, element := range v {
			m, ok := element.(value.Map)
			if !ok {
				return nil, fmt.Errorf("%s stands in a list of fields, which holds objects alone", show(element))
			}
			var err error
			if dst, err = appendFields(dst, m, depth); err != nil {
				return nil, err
			}
		}
		return dst, nil
	case []byte:
		return nil, errors.New(`{"base64":…} is the value of a field: write {"1":{"base64":…}}`)
	}
	return nil, fmt.Errorf(`%s is no message: it is an object with the numbers of fields as keys, such as {"1":150,"2":"text"}`, show(v))
}

func appendFields(dst []byte, m value.Map, depth int) (_ []byte, err error) {
	for _, entry := range m {
		key, _ := entry.Key.(string)
		number, err := fieldNumber(key)
		if err != nil {
			return nil, err
		}
		values, isList := entry.Value.(value.List)
		if !isList {
			values = value.List{entry.Value}
		}
		for _, v := range values {
			if dst, err = appendField(dst, number, v, depth); err != nil {
				return nil, fmt.Errorf("field %s: %w", key, err)
			}
		}
	}
	return dst, nil
}

func fieldNumber(key string) (protowire.Number, error) {
	n, err := strconv.ParseUint(key, 10, 32)
	if err != nil || n < 1 || n > uint64(protowire.MaxValidNumber) || key[0] == '0' {
		return 0, fmt.Errorf("%s is not the number of a field, which is from 1 to %d", show(key), protowire.MaxValidNumber)
	}
	return protowire.Number(n), nil
}

func appendField(dst []byte, number protowire.Number, v value.Value, depth int) ([]byte, error) {
	switch v := v.(type) {
	case string:
		if !utf8.ValidString(v) {
			return nil, errors.New("half a surrogate pair is no text")
		}
		return protowire.AppendString(protowire.AppendTag(dst, number, protowire.BytesType), v), nil
	case []byte:
		return protowire.AppendBytes(protowire.AppendTag(dst, number, protowire.BytesType), v), nil
	case bool:
		return protowire.AppendVarint(protowire.AppendTag(dst, number, protowire.VarintType), protowire.EncodeBool(v)), nil
	case value.Map:
		return appendObject(dst, number, v, depth)
	case value.List:
		return nil, errors.New("a list can't stand in a list")
	case nil:
		return nil, errors.New("null is no value: leave the field out")
	case float64:
		return nil, fmt.Errorf(`%s can be four bytes or eight: write {"float":%[1]s} or {"double":%[1]s}`, show(v))
	}
	n, err := integer(v, 64)
	if err != nil {
		return nil, err
	}
	return protowire.AppendVarint(protowire.AppendTag(dst, number, protowire.VarintType), n), nil
}

// appendObject appends a message, or a value whose one key says what it is.
func appendObject(dst []byte, number protowire.Number, m value.Map, depth int) ([]byte, error) {
	word := ""
	if len(m) == 1 {
		word, _ = m[0].Key.(string)
	}
	inner := value.Value(m)
	switch word {
	case "fixed32", "float":
		n, err := fixed(word, m[0].Value, 32)
		if err != nil {
			return nil, err
		}
		return protowire.AppendFixed32(protowire.AppendTag(dst, number, protowire.Fixed32Type), uint32(n)), nil
	case "fixed64", "double":
		n, err := fixed(word, m[0].Value, 64)
		if err != nil {
			return nil, err
		}
		return protowire.AppendFixed64(protowire.AppendTag(dst, number, protowire.Fixed64Type), n), nil
	case "group":
		dst, err := appendMessage(protowire.AppendTag(dst, number, protowire.StartGroupType), m[0].Value, depth+1)
		if err != nil {
			return nil, err
		}
		return protowire.AppendTag(dst, number, protowire.EndGroupType), nil
	case "base64":
		return nil, errors.New("what stands behind base64 is no base64")
	case "message":
		inner = m[0].Value
	default:
		if _, err := strconv.Atoi(word); len(m) == 1 && err != nil {
			return nil, fmt.Errorf("%s is neither the number of a field nor one of %s and base64", show(word), strings.Join(wireWords, ", "))
		}
	}
	data, err := appendMessage(nil, inner, depth+1)
	if err != nil {
		return nil, err
	}
	return protowire.AppendBytes(protowire.AppendTag(dst, number, protowire.BytesType), data), nil
}

var wireWords = []string{"fixed32", "fixed64", "float", "double", "message", "group"}

// fixed returns the bits of a number of four or eight bytes.
func fixed(word string, v value.Value, bits int) (uint64, error) {
	if word == "fixed32" || word == "fixed64" {
		n, err := integer(v, bits)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", word, err)
		}
		return n, nil
	}
	x, ok := float(v)
	switch {
	case !ok:
		return 0, fmt.Errorf("%s: %s is not a number of its range", word, show(v))
	case bits == 64:
		return math.Float64bits(x), nil
	}
	single := float32(x)
	if math.IsInf(float64(single), 0) && !math.IsInf(x, 0) {
		return 0, fmt.Errorf("float: %s is not a number of its range", show(v))
	}
	return uint64(math.Float32bits(single)), nil
}

func float(v value.Value) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int64:
		return float64(v), true
	case *big.Int:
		x, _ := new(big.Float).SetInt(v).Float64()
		return x, !math.IsInf(x, 0)
	}
	return 0, false
}

// integer returns the bits of an integer, signed or not.
func integer(v value.Value, bits int) (uint64, error) {
	var n *big.Int
	switch v := v.(type) {
	case int64:
		n = big.NewInt(v)
	case uint64:
		n = new(big.Int).SetUint64(v)
	case *big.Int:
		n = v
	default:
		return 0, fmt.Errorf("%s is not an integer of %d bits", show(v), bits)
	}
	least := new(big.Int).Lsh(big.NewInt(-1), uint(bits-1))
	end := new(big.Int).Lsh(big.NewInt(1), uint(bits))
	if n.Cmp(least) < 0 || n.Cmp(end) >= 0 {
		return 0, fmt.Errorf("%s is not an integer of %d bits", show(v), bits)
	}
	if n.Sign() < 0 {
		n = new(big.Int).Add(n, end)
	}
	return n.Uint64(), nil
}

// show is a value in an error: its text, shortened.
func show(v value.Value) string {
	const most = 40
	text, err := value.Append(nil, v, 1<<16)
	if err != nil || len(text) > most {
		cut := min(most, len(text))
		for cut > 0 && !utf8.RuneStart(text[cut-1]) {
			cut--
		}
		return string(text[:max(cut-1, 0)]) + "…"
	}
	return string(text)
}
