package codec

import (
	"fmt"
	"strings"
)

type kind byte

const (
	kindBool    kind = 'b'
	kindInt     kind = 'i'
	kindUint    kind = 'u'
	kindFloat   kind = 'f'
	kindComplex kind = 'c'
)

// A DType is the type of an array's elements: bool, int8 to int64, uint8 to uint64, float16 to float64, complex64 or
// complex128, in little or big byte order. DTypes are comparable. The zero DType is none of them.
type DType struct {
	kind kind
	size uint8 // in bytes
	big  bool  // big-endian; never set where size is 1
}

// Size returns the length of one element in bytes.
func (d DType) Size() int { return int(d.size) }

// String returns the name as NumPy's str(dtype) prints it: "int64", and ">i8" in big byte order.
func (d DType) String() string {
	if d.big {
		return fmt.Sprintf(">%c%d", d.kind, d.size)
	}
	return d.native()
}

// native returns the name without the byte order.
func (d DType) native() string {
	switch d.kind {
	case kindBool:
		return "bool"
	case kindInt:
		return fmt.Sprintf("int%d", 8*int(d.size))
	case kindUint:
		return fmt.Sprintf("uint%d", 8*int(d.size))
	case kindFloat:
		return fmt.Sprintf("float%d", 8*int(d.size))
	case kindComplex:
		return fmt.Sprintf("complex%d", 8*int(d.size))
	}
	return "none"
}

// part returns the type of the real and of the imaginary part of a complex type, and of the one part of any other.
func (d DType) part() DType {
	if d.kind == kindComplex {
		return DType{kindFloat, d.size / 2, d.big}
	}
	return d
}

// ParseDType returns the type that NumPy's dtype(name) has on a 64-bit Linux: "int64", "<i8", ">f4", "?", "double" and
// the other names of numbers and bool. The errors say why a name is refused.
func ParseDType(name string) (DType, error) {
	if d, ok := dtypeNames[name]; ok {
		return accept(name, d)
	}
	short, big := name, false
	if name != "" && strings.ContainsRune("<>=|", rune(name[0])) {
		short, big = name[1:], name[0] == '>'
	}
	d, ok := dtypeLetters[short]
	if !ok {
		d, ok = kindAndSize(short)
	}
	if !ok {
		return DType{}, unknownDType(name, short)
	}
	d.big = big && d.size > 1
	return accept(name, d)
}

func accept(name string, d DType) (DType, error) {
	if d.kind == kindFloat && d.size > 8 || d.kind == kindComplex && d.size > 16 {
		return DType{}, fmt.Errorf("dtype %q is extended precision, whose layout differs between machines; "+
			"send float64 or complex128", name)
	}
	return d, nil
}

// kindAndSize reads i4, f8, c16: NumPy allows zeros before the size.
func kindAndSize(short string) (DType, bool) {
	if len(short) < 2 || len(short) > 16 {
		return DType{}, false
	}
	digits := strings.TrimLeft(short[1:], "0")
	d, ok := dtypeSizes[short[:1]+digits]
	return d, ok
}

func unknownDType(name, short string) error {
	const known = "known are bool, int8 to int64, uint8 to uint64, float16 to float64, complex64, complex128, " +
		"and NumPy's short forms such as <i8 or >f4"
	for _, prefix := range []string{"O", "S", "U", "V", "M", "m", "a", "object", "str", "bytes", "void", "datetime64", "timedelta64"} {
		rest, ok := strings.CutPrefix(short, prefix)
		if ok && (rest == "" || rest[0] == '[' || rest[0] >= '0' && rest[0] <= '9') {
			return fmt.Errorf("dtype %s holds no numbers; %s", quote(name), known)
		}
	}
	if strings.HasPrefix(name, "[") || strings.HasPrefix(name, "{") {
		return fmt.Errorf("dtype %s is structured; %s", quote(name), known)
	}
	names := []string{"bool"}
	for _, d := range dtypeSizes {
		if d.kind != kindBool && (d.size <= 8 || d.kind == kindComplex && d.size <= 16) {
			names = append(names, d.native())
		}
	}
	return fmt.Errorf("unknown dtype %s%s; %s", quote(name), didYouMean(name, names), known)
}
