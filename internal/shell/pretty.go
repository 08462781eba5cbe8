package shell

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"unicode/utf8"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/codec"
)

// shownBytes is how much of a frame that is no text is shown in hex.
const shownBytes = 32

// A prettyLayout writes what the article's scripts print.
type prettyLayout struct {
	view    *view
	hex     bool // codec bytes: show no text
	palette palette
	line    []byte
}

func newPrettyLayout(v *view, colored bool) *prettyLayout {
	return &prettyLayout{view: v, hex: codec.IsBytes(v.codec), palette: newPalette(colored)}
}

func (l *prettyLayout) print(w *bufio.Writer, m message) error {
	line, err := l.appendMessage(l.line[:0], m)
	if err != nil {
		return err
	}
	w.Write(append(line, '\n'))
	l.line = reusable(line)
	return nil
}

func (l *prettyLayout) appendMessage(dst []byte, m message) ([]byte, error) {
	if sign, topic, ok := l.view.subscription(m.frames); ok && !m.sent {
		return l.palette.appendChannel(dst, topic, appendEscaped([]byte{sign}, topic)), nil
	}
	p := l.view.split(m.frames)
	value, block, err := l.value(p)
	if err != nil {
		return dst, err
	}
	switch l.view.typ {
	case zmq4.Req, zmq4.Rep:
		dst = l.palette.appendTitle(dst, title(l.view.typ, m.sent))
		block = true
	default:
		dst = l.appendChannel(dst, p)
		dst = l.palette.appendLabel(dst, arrow(m.sent))
	}
	if block {
		dst = append(dst, '\n')
	} else {
		dst = append(dst, ' ')
	}
	dst = append(append(dst, value...), ' ')
	return l.palette.appendLabel(dst, done(m.sent)), nil
}

// title is the article's word for a message of REQ or REP.
func title(typ zmq4.SocketType, sent bool) string {
	if (typ == zmq4.Req) == sent {
		return "Request:"
	}
	return "Reply:"
}

func arrow(sent bool) string {
	if sent {
		return "<-"
	}
	return "->"
}

func done(sent bool) string {
	if sent {
		return "sent"
	}
	return "received"
}

// appendChannel appends the topic or the routing id, and a space.
func (l *prettyLayout) appendChannel(dst []byte, p parts) []byte {
	switch {
	case p.hasTopic:
		name := appendShown([]byte("Ch "), p.topic)
		return append(l.palette.appendChannel(dst, p.topic, name), ' ')
	case p.hasID:
		name := append(appendRoutingID([]byte{'['}, p.id), ']')
		return append(l.palette.appendChannel(dst, p.id, name), ' ')
	}
	return dst
}

// value returns the payload for people. A block is shown below its label.
func (l *prettyLayout) value(p parts) (value []byte, block bool, err error) {
	if l.hex {
		return joinShown(p.payload, appendShownHex), false, nil
	}
	if body := p.payload[envelope(l.view.typ, p.payload):]; codec.LooksLikeArray(body) {
		array, err := codec.ParseArray(body)
		if err != nil {
			return nil, false, err
		}
		return array.Append(nil), true, nil
	}
	if l.view.verbatim {
		return joinShown(p.payload, appendShown), false, nil
	}
	fields, err := l.view.fields(p)
	return joinShown(fields, appendEscaped), false, err
}

// joinShown joins frames with " | ". Among several an empty one is shown as "".
func joinShown(frames [][]byte, appendFrame func(dst, frame []byte) []byte) []byte {
	var shown []byte
	for i, frame := range frames {
		if i > 0 {
			shown = append(shown, " | "...)
		}
		if len(frame) == 0 && len(frames) > 1 {
			shown = append(shown, `""`...)
			continue
		}
		shown = appendFrame(shown, frame)
	}
	return shown
}

// appendShown appends a frame as text where it is text, which has no NUL, and else in hex.
func appendShown(dst, frame []byte) []byte {
	if isHarmless(frame) || utf8.Valid(frame) && bytes.IndexByte(frame, 0) < 0 {
		return appendEscaped(dst, frame)
	}
	return appendShownHex(dst, frame)
}

// appendShownHex appends the first bytes of a frame in hex, and its length.
func appendShownHex(dst, frame []byte) []byte {
	dst = append(dst, hexPrefix...)
	dst = hex.AppendEncode(dst, frame[:min(len(frame), shownBytes)])
	if len(frame) > shownBytes {
		dst = append(dst, "…"...)
	}
	unit := "bytes"
	if len(frame) == 1 {
		unit = "byte"
	}
	return fmt.Appendf(dst, " (%d %s)", len(frame), unit)
}
