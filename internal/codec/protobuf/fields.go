package protobuf

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"

	"fogmq/internal/codec/value"
)

// fieldsDepth is how deep messages may be nested where their type is not known.
const fieldsDepth = 100

const maxVarint = 10 // bytes

// DecodeFields returns the fields of a message whose type is not known, by their numbers and in their order: as a
// value.Map where all values of a number stand together, and else as a value.List of such. The value of a number that has
// several is a value.List of them. A value is
//
//	150                  a varint, as an unsigned integer
//	{"fixed32":1}        four bytes, as an unsigned integer
//	{"fixed64":1}        eight bytes, likewise
//	"text"               bytes that are UTF-8 without control characters but for tabs and newlines
//	{"1":150}            bytes that are the fields of a message
//	{"message":[…]}      the same, where they are a list
//	{"base64":"…"}       other bytes
//	{"group":{"1":150}}  a group
//
// EncodeFields gives the same bytes back, save that it writes the numbers and lengths of the message itself and of its
// groups in as few bytes as they take.
func DecodeFields(data []byte) (value.Value, error) {
	d := fieldReader{data: data}
	fields, err := d.fields(0, 0)
	if err != nil {
		return nil, err
	}
	return arrange(fields), nil
}

type numbered struct {
	number protowire.Number
	value  value.Value
}

type fieldReader struct {
	data   []byte
	at     int
	padded bool // a varint was longer than it had to be
}

// fields reads up to the end of the data, or of the group of that number.
func (d *fieldReader) fields(group protowire.Number, depth int) (fields []numbered, err error) {
	if depth == fieldsDepth {
		return nil, fmt.Errorf("messages are nested more than %d deep", fieldsDepth)
	}
	for d.at < len(d.data) {
		start := d.at
		tag, err := d.varint()
		if err != nil {
			return nil, err
		}
		if tag>>3 < 1 || tag>>3 > uint64(protowire.MaxValidNumber) {
			return nil, fmt.Errorf("a field can't have the number %d, at byte %d", tag>>3, start+1)
		}
		number, typ := protowire.Number(tag>>3), protowire.Type(tag&7)
		if typ == protowire.EndGroupType {
			if number != group {
				return nil, fmt.Errorf("a group %d ends that did not begin, at byte %d", number, start+1)
			}
			return fields, nil
		}
		v, err := d.value(number, typ, depth, start)
		if err != nil {
			return nil, err
		}
		fields = append(fields, numbered{number, v})
	}
	if group != 0 {
		return nil, value.ErrEnd
	}
	return fields, nil
}

func (d *fieldReader) value(number protowire.Number, typ protowire.Type, depth, start int) (value.Value, error) {
	switch typ {
	case protowire.VarintType:
		return d.varint()
	case protowire.Fixed32Type:
		n, size := protowire.ConsumeFixed32(d.data[d.at:])
		if size < 0 {
			return nil, value.ErrEnd
		}
		d.at += size
		return value.Map{{Key: "fixed32", Value: uint64(n)}}, nil
	case protowire.Fixed64Type:
		n, size := protowire.ConsumeFixed64(d.data[d.at:])
		if size < 0 {
			return nil, value.ErrEnd
		}
		d.at += size
		return value.Map{{Key: "fixed64", Value: n}}, nil
	case protowire.BytesType:
		size, err := d.varint()
		if err != nil {
			return nil, err
		}
		if size > uint64(len(d.data)-d.at) {
			return nil, value.ErrEnd
		}
		data := d.data[d.at : d.at+int(size)]
		d.at += int(size)
		return bytesValue(data, depth), nil
	case protowire.StartGroupType:
		fields, err := d.fields(number, depth+1)
		if err != nil {
			return nil, err
		}
		return value.Map{{Key: "group", Value: arrange(fields)}}, nil
	}
	return nil, fmt.Errorf("there is no wire type %d, at byte %d", typ, start+1)
}

func (d *fieldReader) varint() (uint64, error) {
	n, size := protowire.ConsumeVarint(d.data[d.at:])
	switch {
	case size > 0:
		d.at += size
		d.padded = d.padded || size != protowire.SizeVarint(n)
		return n, nil
	case len(d.data)-d.at < maxVarint:
		return 0, value.ErrEnd
	}
	return 0, fmt.Errorf("a varint is longer than 64 bits, at byte %d", d.at+1)
}

// bytesValue tells text, a message and other bytes apart. A message that would not come back as it is counts as bytes.
func bytesValue(data []byte, depth int) value.Value {
	isText := looksLikeText(data)
	// A message that begins with its field 1 begins with what may be a newline, a tab or a return in a text.
	if isText && (len(data) == 0 || data[0] >= ' ') {
		return string(data)
	}
	d := fieldReader{data: data}
	fields, err := d.fields(0, depth+1)
	switch {
	case err == nil && !d.padded:
		if m, ok := arrange(fields).(value.Map); ok {
			return m
		}
		return value.Map{{Key: "message", Value: arrange(fields)}}
	case isText:
		return string(data)
	}
	return data
}

func looksLikeText(data []byte) bool {
	if !utf8.Valid(data) {
		return false
	}
	for i, c := range data {
		isC1 := c == 0xc2 && data[i+1] < 0xa0
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f || isC1 {
			return false
		}
	}
	return true
}

// arrange makes an object of fields, or a list of as few as keep their order.
func arrange(fields []numbered) value.Value {
	list := value.List{value.Map{}}
	last := protowire.Number(0)
	seen := map[protowire.Number]bool{}
	for _, f := range fields {
		m := list[len(list)-1].(value.Map)
		switch {
		case f.number == last:
			entry := &m[len(m)-1]
			if values, ok := entry.Value.(value.List); ok {
				entry.Value = append(values, f.value)
			} else {
				entry.Value = value.List{entry.Value, f.value}
			}
			continue
		case seen[f.number]:
			list = append(list, value.Map(nil))
			m = nil
			clear(seen)
		}
		seen[f.number] = true
		last = f.number
		list[len(list)-1] = append(m, value.Entry{Key: strconv.Itoa(int(f.number)), Value: f.value})
	}
	if len(list) == 1 {
		return list[0]
	}
	return list
}
