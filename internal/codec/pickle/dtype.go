package pickle

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"fogmq/internal/codec/value"
)

// A dtype is a type of NumPy's: its kind (b, i, u, f and c for numbers; S, U, V, O, M, m), its order (<, > or |) and its
// size in bytes.
type dtype struct {
	kind   byte
	order  byte
	size   int
	unit   string  // of M and m: what they count
	step   int64   // of M and m: how many of them
	fields []field // of V
}

type field struct {
	name   string
	dtype  dtype
	offset int
}

// String is the dtype as NumPy's dtype.str has it: <f8.
func (d dtype) String() string {
	size := d.size
	if d.kind == 'U' {
		size /= 4
	}
	text := fmt.Sprintf("%c%c%d", d.order, d.kind, size)
	switch {
	case d.unit == "" || d.unit == "generic":
		return text
	case d.step != 1:
		return fmt.Sprintf("%s[%d%s]", text, d.step, d.unit)
	}
	return fmt.Sprintf("%s[%s]", text, d.unit)
}

// maxFieldDepth is how deep structured types may nest.
const maxFieldDepth = 10

// dtype reads a numpy.dtype: its name, and a state of version, order, subtype, names, fields, size, alignment, flags,
// and for times what they count.
func (c *converter) dtype(v any, depth int) (dtype, bool) {
	o, ok := v.(*object)
	if !ok || o.knownName() != "numpy.dtype" || depth > maxFieldDepth {
		return dtype{}, false
	}
	name, ok := textOf(o.arg(0))
	if !ok || len(name) < 2 || len(name) > 20 {
		return dtype{}, false
	}
	size, err := strconv.ParseUint(name[1:], 10, 29) // four times as much is an int still, for U
	if err != nil || strings.IndexByte("biufcSUVOMm", name[0]) < 0 {
		return dtype{}, false
	}
	d := dtype{kind: name[0], order: '|', size: int(size)}
	switch d.kind {
	case 'U':
		d.size *= 4
	case 'b', 'i', 'u', 'f', 'c', 'M', 'm':
		if size == 0 || size > 32 {
			return dtype{}, false
		}
	}
	state, _ := items(o.state)
	if len(state) < 8 {
		return d, d.size == 1 || d.kind == 'S' || d.kind == 'V' || d.kind == 'O'
	}
	if order, _ := textOf(state[1]); len(order) == 1 {
		d.order = order[0]
	}
	if strings.IndexByte("<>|", d.order) < 0 || state[2] != nil {
		return dtype{}, false
	}
	switch {
	case d.kind == 'M' || d.kind == 'm':
		return d, len(state) > 8 && d.setUnit(state[8])
	case state[3] != nil:
		return d, c.setFields(&d, state[3], state[4], depth)
	}
	return d, true
}

// setUnit reads what a datetime64 or timedelta64 counts, from ({}, (unit, step, …)).
func (d *dtype) setUnit(metadata any) bool {
	halves, _ := items(metadata)
	if len(halves) != 2 {
		return false
	}
	unit, _ := items(halves[1])
	if len(unit) < 2 {
		return false
	}
	var raw string
	switch name := unit[0].(type) {
	case []byte:
		raw = string(name[:min(len(name), 10)])
	case byteString:
		raw = name.text
	case *object: // protocols 0 to 2, by _codecs.encode
		raw, _ = textOf(name.arg(0))
	}
	step, ok := whole(unit[1])
	d.unit, d.step = raw, step
	return ok && step > 0 && d.size == 8 && isUnit(raw)
}

// setFields reads the names and types of a structured type.
func (c *converter) setFields(d *dtype, names, fields any, depth int) bool {
	list, ok := items(names)
	byName, ok2 := fields.(*dict)
	if !ok || !ok2 || d.kind != 'V' || len(list) != len(byName.pairs) || len(list) == 0 {
		return false
	}
	if c.charge(4*elementCost*len(list)) != nil {
		return false
	}
	found := make(map[string][]any, len(list))
	for _, pair := range byName.pairs {
		name, ok := textOf(pair.key)
		if !ok {
			return false
		}
		found[name], _ = items(pair.value)
	}
	for _, name := range list {
		name, ok := textOf(name)
		if !ok || len(found[name]) < 2 {
			return false
		}
		sub, ok := c.dtype(found[name][0], depth+1)
		offset, ok2 := whole(found[name][1])
		if !ok || !ok2 || offset < 0 || offset > int64(d.size-sub.size) {
			return false
		}
		d.fields = append(d.fields, field{name, sub, int(offset)})
	}
	return true
}

// showDType is how NumPy writes a type in short.
func showDType(c *converter, o *object, _ int) (value.Value, bool, error) {
	d, ok := c.dtype(o, 0)
	return d.String(), ok && d.fields == nil, nil
}

// element returns what shows an element.
func (c *converter) element(d dtype) (show func(raw []byte) (value.Value, error), ok bool) {
	switch d.kind {
	case 'b', 'i', 'u', 'f', 'c':
		return func(raw []byte) (value.Value, error) {
			v, _, err := c.arrayText(d.String(), nil, raw)
			return v, err
		}, true
	case 'S':
		return func(raw []byte) (value.Value, error) { return []byte(strings.TrimRight(string(raw), "\x00")), nil }, true
	case 'U':
		return d.showText, true
	case 'M':
		return d.showTime, true
	case 'm':
		return d.showDelta, true
	case 'V':
		return c.record(d)
	}
	return nil, false
}

// showText shows a text in UTF-32, which zeros fill up.
func (d dtype) showText(raw []byte) (value.Value, error) {
	var order binary.ByteOrder = binary.LittleEndian
	if d.order == '>' {
		order = binary.BigEndian
	}
	text := make([]byte, 0, len(raw)/4)
	end := 0
	for ; len(raw) >= 4; raw = raw[4:] {
		r := order.Uint32(raw)
		if r > utf8.MaxRune {
			r = utf8.RuneError
		}
		text = appendRune(text, rune(r))
		if r != 0 {
			end = len(text)
		}
	}
	return string(text[:end]), nil
}

// record shows a structured element as an object with its fields.
func (c *converter) record(d dtype) (show func(raw []byte) (value.Value, error), ok bool) {
	shows := make([]func([]byte) (value.Value, error), len(d.fields))
	for i, field := range d.fields {
		if shows[i], ok = c.element(field.dtype); !ok {
			return nil, false
		}
	}
	return func(raw []byte) (value.Value, error) {
		if err := c.charge(elementCost * len(shows)); err != nil {
			return nil, err
		}
		out := make(value.Map, len(shows))
		for i, field := range d.fields {
			v, err := shows[i](raw[field.offset : field.offset+field.dtype.size])
			if err != nil {
				return nil, err
			}
			out[i] = value.Entry{Key: field.name, Value: v}
		}
		return out, nil
	}, d.fields != nil
}
