package pickle

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"

	"fogmq/internal/codec/value"
)

// Encode returns the pickle of a value, in the oldest of protocols 2, 3 and 4 that has what is in it. Without bytes it is
// 2, which Python 2.3 reads; bytes are of protocol 3. A number that neither a float nor an integer holds becomes a
// decimal.Decimal.
func Encode(v value.Value) ([]byte, error) {
	w := writer{out: []byte{opProto, 0}, protocol: 2}
	if err := w.value(v, 0); err != nil {
		return nil, err
	}
	w.out[1] = w.protocol
	return append(w.out, opStop), nil
}

type writer struct {
	out      []byte
	protocol byte // that has all that was written
}

func (w *writer) needs(protocol byte) { w.protocol = max(w.protocol, protocol) }

func (w *writer) value(v value.Value, depth int) error {
	switch v := v.(type) {
	case string:
		w.text(v)
	case []byte:
		w.bytes(v)
	case value.Number:
		return w.number(v)
	case value.List:
		return w.list(v, depth)
	case value.Map:
		return w.dict(v, depth)
	case value.JSON:
		parsed, err := value.Parse(v)
		if err != nil {
			return err
		}
		return w.value(parsed, depth)
	default:
		w.scalar(v)
	}
	return nil
}

func (w *writer) scalar(v value.Value) {
	switch v := v.(type) {
	case nil:
		w.out = append(w.out, opNone)
	case bool:
		if v {
			w.out = append(w.out, opNewTrue)
		} else {
			w.out = append(w.out, opNewFalse)
		}
	case int64:
		w.int(v)
	case uint64:
		if v <= math.MaxInt64 {
			w.int(int64(v))
		} else {
			w.long(new(big.Int).SetUint64(v))
		}
	case *big.Int:
		w.long(v)
	case float64:
		w.out = binary.BigEndian.AppendUint64(append(w.out, opBinFloat), math.Float64bits(v))
	default:
		panic(fmt.Sprintf("pickle: a %T is no Value", v))
	}
}

func (w *writer) int(n int64) {
	switch {
	case n >= 0 && n <= math.MaxUint8:
		w.out = append(w.out, opBinInt1, byte(n))
	case n >= 0 && n <= math.MaxUint16:
		w.out = binary.LittleEndian.AppendUint16(append(w.out, opBinInt2), uint16(n))
	case n == int64(int32(n)):
		w.out = binary.LittleEndian.AppendUint32(append(w.out, opBinInt), uint32(n))
	default:
		w.long(big.NewInt(n))
	}
}

func (w *writer) long(n *big.Int) {
	raw := appendLittle(nil, n)
	if len(raw) <= math.MaxUint8 {
		w.out = append(w.out, opLong1, byte(len(raw)))
	} else {
		w.out = binary.LittleEndian.AppendUint32(append(w.out, opLong4), uint32(len(raw)))
	}
	w.out = append(w.out, raw...)
}

func (w *writer) number(n value.Number) error {
	if n.IsInteger() {
		i, err := n.Int()
		if err == nil {
			w.long(i)
		}
		return err
	}
	w.out = append(w.out, "cdecimal\nDecimal\n"...)
	w.text(string(n))
	w.out = append(w.out, opTuple1, opReduce)
	return nil
}

func (w *writer) text(text string) {
	if uint64(len(text)) <= math.MaxUint32 {
		w.out = binary.LittleEndian.AppendUint32(append(w.out, opBinUnicode), uint32(len(text)))
	} else {
		w.needs(4)
		w.out = binary.LittleEndian.AppendUint64(append(w.out, opBinUnicode8), uint64(len(text)))
	}
	w.out = append(w.out, text...)
}

func (w *writer) bytes(raw []byte) {
	w.needs(3)
	switch n := uint64(len(raw)); {
	case n <= math.MaxUint8:
		w.out = append(w.out, opShortBinBytes, byte(n))
	case n <= math.MaxUint32:
		w.out = binary.LittleEndian.AppendUint32(append(w.out, opBinBytes), uint32(n))
	default:
		w.needs(4)
		w.out = binary.LittleEndian.AppendUint64(append(w.out, opBinBytes8), n)
	}
	w.out = append(w.out, raw...)
}

func (w *writer) list(list value.List, depth int) error {
	if depth == value.MaxDepth {
		return value.ErrDepth
	}
	w.out = append(w.out, opEmptyList)
	if len(list) == 0 {
		return nil
	}
	w.out = append(w.out, opMark)
	for _, element := range list {
		if err := w.value(element, depth+1); err != nil {
			return err
		}
	}
	w.out = append(w.out, opAppends)
	return nil
}

func (w *writer) dict(object value.Map, depth int) error {
	if depth == value.MaxDepth {
		return value.ErrDepth
	}
	w.out = append(w.out, opEmptyDict)
	if len(object) == 0 {
		return nil
	}
	w.out = append(w.out, opMark)
	for _, entry := range object {
		if err := w.key(entry.Key, depth+1); err != nil {
			return err
		}
		if err := w.value(entry.Value, depth+1); err != nil {
			return err
		}
	}
	w.out = append(w.out, opSetItems)
	return nil
}

// key writes a list or an object, which can be no key in Python, as its text.
func (w *writer) key(key value.Value, depth int) error {
	switch key.(type) {
	case value.List, value.Map, value.JSON:
		text, err := value.Append(nil, key, math.MaxInt/2)
		w.text(string(text))
		return err
	}
	return w.value(key, depth)
}
