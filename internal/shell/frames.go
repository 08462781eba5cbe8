package shell

import (
	"encoding/binary"
	"fmt"
	"math"
)

// The flags of a ZMTP frame, RFC 23 "Framing".
const (
	flagMore = 1 << 0
	flagLong = 1 << 1
)

// maxShortFrame is the longest body whose length is written in one byte.
const maxShortFrame = math.MaxUint8

// A frameHeader is what stands before a frame's body. Its length is 0 where it
// is not all there yet.
type frameHeader struct {
	length int
	body   uint64
	more   bool
}

func parseFrameHeader(data []byte) (frameHeader, error) {
	if len(data) == 0 {
		return frameHeader{}, nil
	}
	flags := data[0]
	if flags&^(flagMore|flagLong) != 0 {
		return frameHeader{}, fmt.Errorf("flags %#02x: a message frame has 0x00 to 0x03", flags)
	}
	h := frameHeader{more: flags&flagMore != 0}
	switch {
	case flags&flagLong == 0 && len(data) >= 2:
		h.length, h.body = 2, uint64(data[1])
	case flags&flagLong != 0 && len(data) >= 9:
		h.length, h.body = 9, binary.BigEndian.Uint64(data[1:])
		if h.body > math.MaxInt64 {
			return frameHeader{}, fmt.Errorf("a frame length of %d: it must be under 2^63", h.body)
		}
	}
	return h, nil
}

// A frameSplitter ends a record at the last frame of a message.
type frameSplitter struct {
	at     int   // where the next frame of the unfinished message begins
	offset int64 // of the unfinished message in the stream
}

func (s *frameSplitter) split(data []byte, eof bool) ([]byte, int, error) {
	for {
		rest := data[s.at:]
		h, err := parseFrameHeader(rest)
		if err != nil {
			return nil, 0, fmt.Errorf("input frames: at byte %d: %w", s.offset+int64(s.at), err)
		}
		if h.length == 0 || h.body > uint64(len(rest)-h.length) {
			return nil, needMore, s.truncated(data, eof)
		}
		s.at += h.length + int(h.body)
		if !h.more {
			end := s.at
			s.offset += int64(end)
			s.at = 0
			return data[:end:end], end, nil
		}
	}
}

// truncated is the error of a stream that ends within a message.
func (s *frameSplitter) truncated(data []byte, eof bool) error {
	if !eof || len(data) == 0 {
		return nil
	}
	return fmt.Errorf("input frames: cut off at byte %d, in the message that began at byte %d",
		s.offset+int64(len(data)), s.offset)
}

// addFrames adds the frames of a message that a frameSplitter found whole.
func (a *arena) addFrames(message []byte) {
	for len(message) > 0 {
		h, _ := parseFrameHeader(message)
		end := h.length + int(h.body)
		a.add(message[h.length:end:end])
		message = message[end:]
	}
}

// appendFrameHeader appends what stands before a frame's body, in the shortest form, as RFC 23 asks.
func appendFrameHeader(dst []byte, body int, more bool) []byte {
	var flags byte
	if more {
		flags = flagMore
	}
	if body <= maxShortFrame {
		return append(dst, flags, byte(body))
	}
	return binary.BigEndian.AppendUint64(append(dst, flags|flagLong), uint64(body))
}
