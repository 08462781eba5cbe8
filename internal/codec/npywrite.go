package codec

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

const (
	npyAlign = 64 // the data of a .npy file begins at a multiple of it
	npyGrow  = 21 // digits that NumPy leaves room for, so that a file's first dimension can grow in place
)

// FileNPY returns the array as a .npy file of format 1.0, in two parts: the header, and Data, which is the array's own
// and not a copy. They are the bytes that NumPy's np.save writes (numpy/lib/format.py, since NumPy 1.23).
func (a Array) FileNPY() [][]byte { return [][]byte{a.npyHeader(), a.Data} }

func (a Array) npyHeader() []byte {
	var dict strings.Builder
	fmt.Fprintf(&dict, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }", a.DType.descr(), tupleText(a.Shape))
	if len(a.Shape) > 0 {
		dict.WriteString(strings.Repeat(" ", npyGrow-len(strconv.Itoa(a.Shape[0]))))
	}
	const before = len(npyMagic) + len("\x01\x00") + 2 // magic, version, length
	dict.WriteString(strings.Repeat(" ", npyAlign-(before+dict.Len()+1)%npyAlign))
	dict.WriteByte('\n')
	header := append(make([]byte, 0, before+dict.Len()), npyMagic+"\x01\x00"...)
	header = binary.LittleEndian.AppendUint16(header, uint16(dict.Len()))
	return append(header, dict.String()...)
}

// descr is the name of the type with its byte order, as NumPy's dtype.str.
func (d DType) descr() string {
	order := "<"
	switch {
	case d.size == 1:
		order = "|"
	case d.big:
		order = ">"
	}
	return fmt.Sprintf("%s%c%d", order, d.kind, d.size)
}

// tupleText is a shape as Python's repr prints it.
func tupleText(shape []int) string {
	var b strings.Builder
	b.WriteByte('(')
	for i, dim := range shape {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(dim))
	}
	if len(shape) == 1 {
		b.WriteByte(',')
	}
	b.WriteByte(')')
	return b.String()
}
