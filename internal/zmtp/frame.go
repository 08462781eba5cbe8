package zmtp

import (
	"encoding/binary"
	"fmt"
)

// The bits of a frame's first byte (RFC 23, "Framing"). The other bits are
// reserved and must be zero.
const (
	FlagMore    = 0x01
	FlagLong    = 0x02
	FlagCommand = 0x04

	flagsReserved = ^byte(FlagMore | FlagLong | FlagCommand)
)

// The lengths of a frame's head: flags and an octet, or flags and 64 bits.
const (
	shortHead = 2
	longHead  = 9
	// MaxShort is the length of the longest body under a short head.
	MaxShort = 255
)

// AppendHead appends the head of a frame whose body has size bytes. FlagLong is
// set as the size asks for it.
func AppendHead(dst []byte, flags byte, size int) []byte {
	if size <= MaxShort {
		return append(dst, flags, byte(size))
	}
	dst = append(dst, flags|FlagLong)
	return binary.BigEndian.AppendUint64(dst, uint64(size))
}

// AppendFrame appends a whole frame: head and body.
func AppendFrame(dst []byte, flags byte, body []byte) []byte {
	return append(AppendHead(dst, flags, len(body)), body...)
}

// A head is the decoded start of a frame.
type head struct {
	flags byte
	len   int    // of the head itself
	size  uint64 // of the body, as announced
}

func (h head) more() bool    { return h.flags&FlagMore != 0 }
func (h head) command() bool { return h.flags&FlagCommand != 0 }

// parseHead reads a frame's head from the start of b. ok is false when b does
// not hold all of it yet.
func parseHead(b []byte) (h head, ok bool, err error) {
	if len(b) == 0 {
		return head{}, false, nil
	}
	h.flags = b[0]
	if h.flags&flagsReserved != 0 {
		return head{}, false, fmt.Errorf("%w: frame flags %#02x have reserved bits", ErrProtocol, h.flags)
	}
	if h.flags&FlagLong == 0 {
		if len(b) < shortHead {
			return head{}, false, nil
		}
		h.len, h.size = shortHead, uint64(b[1])
		return h, true, nil
	}
	if len(b) < longHead {
		return head{}, false, nil
	}
	h.len, h.size = longHead, binary.BigEndian.Uint64(b[1:])
	return h, true, nil
}

// FrameLen gives the length of head and body of the frame that b starts with,
// and whether more frames of its message follow. b must hold the whole head of
// a frame that this package wrote.
func FrameLen(b []byte) (total int, more bool) {
	h, _, _ := parseHead(b)
	return h.len + int(h.size), h.more()
}

// AppendCommand appends a whole command frame: a name of at most 255 bytes and
// its data (RFC 23, "Commands").
func AppendCommand(dst []byte, name string, data []byte) []byte {
	dst = AppendHead(dst, FlagCommand, 1+len(name)+len(data))
	dst = append(dst, byte(len(name)))
	dst = append(dst, name...)
	return append(dst, data...)
}
