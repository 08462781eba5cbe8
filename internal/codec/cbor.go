package codec

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/fxamacker/cbor/v2"

	"fogmq/internal/codec/value"
)

// cborStructured is CBOR (RFC 8949), which is sent in its preferred serialization. Tags are read as what they say of
// their content, see cborReader.tagged; others are {"tag":NUMBER,"value":…}, and simple values without a name
// {"simple":NUMBER}. Undefined is null.
var cborStructured = &structured{
	name:   "cbor",
	encode: encodeCBOR,
	decode: func(data []byte) (value.Value, []byte, error) {
		mode, err := cborDecMode()
		if err != nil {
			return nil, nil, err
		}
		r := cborReader{data: data, mode: mode}
		v, err := r.value(0)
		return v, data[r.at:], err
	},
}

// cborDecMode is made when it is first needed: that takes time, and most runs of fogmq read no CBOR.
var cborDecMode = sync.OnceValues(func() (cbor.DecMode, error) {
	return cbor.DecOptions{
		IntDec:    cbor.IntDecConvertNone,
		BigIntDec: cbor.BigIntDecodePointer,
	}.DecMode()
})

// A cborReader walks arrays, maps and tags itself, as the library would forget the order of keys, and has the library
// read what they hold.
type cborReader struct {
	data   []byte
	at     int // of what is to be read
	mode   cbor.DecMode
	opened int // how many encoded items this one lies in
}

func (r *cborReader) failf(at int, format string, args ...any) error {
	return fmt.Errorf(format+" at byte %d", append(args, at+1)...)
}

func (r *cborReader) value(depth int) (value.Value, error) {
	start := r.at
	h, err := r.head()
	if err != nil {
		return nil, err
	}
	switch h.major {
	case cborBytes, cborText:
		data, err := r.str(h)
		if err == nil && h.major == cborText {
			return textOrBytes(data), nil
		}
		return data, err
	case cborArray, cborMap, cborTag:
		if depth == value.MaxDepth {
			return nil, value.ErrDepth
		}
	default:
		if h.indefinite {
			return nil, r.failf(start, "a break stands in the place of a value")
		}
		return r.leaf(start)
	}
	switch h.major {
	case cborArray:
		return r.list(h, depth)
	case cborMap:
		return r.object(h, depth)
	}
	content, err := r.value(depth + 1)
	if err != nil {
		return nil, err
	}
	return r.tagged(h.argument, content, depth), nil
}

// str reads the bytes of a string, of which there may be chunks until a break comes.
func (r *cborReader) str(h cborHead) ([]byte, error) {
	if !h.indefinite {
		return r.take(h.argument)
	}
	all := []byte{}
	for !r.broken() {
		start := r.at
		chunk, err := r.head()
		if err != nil {
			return nil, err
		}
		if chunk.major != h.major || chunk.indefinite {
			return nil, r.failf(start, "0x%02x begins no chunk of a string", r.data[start])
		}
		data, err := r.take(chunk.argument)
		if err != nil {
			return nil, err
		}
		all = append(all, data...)
	}
	return all, nil
}

// take returns the next n bytes.
func (r *cborReader) take(n uint64) ([]byte, error) {
	if n > uint64(len(r.data)-r.at) {
		return nil, value.ErrEnd
	}
	data := r.data[r.at : r.at+int(n)]
	r.at += int(n)
	return data, nil
}

// leaf has the library read the number or simple value at start.
func (r *cborReader) leaf(start int) (value.Value, error) {
	var v any
	rest, err := r.mode.UnmarshalFirst(r.data[start:], &v)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, value.ErrEnd
	case err != nil:
		return nil, r.failf(start, "%s", strings.TrimPrefix(err.Error(), "cbor: "))
	}
	r.at = len(r.data) - len(rest)
	switch v := v.(type) {
	case uint64:
		return integerOf(v), nil
	case cbor.SimpleValue:
		return value.Map{{Key: "simple", Value: int64(v)}}, nil
	}
	return v, nil
}

func (r *cborReader) list(h cborHead, depth int) (value.Value, error) {
	if !h.indefinite && h.argument > uint64(len(r.data)-r.at) {
		return nil, value.ErrEnd
	}
	list := value.List{} // it grows with what is read: room for all that is announced, in each of nested lists, is too much
	for n := uint64(0); h.indefinite || n < h.argument; n++ {
		if h.indefinite && r.broken() {
			break
		}
		element, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, element)
	}
	return list, nil
}

func (r *cborReader) object(h cborHead, depth int) (value.Value, error) {
	if !h.indefinite && h.argument > uint64(len(r.data)-r.at)/2 {
		return nil, value.ErrEnd
	}
	object := value.Map{}
	for n := uint64(0); h.indefinite || n < h.argument; n++ {
		if h.indefinite && r.broken() {
			break
		}
		var entry value.Entry
		var err error
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

// broken takes the break that ends an item of no definite length, if it comes next.
func (r *cborReader) broken() bool {
	if r.at == len(r.data) || r.data[r.at] != cborBreak {
		return false
	}
	r.at++
	return true
}
