package shell

import (
	"bufio"
	"encoding/hex"
	"time"
)

// A jsonlLayout writes one object a line; NewReaderSource reads it back.
type jsonlLayout struct {
	now  func() time.Time
	line []byte
}

func (l *jsonlLayout) print(w *bufio.Writer, m message) error {
	line := appendJSONL(l.line[:0], l.now(), m.frames)
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

// A hexLayout writes each frame in lower case hex, joined by TAB.
type hexLayout struct{ end byte }

func (l hexLayout) print(w *bufio.Writer, m message) error {
	// Encoding piece by piece keeps a large frame from needing twice its size again.
	const piece = 4 << 10
	var digits [2 * piece]byte
	for i, frame := range m.frames {
		if i > 0 {
			w.WriteByte('\t')
		}
		for len(frame) > 0 {
			n := min(len(frame), piece)
			w.Write(digits[:hex.Encode(digits[:], frame[:n])])
			frame = frame[n:]
		}
	}
	w.WriteByte(l.end)
	return nil
}
