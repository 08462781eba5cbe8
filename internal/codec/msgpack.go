package codec

import (
	"encoding/binary"
	"fmt"
	"unicode/utf8"

	"github.com/tinylib/msgp/msgp"

	"fogmq/internal/codec/value"
)

// msgpackStructured is MessagePack. Strings that are not UTF-8 are bytes, the extension type -1 is a date, and any other
// is {"ext":TYPE,"base64":"…"}. See github.com/msgpack/msgpack/blob/master/spec.md.
var msgpackStructured = &structured{
	name: "msgpack",
	encode: func(v value.Value) ([]byte, error) {
		return appendMsgpack(nil, v)
	},
	decode: func(data []byte) (value.Value, []byte, error) {
		r := msgpackReader{data: data, rest: data}
		v, err := r.value(0)
		return v, r.rest, err
	},
}

type msgpackReader struct {
	data []byte
	rest []byte // of data, what is yet to be read
}

func (r *msgpackReader) value(depth int) (v value.Value, err error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	switch msgp.NextType(r.rest) {
	case msgp.NilType:
		r.rest, err = msgp.ReadNilBytes(r.rest)
	case msgp.BoolType:
		v, r.rest, err = msgp.ReadBoolBytes(r.rest)
	case msgp.IntType:
		v, r.rest, err = msgp.ReadInt64Bytes(r.rest)
	case msgp.UintType:
		var u uint64
		u, r.rest, err = msgp.ReadUint64Bytes(r.rest)
		v = integerOf(u)
	case msgp.Float32Type:
		var x float32
		x, r.rest, err = msgp.ReadFloat32Bytes(r.rest)
		v = float64(x)
	case msgp.Float64Type:
		v, r.rest, err = msgp.ReadFloat64Bytes(r.rest)
	case msgp.StrType:
		var text []byte
		text, r.rest, err = msgp.ReadStringZC(r.rest)
		v = textOrBytes(text)
	case msgp.BinType:
		v, r.rest, err = msgp.ReadBytesZC(r.rest)
	case msgp.ArrayType:
		return r.list(depth)
	case msgp.MapType:
		return r.object(depth)
	default: // the library tells some extensions from others
		return r.extension()
	}
	return v, endOf(err)
}

// check finds what the library must not get: the one byte that begins nothing, and lengths of 32 bits beyond the data,
// which it takes for negative where an int has no more bits than that.
func (r *msgpackReader) check() error {
	if len(r.rest) == 0 {
		return value.ErrEnd
	}
	switch lead := r.rest[0]; lead {
	case 0xc1:
		return fmt.Errorf("0xc1 begins no value at byte %d", r.at())
	case msgpackBin32, msgpackExt32, msgpackStr32:
		if len(r.rest) < 5 || uint64(binary.BigEndian.Uint32(r.rest[1:])) > uint64(len(r.rest)) {
			return value.ErrEnd
		}
	}
	return nil
}

// at is the number of the byte that is read next, counted from 1.
func (r *msgpackReader) at() int { return len(r.data) - len(r.rest) + 1 }

const (
	msgpackBin32 = 0xc6
	msgpackExt8  = 0xc7
	msgpackExt16 = 0xc8
	msgpackExt32 = 0xc9
	msgpackFixed = 0xd4 // an extension of 1 byte; up to 0xd8 follow those of 2, 4, 8 and 16
	msgpackStr32 = 0xdb
)

func (r *msgpackReader) list(depth int) (value.Value, error) {
	if depth == value.MaxDepth {
		return nil, value.ErrDepth
	}
	count, rest, err := msgp.ReadArrayHeaderBytes(r.rest)
	if err != nil || uint64(count) > uint64(len(rest)) {
		return nil, value.ErrEnd
	}
	r.rest = rest
	list := value.List{} // it grows with what is read: room for all that is announced, in each of nested lists, is too much
	for range count {
		element, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, element)
	}
	return list, nil
}

func (r *msgpackReader) object(depth int) (value.Value, error) {
	if depth == value.MaxDepth {
		return nil, value.ErrDepth
	}
	count, rest, err := msgp.ReadMapHeaderBytes(r.rest)
	if err != nil || uint64(count) > uint64(len(rest)/2) {
		return nil, value.ErrEnd
	}
	r.rest = rest
	object := value.Map{}
	for range count {
		var entry value.Entry
		if entry.Key, err = r.value(depth + 1); err != nil {
			return nil, err
		}
		if entry.Value, err = r.value(depth + 1); err != nil {
			return nil, err
		}
		object = append(object, entry)
	}
	return object, nil
}

// endOf says of an error of the library's that it is about truncated data. As values are read as the type that they are
// of, there is no other.
func endOf(err error) error {
	if err != nil {
		return value.ErrEnd
	}
	return nil
}

// integerOf is the Value of an unsigned integer.
func integerOf(u uint64) value.Value {
	if i := int64(u); i >= 0 {
		return i
	}
	return u
}

// textOrBytes is the Value of what a format calls text, which need not be any.
func textOrBytes(text []byte) value.Value {
	if utf8.Valid(text) {
		return string(text)
	}
	return text
}
