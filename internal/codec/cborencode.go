package codec

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"sync"

	"github.com/fxamacker/cbor/v2"

	"fogmq/internal/codec/value"
)

// cborEncMode is made when it is first needed, as cborDecMode is.
var cborEncMode = sync.OnceValues(func() (cbor.UserBufferEncMode, error) {
	return cbor.PreferredUnsortedEncOptions().UserBufferEncMode()
})

func encodeCBOR(v value.Value) ([]byte, error) {
	mode, err := cborEncMode()
	if err != nil {
		return nil, err
	}
	w := cborWriter{mode: mode}
	err = w.value(v)
	return w.out.Bytes(), err
}

// A cborWriter writes arrays, maps and tags itself, as the library has no maps that keep their order.
type cborWriter struct {
	out  bytes.Buffer
	mode cbor.UserBufferEncMode
}

func (w *cborWriter) value(v value.Value) error {
	switch v := v.(type) {
	case string:
		if err := checkText(v); err != nil {
			return err
		}
		if err := w.head(cborText, uint64(len(v))); err != nil {
			return err
		}
		w.out.WriteString(v)
		return nil
	case []byte:
		if err := w.head(cborBytes, uint64(len(v))); err != nil {
			return err
		}
		w.out.Write(v)
		return nil
	case value.List:
		return w.list(v)
	case value.Map:
		if special, err := w.special(v); special {
			return err
		}
		return w.object(v)
	case value.Number:
		return w.number(v)
	case value.JSON:
		return fmt.Errorf("a %T has no cbor", v)
	}
	return w.mode.MarshalToBuffer(v, &w.out)
}

// head writes the head of an item: that of an integer, in the shortest form, under another major type.
func (w *cborWriter) head(major byte, argument uint64) error {
	at := w.out.Len()
	err := w.mode.MarshalToBuffer(argument, &w.out)
	if err == nil {
		w.out.Bytes()[at] |= major << 5
	}
	return err
}

func (w *cborWriter) list(list value.List) error {
	if err := w.head(cborArray, uint64(len(list))); err != nil {
		return err
	}
	for _, element := range list {
		if err := w.value(element); err != nil {
			return err
		}
	}
	return nil
}

func (w *cborWriter) object(object value.Map) error {
	if err := w.head(cborMap, uint64(len(object))); err != nil {
		return err
	}
	for _, entry := range object {
		if err := w.value(entry.Key); err != nil {
			return err
		}
		if err := w.value(entry.Value); err != nil {
			return err
		}
	}
	return nil
}

// special writes an object that stands for a tag or a simple value, if it does.
func (w *cborWriter) special(object value.Map) (special bool, err error) {
	if len(object) == 1 && object[0].Key == "simple" {
		n, ok := object[0].Value.(int64)
		if !ok || n < 0 || n > math.MaxUint8 || n >= 24 && n < 32 {
			return false, nil
		}
		return true, w.mode.MarshalToBuffer(cbor.SimpleValue(n), &w.out)
	}
	number, content, ok := pairOf(object, "tag", "value")
	if !ok {
		return false, nil
	}
	tag, ok := tagNumberOf(number)
	if !ok {
		return false, nil
	}
	if err := w.head(cborTag, tag); err != nil {
		return true, err
	}
	return true, w.value(content)
}

func tagNumberOf(v value.Value) (number uint64, ok bool) {
	switch v := v.(type) {
	case int64:
		return uint64(v), v >= 0
	case *big.Int:
		return v.Uint64(), v.IsUint64()
	}
	return 0, false
}

// number writes a number beyond all floats as the decimal fraction (tag 4) that it is.
func (w *cborWriter) number(n value.Number) error {
	if n.IsInteger() {
		i, err := n.Int()
		if err != nil {
			return err
		}
		return w.mode.MarshalToBuffer(i, &w.out)
	}
	exponent, mantissa, err := parseDecimal(n)
	if err != nil {
		return err
	}
	if err := w.head(cborTag, 4); err != nil {
		return err
	}
	if err := w.head(cborArray, 2); err != nil {
		return err
	}
	if err := w.mode.MarshalToBuffer(exponent, &w.out); err != nil {
		return err
	}
	return w.mode.MarshalToBuffer(mantissa, &w.out)
}
