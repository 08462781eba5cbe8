package codec

var (
	aBool       = DType{kind: kindBool, size: 1}
	aInt8       = DType{kind: kindInt, size: 1}
	aInt16      = DType{kind: kindInt, size: 2}
	aInt32      = DType{kind: kindInt, size: 4}
	aInt64      = DType{kind: kindInt, size: 8}
	aUint8      = DType{kind: kindUint, size: 1}
	aUint16     = DType{kind: kindUint, size: 2}
	aUint32     = DType{kind: kindUint, size: 4}
	aUint64     = DType{kind: kindUint, size: 8}
	aFloat16    = DType{kind: kindFloat, size: 2}
	aFloat32    = DType{kind: kindFloat, size: 4}
	aFloat64    = DType{kind: kindFloat, size: 8}
	aComplex64  = DType{kind: kindComplex, size: 8}
	aComplex128 = DType{kind: kindComplex, size: 16}

	// Known by name only, to be refused by name.
	aFloat128   = DType{kind: kindFloat, size: 16}
	aComplex256 = DType{kind: kindComplex, size: 32}
)

// dtypeNames are the whole words that NumPy 1 or 2 knows, with the C types as 64-bit Linux has them.
var dtypeNames = map[string]DType{
	"bool": aBool, "bool_": aBool, "bool8": aBool,
	"int8": aInt8, "byte": aInt8,
	"int16": aInt16, "short": aInt16,
	"int32": aInt32, "intc": aInt32,
	"int64": aInt64, "int": aInt64, "int_": aInt64, "int0": aInt64, "intp": aInt64, "long": aInt64, "longlong": aInt64,
	"uint8": aUint8, "ubyte": aUint8,
	"uint16": aUint16, "ushort": aUint16,
	"uint32": aUint32, "uintc": aUint32,
	"uint64": aUint64, "uint": aUint64, "uint0": aUint64, "uintp": aUint64, "ulong": aUint64, "ulonglong": aUint64,
	"float16": aFloat16, "half": aFloat16,
	"float32": aFloat32, "single": aFloat32,
	"float64": aFloat64, "float": aFloat64, "float_": aFloat64, "double": aFloat64,
	"complex64": aComplex64, "csingle": aComplex64, "singlecomplex": aComplex64,
	"complex128": aComplex128, "complex": aComplex128, "complex_": aComplex128, "cdouble": aComplex128, "cfloat": aComplex128,
	"float128": aFloat128, "longdouble": aFloat128, "longfloat": aFloat128,
	"complex256": aComplex256, "clongdouble": aComplex256, "clongfloat": aComplex256, "longcomplex": aComplex256,
}

// dtypeLetters are NumPy's one-letter codes, which a byte order may precede.
var dtypeLetters = map[string]DType{
	"?": aBool,
	"b": aInt8, "h": aInt16, "i": aInt32, "l": aInt64, "q": aInt64, "p": aInt64,
	"B": aUint8, "H": aUint16, "I": aUint32, "L": aUint64, "Q": aUint64, "P": aUint64,
	"e": aFloat16, "f": aFloat32, "d": aFloat64, "g": aFloat128,
	"F": aComplex64, "D": aComplex128, "G": aComplex256,
}

// dtypeSizes are the codes of kind and size, which a byte order may precede.
var dtypeSizes = map[string]DType{
	"b1": aBool,
	"i1": aInt8, "i2": aInt16, "i4": aInt32, "i8": aInt64,
	"u1": aUint8, "u2": aUint16, "u4": aUint32, "u8": aUint64,
	"f2": aFloat16, "f4": aFloat32, "f8": aFloat64, "f16": aFloat128,
	"c8": aComplex64, "c16": aComplex128, "c32": aComplex256,
}

// DTypeNames returns NumPy's own name of each type that an array may have. The caller owns the result.
func DTypeNames() []string {
	return []string{"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
		"float16", "float32", "float64", "complex64", "complex128"}
}
