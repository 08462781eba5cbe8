package codec

import (
	"encoding/binary"

	"fogmq/internal/codec/value"
)

// The major types of CBOR that are more than a number; 0, 1 and 7 are numbers and simple values.
const (
	cborBytes = 2
	cborText  = 3
	cborArray = 4
	cborMap   = 5
	cborTag   = 6
)

const cborBreak = 0xff

// A cborHead is what each item begins with (RFC 8949, section 3).
type cborHead struct {
	major      byte
	indefinite bool   // of no definite length; for major type 7, a break
	argument   uint64 // the length, or the number of a tag
}

// head reads the head of the next item. That of a number is only looked at, and leaf reads it.
func (r *cborReader) head() (cborHead, error) {
	if r.at == len(r.data) {
		return cborHead{}, value.ErrEnd
	}
	lead := r.data[r.at]
	h := cborHead{major: lead >> 5, argument: uint64(lead & 0x1f)}
	size := 0
	switch info := lead & 0x1f; {
	case info < 24:
	case info < 28:
		size = 1 << (info - 24)
	case info == 31 && h.major >= cborBytes && h.major != cborTag:
		h.indefinite = true
	default:
		return cborHead{}, r.failf(r.at, "0x%02x begins no value", lead)
	}
	argument := r.data[r.at+1:]
	if len(argument) < size {
		return cborHead{}, value.ErrEnd
	}
	switch size {
	case 1:
		h.argument = uint64(argument[0])
	case 2:
		h.argument = uint64(binary.BigEndian.Uint16(argument))
	case 4:
		h.argument = uint64(binary.BigEndian.Uint32(argument))
	case 8:
		h.argument = binary.BigEndian.Uint64(argument)
	}
	r.at += 1 + size
	return h, nil
}
