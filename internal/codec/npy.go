package codec

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

const npyMagic = "\x93NUMPY"

// IsNPY tells whether data begins as a .npy file does.
func IsNPY(data []byte) bool { return bytes.HasPrefix(data, []byte(npyMagic)) }

// ParseNPY reads a .npy file of format 1, 2 or 3 (NEP 1). Python objects and structured types are refused, and so are
// files with less or more data than their header says. Data aliases file, unless the array is in Fortran order, which
// is put into C order.
func ParseNPY(file []byte) (Array, error) {
	header, data, err := splitNPY(file)
	if err != nil {
		return Array{}, fmt.Errorf("npy: %w", err)
	}
	h, err := parseNPYHeader(header)
	if err != nil {
		return Array{}, fmt.Errorf("npy: %w", err)
	}
	dtype, err := ParseDType(h.descr)
	if err != nil {
		return Array{}, fmt.Errorf("npy: %w", err)
	}
	a := Array{dtype, h.shape, data}
	if err := a.check(); err != nil {
		return Array{}, fmt.Errorf("npy: %w", err)
	}
	if h.fortran {
		a.Data = fromFortran(a.Data, a.Shape, dtype.Size())
	}
	return a, nil
}

// splitNPY returns the header's text and what follows it.
func splitNPY(file []byte) (header, data []byte, err error) {
	if bytes.HasPrefix(file, []byte("PK\x03\x04")) {
		return nil, nil, errors.New("this is an archive (.npz); save one array with np.save instead")
	}
	rest, ok := bytes.CutPrefix(file, []byte(npyMagic))
	if !ok {
		return nil, nil, errors.New("this is no .npy file: it does not begin with \\x93NUMPY")
	}
	errShort := fmt.Errorf("the file ends within its header, after %s", plural(len(file), "byte"))
	if len(rest) < 4 {
		return nil, nil, errShort
	}
	major, minor := rest[0], rest[1]
	rest = rest[2:]
	var length uint64
	switch {
	case major == 1 && minor == 0:
		length = uint64(binary.LittleEndian.Uint16(rest))
		rest = rest[2:]
	case (major == 2 || major == 3) && minor == 0:
		if len(rest) < 4 {
			return nil, nil, errShort
		}
		length = uint64(binary.LittleEndian.Uint32(rest))
		rest = rest[4:]
	default:
		return nil, nil, fmt.Errorf("format %d.%d is unknown; known are 1.0, 2.0 and 3.0", major, minor)
	}
	if uint64(len(rest)) < length {
		return nil, nil, errShort
	}
	return rest[:length], rest[length:], nil
}
