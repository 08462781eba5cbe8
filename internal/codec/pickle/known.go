package pickle

import (
	"encoding/binary"
	"math"

	"fogmq/internal/codec/value"
)

// A show returns the value that an object of a known class stands for. ok is false where the object is not what the class
// makes, so that it is shown as one of a class that is unknown.
type show func(c *converter, o *object, depth int) (v value.Value, ok bool, err error)

// known are the classes and functions whose objects have a value, by module and name. It is filled by init since
// they show their parts in turn.
var known map[string]show

func init() {
	known = map[string]show{
		"_codecs.encode":     showEncoded,
		"builtins.bytes":     showBytes,
		"builtins.bytearray": showBytes,
		"builtins.complex":   showComplex,
		"builtins.list":      showElements,
		"builtins.tuple":     showElements,
		"builtins.set":       showElements,
		"builtins.frozenset": showElements,
		"builtins.dict":      showDict,

		"collections.OrderedDict": showDict,
		"collections.Counter":     showDict,
		"collections.defaultdict": showDefaultDict,
		"collections.deque":       showElements,

		"datetime.date":               showDate,
		"datetime.time":               showTime,
		"datetime.datetime":           showDateTime,
		"datetime.timedelta":          showDelta,
		"datetime.timezone":           showZone,
		"zoneinfo.ZoneInfo._unpickle": showZone,

		"decimal.Decimal":            showDecimal,
		"_decimal.Decimal":           showDecimal,
		"fractions.Fraction":         showFraction,
		"uuid.UUID":                  showUUID,
		"ipaddress.IPv4Address":      showAddress,
		"ipaddress.IPv6Address":      showAddress,
		"ipaddress.IPv4Network":      showText,
		"ipaddress.IPv6Network":      showText,
		"array.array":                showTypedList,
		"array._array_reconstructor": showTypedArray,

		"numpy.dtype": showDType,
	}
	for _, core := range []string{"numpy.core.", "numpy._core."} { // of NumPy 1 and 2
		known[core+"multiarray._reconstruct"] = showArray
		known[core+"multiarray.scalar"] = showScalar
		known[core+"numeric._frombuffer"] = showBuffer
	}
	for _, module := range []string{"pathlib.", "pathlib._local."} {
		for _, name := range []string{"Path", "PosixPath", "PurePath", "PurePosixPath"} {
			known[module+name] = showPath
		}
		known[module+"WindowsPath"] = showWindowsPath
		known[module+"PureWindowsPath"] = showWindowsPath
	}
}

// showEncoded is how protocols 0 to 2 write bytes: a text of Latin-1.
func showEncoded(c *converter, o *object, _ int) (value.Value, bool, error) {
	text, ok := textOf(o.arg(0))
	encoding, ok2 := textOf(o.arg(1))
	if !ok || !ok2 || encoding != "latin1" && encoding != "latin-1" {
		return nil, false, nil
	}
	if err := c.charge(len(text)); err != nil {
		return nil, false, err
	}
	raw := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 0xff {
			return nil, false, nil
		}
		raw = append(raw, byte(r))
	}
	return raw, true, nil
}

func showBytes(c *converter, o *object, depth int) (value.Value, bool, error) {
	switch len(o.args) {
	case 0:
		return []byte{}, true, nil
	case 1:
		raw, ok, err := c.bytes(o.args[0], depth)
		return raw, ok, err
	}
	return showEncoded(c, o, depth) // a bytearray of Python 2
}

func showComplex(c *converter, o *object, _ int) (value.Value, bool, error) {
	re, ok := o.arg(0).(float64)
	im, ok2 := o.arg(1).(float64)
	if !ok || !ok2 || len(o.args) != 2 {
		return nil, false, nil
	}
	raw := binary.LittleEndian.AppendUint64(nil, math.Float64bits(re))
	raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(im))
	return c.arrayText("<c16", nil, raw)
}

// arrayText returns the text that an array or a number of NumPy's is shown as.
func (c *converter) arrayText(dtype string, shape []int, data []byte) (value.Value, bool, error) {
	text, err := c.arrays(dtype, shape, data)
	if err == nil {
		err = c.charge(len(text))
	}
	return value.JSON(text), err == nil, err
}

// showElements is a set, deque or the like, made of an iterable and extended.
func showElements(c *converter, o *object, depth int) (value.Value, bool, error) {
	var first value.List
	if len(o.args) > 0 {
		l, ok := o.args[0].(*list)
		if !ok {
			return nil, false, nil
		}
		v, err := c.value(l, depth)
		if err != nil {
			return nil, false, err
		}
		first = v.(value.List)
	}
	if len(o.pairs) > 0 || o.state != nil {
		return nil, false, nil
	}
	if len(o.items) == 0 && first != nil {
		return first, true, nil
	}
	more, err := c.list(o.items, depth)
	if err != nil || len(first) == 0 {
		return more, true, err
	}
	return append(first[:len(first):len(first)], more...), true, c.charge(elementCost * len(first))
}

// showDict is a dict made of a dict, or of the list of pairs that Python 2 had, and then filled.
func showDict(c *converter, o *object, depth int) (value.Value, bool, error) {
	if len(o.args) > 1 || len(o.items) > 0 || o.state != nil {
		return nil, false, nil
	}
	pairs := o.pairs
	switch first := o.arg(0).(type) {
	case nil:
	case *dict:
		if len(pairs) == 0 {
			v, err := c.value(first, depth)
			return v, true, err
		}
		if err := c.charge(elementCost * len(first.pairs)); err != nil {
			return nil, false, err
		}
		pairs = append(first.pairs[:len(first.pairs):len(first.pairs)], pairs...)
	case *list:
		listed, ok, err := c.listedPairs(first.items)
		if !ok || err != nil {
			return nil, false, err
		}
		pairs = append(listed, pairs...)
	default:
		return nil, false, nil
	}
	v, err := c.dict(pairs, depth)
	return v, true, err
}

func (c *converter) listedPairs(list []any) ([]pair, bool, error) {
	if err := c.charge(elementCost * len(list)); err != nil {
		return nil, false, err
	}
	pairs := make([]pair, len(list))
	for i, item := range list {
		two, ok := items(item)
		if !ok || len(two) != 2 {
			return nil, false, nil
		}
		pairs[i] = pair{two[0], two[1]}
	}
	return pairs, true, nil
}

// showDefaultDict leaves out what makes the values that are missing.
func showDefaultDict(c *converter, o *object, depth int) (value.Value, bool, error) {
	if len(o.args) > 1 || len(o.items) > 0 || o.state != nil {
		return nil, false, nil
	}
	v, err := c.dict(o.pairs, depth)
	return v, true, err
}

// showText is an object that is made of its text.
func showText(_ *converter, o *object, _ int) (value.Value, bool, error) {
	text, ok := textOf(o.arg(0))
	return text, ok && len(o.args) == 1, nil
}
