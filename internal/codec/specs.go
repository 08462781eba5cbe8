package codec

import (
	"fmt"
	"slices"
	"strings"
)

// A Spec describes one codec to help texts, completion and the manual.
type Spec struct {
	Name    string   // the word before the first colon
	Usage   string   // the form of the whole spec, as in "int:SIZE:ORDER"
	Summary string   // what it is, in one line
	Values  []string // whole specs that can be typed as they stand
}

type entry struct {
	Spec
	open func(spec string, args []string, o Options) (Codec, error)
}

// table is the one list of codecs, in the order in which help lists them.
var table = []entry{
	{Spec{"string", "string", "text as it stands", []string{"string"}}, alone("string", verbatim{"string"})},
	{Spec{"bytes", "bytes", "bytes as they stand", []string{"bytes"}}, alone("bytes", verbatim{"bytes"})},
	{Spec{"json", "json", "JSON on one line", []string{"json"}}, alone("json", jsonStructured)},
	{Spec{"msgpack", "msgpack", "MessagePack, as JSON", []string{"msgpack"}}, alone("msgpack", msgpackStructured)},
	{Spec{"cbor", "cbor", "CBOR, as JSON", []string{"cbor"}}, alone("cbor", cborStructured)},
	{Spec{"pickle", "pickle", "Python's pickle, protocols 0 to 5, as JSON; nothing in it is run", []string{"pickle"}}, alone("pickle", pickleStructured)},
	{Spec{"protobuf", "protobuf[:FILE:MESSAGE]", "Protocol Buffers as JSON: of a MESSAGE that FILE defines, which is a .proto source or a " +
		"descriptor set, or by the numbers of the fields", []string{"protobuf"}}, openProtobuf},
	{Spec{"hex", "hex", "bytes, as hexadecimal digits", []string{"hex"}}, alone("hex", hexCodec{})},
	{Spec{"base64", "base64", "bytes, as base64", []string{"base64"}}, alone("base64", base64Codec{})},
	{Spec{"int", "int:SIZE:little|big", "a signed integer of 1, 2, 4 or 8 bytes, in decimal", sized("int", 1, 2, 4, 8)}, openInteger},
	{Spec{"uint", "uint:SIZE:little|big", "an unsigned integer of 1, 2, 4 or 8 bytes, in decimal", sized("uint", 1, 2, 4, 8)}, openInteger},
	{Spec{"float", "float:SIZE:little|big", "an IEEE 754 number of 4 or 8 bytes, in decimal", sized("float", 4, 8)}, openFloat},
	{Spec{"ndarray", "ndarray[:header]", "a NumPy array in frames (dtype, shape, data; or a JSON header, data), as nested JSON arrays", []string{"ndarray", "ndarray:header"}}, openNDArray},
}

// Specs returns all codecs in the order in which help lists them. The caller owns the result.
func Specs() []Spec {
	specs := make([]Spec, len(table))
	for i, e := range table {
		specs[i] = e.Spec
	}
	return specs
}

// Parse opens the codec that spec names, as in "string" or "int:4:little". The error for an unknown name lists the
// known ones; that for a wrong size or byte order shows how to write it.
func Parse(spec string, o Options) (Codec, error) {
	parts := strings.Split(spec, ":")
	i := slices.IndexFunc(table, func(e entry) bool { return e.Name == parts[0] })
	if i < 0 {
		return nil, unknownCodec(parts[0])
	}
	if o.DType != "" && parts[0] != "ndarray" {
		return nil, fmt.Errorf("%s: --dtype goes with --codec ndarray and ndarray:header only", quote(spec))
	}
	return table[i].open(spec, parts[1:], o)
}

func unknownCodec(name string) error {
	var names, usages []string
	for _, e := range table {
		names = append(names, e.Name)
		usages = append(usages, e.Usage)
	}
	return fmt.Errorf("unknown codec %s%s; there are %s", quote(name), didYouMean(name, names), strings.Join(usages, ", "))
}

func sized(name string, sizes ...int) []string {
	var values []string
	for _, size := range sizes {
		if size == 1 {
			values = append(values, name+":1")
			continue
		}
		values = append(values, fmt.Sprintf("%s:%d:little", name, size), fmt.Sprintf("%s:%d:big", name, size))
	}
	return values
}

// wordType reads the SIZE and ORDER of a number codec's spec and returns the array element of the same layout.
func wordType(spec, name string, kind kind, args []string, sizes ...int) (DType, error) {
	usage := name + ":SIZE:little or " + name + ":SIZE:big"
	if len(args) == 0 || args[0] == "" {
		return DType{}, fmt.Errorf("codec %s needs a size in bytes: %s, with a SIZE of %s", quote(spec), usage, orList(sizes))
	}
	size := 0
	for _, s := range sizes {
		if args[0] == fmt.Sprint(s) {
			size = s
		}
	}
	switch {
	case size == 0:
		return DType{}, fmt.Errorf("codec %s has no size %s: SIZE is in bytes, %s", quote(spec), quote(args[0]), orList(sizes))
	case len(args) == 1 && size == 1:
		return DType{kind: kind, size: 1}, nil
	case len(args) == 2 && (args[1] == "little" || args[1] == "big"):
		return DType{kind: kind, size: uint8(size), big: args[1] == "big" && size > 1}, nil
	case len(args) <= 2:
		return DType{}, fmt.Errorf("codec %s needs a byte order: %s:%d:little or %s:%d:big", quote(spec), name, size, name, size)
	}
	return DType{}, fmt.Errorf("codec %s has too many parts: write %s", quote(spec), usage)
}
