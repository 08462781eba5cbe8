package shell

import (
	"bufio"

	"github.com/go-zeromq/zmq4"
)

// newRawLayout returns raw: the whole message, its frames joined with TAB.
func newRawLayout(v *view, end byte) layout {
	if v.verbatim && v.typ != zmq4.Router && v.typ != zmq4.XPub {
		return copyLayout{end: end}
	}
	return &rawLayout{view: v, end: end}
}

// A copyLayout is raw where nothing has to be looked at: bytes in, bytes out.
type copyLayout struct{ end byte }

func (l copyLayout) print(w *bufio.Writer, m message) error {
	for i, frame := range m.frames {
		if i > 0 {
			w.WriteByte('\t')
		}
		w.Write(frame)
	}
	w.WriteByte(l.end)
	return nil
}

// printBatch prints messages that were received. Lines are put together in the
// writer's own buffer as long as they fit.
func (l copyLayout) printBatch(w *bufio.Writer, msgs []zmq4.Msg) {
	lines := w.AvailableBuffer()
	for _, m := range msgs {
		if len(m.Frames) == 1 && len(m.Frames[0]) < cap(lines)-len(lines) {
			lines = append(lines, m.Frames[0]...)
			lines = append(lines, l.end)
			continue
		}
		w.Write(lines)
		l.print(w, message{frames: m.Frames})
		lines = w.AvailableBuffer()
	}
	w.Write(lines)
}

type rawLayout struct {
	view *view
	end  byte
	line []byte
}

func (l *rawLayout) print(w *bufio.Writer, m message) error {
	line, err := l.view.appendLine(l.line[:0], m)
	if err != nil {
		return err
	}
	w.Write(append(line, l.end))
	l.line = reusable(line)
	return nil
}

// appendLine appends a message as raw prints it: subscriptions as +topic and
// -topic, and nothing that an XPUB received with live control characters.
func (v *view) appendLine(dst []byte, m message) ([]byte, error) {
	if m.sent || v.typ != zmq4.XPub {
		return v.appendRaw(dst, m.frames)
	}
	if sign, topic, ok := v.subscription(m.frames); ok {
		return appendEscaped(append(dst, sign), topic), nil
	}
	var p parts
	v.split(m.frames, &p)
	fields, err := v.fields(&p)
	if err != nil {
		return dst, err
	}
	if p.hasTopic {
		dst = append(appendEscaped(dst, p.topic), separator(&p))
	}
	return appendJoined(dst, escapeAll(fields)), nil
}

func escapeAll(fields [][]byte) [][]byte {
	escaped := make([][]byte, len(fields))
	for i, field := range fields {
		escaped[i] = appendEscaped(nil, field)
	}
	return escaped
}

// reusable returns buffer for another use, unless one large message made it large.
func reusable(buffer []byte) []byte {
	if cap(buffer) > outputSize {
		return nil
	}
	return buffer
}
