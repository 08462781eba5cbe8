package codec

import (
	"encoding/base64"
	"encoding/binary"
	"math"

	"github.com/tinylib/msgp/msgp"

	"fogmq/internal/codec/value"
)

// timestampType is the extension type of dates.
const timestampType = -1

func (r *msgpackReader) extension() (value.Value, error) {
	header := 2
	switch r.rest[0] {
	case msgpackExt8:
		header = 3
	case msgpackExt16:
		header = 4
	case msgpackExt32:
		header = 6
	}
	rest, err := msgp.Skip(r.rest)
	if err != nil {
		return nil, value.ErrEnd
	}
	item := r.rest[:len(r.rest)-len(rest)]
	r.rest = rest
	extType, data := int8(item[header-1]), item[header:]
	if extType == timestampType {
		if text, ok := msgpackTime(data); ok {
			return text, nil
		}
	}
	return value.Map{{Key: "ext", Value: int64(extType)}, {Key: "base64", Value: base64.StdEncoding.EncodeToString(data)}}, nil
}

// msgpackTime reads one of the three forms of a timestamp: 32 bits of seconds; 30 bits of nanoseconds and 34 of seconds;
// 32 bits of nanoseconds and 64 of seconds.
func msgpackTime(data []byte) (text string, ok bool) {
	switch len(data) {
	case 4:
		return unixText(int64(binary.BigEndian.Uint32(data)), 0)
	case 8:
		word := binary.BigEndian.Uint64(data)
		return unixText(int64(word&(1<<34-1)), int64(word>>34))
	case 12:
		return unixText(int64(binary.BigEndian.Uint64(data[4:])), int64(binary.BigEndian.Uint32(data)))
	}
	return "", false
}

// extensionOf returns the type and data of an object that is {"ext":TYPE,"base64":"…"}.
func extensionOf(object value.Map) (extType int8, data []byte, ok bool) {
	number, digits, ok := pairOf(object, "ext", "base64")
	if !ok {
		return 0, nil, false
	}
	n, isInteger := number.(int64)
	text, isText := digits.(string)
	if !isInteger || !isText || n < math.MinInt8 || n > math.MaxInt8 {
		return 0, nil, false
	}
	data, err := base64.StdEncoding.DecodeString(text)
	return int8(n), data, err == nil
}

// appendExtension has what the library's namesake lacks: the short form at its full lengths, of 255 and 65535 bytes.
func appendExtension(dst []byte, extType int8, data []byte) ([]byte, error) {
	switch n := len(data); {
	case n == 1 || n == 2 || n == 4 || n == 8 || n == 16:
		lead := byte(msgpackFixed)
		for size := 1; size < n; size *= 2 {
			lead++
		}
		dst = append(dst, lead)
	case n <= math.MaxUint8:
		dst = append(dst, msgpackExt8, byte(n))
	case n <= math.MaxUint16:
		dst = binary.BigEndian.AppendUint16(append(dst, msgpackExt16), uint16(n))
	default:
		if err := checkLength(n); err != nil {
			return nil, err
		}
		dst = binary.BigEndian.AppendUint32(append(dst, msgpackExt32), uint32(n))
	}
	return append(append(dst, byte(extType)), data...), nil
}

// pairOf returns the values of an object that has just two members, which have these keys. Their order is free.
func pairOf(object value.Map, first, second string) (a, b value.Value, ok bool) {
	if len(object) != 2 {
		return nil, nil, false
	}
	i := 0
	if object[0].Key == second {
		i = 1
	}
	if object[i].Key != first || object[1-i].Key != second {
		return nil, nil, false
	}
	return object[i].Value, object[1-i].Value, true
}
