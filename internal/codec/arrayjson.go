package codec

import "fmt"

// Lists cost text without data behind them: arrays with more lists than this must have elements to match.
const freeLists = 1 << 16

// appendJSON appends the array as nested JSON lists, as Python's json.dumps(a.tolist()) prints them; floats are the
// shortest for their own precision, complex numbers are strings.
func (a Array) appendJSON(dst []byte) ([]byte, error) {
	lists, prefix := 0, 1
	for _, dim := range a.Shape {
		lists += prefix
		if lists > freeLists && lists > 8*len(a.Data)/a.DType.Size() {
			return nil, fmt.Errorf("shape %s is too many lists around %s to print", shapeText(a.Shape), plural(len(a.Data)/a.DType.Size(), "number"))
		}
		if dim == 0 {
			break
		}
		prefix *= dim
	}
	w := jsonWriter{dtype: a.DType, data: a.Data}
	return w.append(dst, a.Shape), nil
}

type jsonWriter struct {
	dtype DType
	data  []byte // what is not yet written
}

func (w *jsonWriter) append(dst []byte, shape []int) []byte {
	if len(shape) == 0 {
		dst = w.dtype.appendJSON(dst, w.data)
		w.data = w.data[w.dtype.size:]
		return dst
	}
	dst = append(dst, '[')
	for i := range shape[0] {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = w.append(dst, shape[1:])
	}
	return append(dst, ']')
}

func (d DType) appendJSON(dst, b []byte) []byte {
	switch d.kind {
	case kindBool:
		if b[0] != 0 {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case kindFloat:
		return appendJSONFloat(dst, d.float(b), int(d.size))
	case kindComplex:
		part := d.part()
		dst = append(dst, '"')
		dst = pythonNotation(part.Size()).complex(dst, part.float(b), part.float(b[part.size:]))
		return append(dst, '"')
	}
	return d.appendInteger(dst, b)
}
