package shell

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"strconv"
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
	parts   parts // of the message in hand
}

func newPrettyLayout(v *view, colored bool) *prettyLayout {
	return &prettyLayout{view: v, hex: codec.IsBytes(v.codec), palette: newPalette(colored)}
}

func (l *prettyLayout) print(w *bufio.Writer, m message) error {
	line, err := l.appendMessage(l.line[:0], m)
	l.parts = parts{}
	if err != nil {
		return err
	}
	line = append(line, '\n')
	w.Write(line)
	l.line = reusable(line)
	return nil
}

func (l *prettyLayout) appendMessage(dst []byte, m message) ([]byte, error) {
	if sign, topic, ok := l.view.subscription(m.frames); ok && !m.sent {
		color := l.palette.channel(topic)
		dst = append(append(dst, color.before...), sign)
		return append(appendEscaped(dst, topic), color.after...), nil
	}
	p := &l.parts
	l.view.split(m.frames, p)
	body := p.payload[envelope(l.view.typ, p.payload):]
	isArray := !l.hex && l.view.looksLikeArray(body)
	switch l.view.typ {
	case zmq4.Req, zmq4.Rep:
		dst = append(l.palette.title.append(dst, title(l.view.typ, m.sent)), '\n')
	default:
		dst = l.palette.label.append(l.appendChannel(dst, p), arrow(m.sent))
		// An array is shown below its label.
		if isArray {
			dst = append(dst, '\n')
		} else {
			dst = append(dst, ' ')
		}
	}
	var err error
	if isArray {
		dst, err = l.appendArray(dst, body)
	} else {
		dst, err = l.appendPayload(dst, p)
	}
	return l.palette.label.append(append(dst, ' '), done(m.sent)), err
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
func (l *prettyLayout) appendChannel(dst []byte, p *parts) []byte {
	switch {
	case p.hasTopic:
		color := l.palette.channel(p.topic)
		dst = append(append(dst, color.before...), "Ch "...)
		return append(append(appendShown(dst, p.topic), color.after...), ' ')
	case p.hasID:
		color := l.palette.channel(p.id)
		dst = append(append(dst, color.before...), '[')
		return append(append(append(appendRoutingID(dst, p.id), ']'), color.after...), ' ')
	}
	return dst
}

func (l *prettyLayout) appendArray(dst []byte, frames [][]byte) ([]byte, error) {
	array, err := l.view.array(frames)
	if err != nil {
		return dst, err
	}
	return array.Append(dst), nil
}

// appendPayload appends a payload that is no array for people.
func (l *prettyLayout) appendPayload(dst []byte, p *parts) ([]byte, error) {
	switch {
	case l.hex:
		return appendAllShown(dst, p.payload, appendShownHex), nil
	case l.view.verbatim:
		return appendAllShown(dst, p.payload, appendShown), nil
	}
	fields, err := l.view.fields(p)
	return appendAllShown(dst, fields, appendEscaped), err
}

// appendAllShown appends frames with " | " between them. Among several an empty
// one is shown as "".
func appendAllShown(dst []byte, frames [][]byte, appendFrame func(dst, frame []byte) []byte) []byte {
	for i, frame := range frames {
		if i > 0 {
			dst = append(dst, " | "...)
		}
		if len(frame) == 0 && len(frames) > 1 {
			dst = append(dst, `""`...)
			continue
		}
		dst = appendFrame(dst, frame)
	}
	return dst
}

// appendShown appends a frame as text where it is text, which has no NUL, and else in hex.
func appendShown(dst, frame []byte) []byte {
	if plain := printableASCII(frame); utf8.Valid(frame[plain:]) && bytes.IndexByte(frame[plain:], 0) < 0 {
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
	dst = strconv.AppendInt(append(dst, " ("...), int64(len(frame)), 10)
	if len(frame) == 1 {
		return append(dst, " byte)"...)
	}
	return append(dst, " bytes)"...)
}
