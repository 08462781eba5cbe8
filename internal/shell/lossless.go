package shell

import (
	"bufio"
	"encoding/hex"
)

// A jsonlLayout writes one object a line; NewReaderSource reads it back.
type jsonlLayout struct {
	now  stamp
	line []byte
}

func (l *jsonlLayout) print(w *bufio.Writer, m message) error {
	line := appendJSONL(l.line[:0], &l.now, m.frames)
	w.Write(line)
	l.line = reusable(line)
	return nil
}

// A framesLayout writes frames as ZMTP 3 does; NewReaderSource reads them back.
type framesLayout struct{}

func (framesLayout) print(w *bufio.Writer, m message) error {
	for i, frame := range m.frames {
		w.Write(appendFrameHeader(w.AvailableBuffer(), len(frame), i < len(m.frames)-1))
		w.Write(frame)
	}
	return nil
}

// hexPiece is how much is encoded at a time, so that a large frame does not need
// twice its size again.
const hexPiece = 4 << 10

// A hexLayout writes each frame in lower case hex, joined by TAB.
type hexLayout struct {
	end    byte
	digits [2 * hexPiece]byte
}

func (l *hexLayout) print(w *bufio.Writer, m message) error {
	for i, frame := range m.frames {
		if i > 0 {
			w.WriteByte('\t')
		}
		for len(frame) > 0 {
			n := min(len(frame), hexPiece)
			w.Write(l.digits[:hex.Encode(l.digits[:], frame[:n])])
			frame = frame[n:]
		}
	}
	w.WriteByte(l.end)
	return nil
}
