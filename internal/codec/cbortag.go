package codec

import (
	"encoding/hex"
	"math"
	"math/big"
	"time"

	"fogmq/internal/codec/value"
)

// mostOpened is how many encoded items may lie in one another that tag 24 has us read.
const mostOpened = 16

// tagged returns what tag number (of IANA's registry) makes of its content: {"tag":NUMBER,"value":…} where the tag is
// not known or does not go with such content.
func (r *cborReader) tagged(number uint64, content value.Value, depth int) value.Value {
	switch number {
	case 21, 22, 23, 258, 55799: // bytes that are best shown as base64 or hex; a set; a mark that this is CBOR
		return content
	case 24:
		if v, ok := r.open(content, depth); ok {
			return v
		}
	case 5:
		if x, ok := bigFloat(content); ok {
			return x
		}
	}
	if v := tagText(number, content); v != nil {
		return v
	}
	if v := tagNumber(number, content); v != nil {
		return v
	}
	return value.Map{{Key: "tag", Value: integerOf(number)}, {Key: "value", Value: content}}
}

// open reads the item that bytes hold. How deep it may nest, and how often this may be done, is what is left over.
func (r *cborReader) open(content value.Value, depth int) (value.Value, bool) {
	data, ok := content.([]byte)
	if !ok || r.opened == mostOpened {
		return nil, false
	}
	inner := cborReader{data: data, mode: r.mode, opened: r.opened + 1}
	v, err := inner.value(depth + 1)
	return v, err == nil && inner.at == len(data)
}

// tagText returns the text of dates and names, or nil.
func tagText(number uint64, content value.Value) value.Value {
	switch number {
	case 1, 100:
		if text, ok := dateOf(number, content); ok {
			return text
		}
	case 37: // UUID
		if data, ok := content.([]byte); ok && len(data) == 16 {
			d := hex.EncodeToString(data)
			return d[:8] + "-" + d[8:12] + "-" + d[12:16] + "-" + d[16:20] + "-" + d[20:]
		}
	}
	text, ok := content.(string)
	if !ok {
		return nil
	}
	switch number {
	case 0:
		_, err := time.Parse(time.RFC3339Nano, text)
		ok = err == nil
	case 1004:
		_, err := time.Parse(time.DateOnly, text)
		ok = err == nil
	case 32, 33, 34, 35, 36: // URI, base64 of both kinds, regular expression, MIME message
	default:
		ok = false
	}
	if !ok {
		return nil
	}
	return text
}

// dateOf reads seconds (1) and days (100) since 1970.
func dateOf(number uint64, content value.Value) (text string, ok bool) {
	const day = 24 * 60 * 60
	switch n := content.(type) {
	case int64:
		if number == 1 {
			return unixText(n, 0)
		}
		if n < firstSecond/day || n > lastSecond/day {
			return "", false
		}
		return time.Unix(n*day, 0).UTC().Format(time.DateOnly), true
	case float64:
		if number != 1 || !(math.Abs(n) < 1<<40) {
			return "", false
		}
		// A float of today resolves no more than microseconds, and Python writes no more.
		whole, fraction := math.Floor(n), n-math.Floor(n)
		micros := int64(math.RoundToEven(fraction * 1e6))
		return unixText(int64(whole)+micros/1e6, micros%1e6*1e3)
	}
	return "", false
}

// tagNumber returns the number of tags of numbers, a list of those of a typed array, or nil.
func tagNumber(number uint64, content value.Value) value.Value {
	switch number {
	case 2, 3:
		if data, ok := content.([]byte); ok && len(data) <= value.MaxBits/8 {
			i := new(big.Int).SetBytes(data)
			if number == 3 {
				i.Not(i)
			}
			if i.IsInt64() {
				return i.Int64()
			}
			return i
		}
	case 4:
		if n, ok := decimalFraction(content); ok {
			return n
		}
	}
	if data, ok := content.([]byte); ok {
		return typedArray(number, data)
	}
	return nil
}

// typedArray reads the arrays of RFC 8746, whose tags are made of bits: 010, then a float's, a sign's, that of little
// byte order, and two of the size.
func typedArray(tag uint64, data []byte) value.Value {
	const noArray = 76 // an int8 has no byte order; the uint8 of little order, 68, is one that clamps
	if tag < 64 || tag > 87 || tag == noArray {
		return nil
	}
	size := uint8(1) << (tag & 3)
	t := DType{kind: kindUint, size: size, big: tag&4 == 0 && size > 1}
	switch {
	case tag&16 != 0:
		t = DType{kind: kindFloat, size: 2 * size, big: tag&4 == 0}
	case tag&8 != 0:
		t.kind = kindInt
	}
	if t.size > 8 || len(data)%t.Size() != 0 {
		return nil
	}
	list := make(value.List, 0, len(data)/t.Size())
	for ; len(data) > 0; data = data[t.size:] {
		switch t.kind {
		case kindFloat:
			list = append(list, t.float(data))
		case kindInt:
			list = append(list, t.int(data))
		default:
			list = append(list, integerOf(t.bits(data)))
		}
	}
	return list
}
