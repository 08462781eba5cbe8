package shell

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-zeromq/zmq4"
)

const (
	templateNames   = "%t %p %f %n %06n %T %l %x %i %%"
	templateEscapes = `\n \t \0 \\ \xNN`
)

// A templateOp is literal text, or where name is set a part of the message.
type templateOp struct {
	name  byte
	text  string
	width int // of a number, filled up with zeros
}

// parseTemplate reads a template. An error says at which byte, counted from 1, and what there is.
func parseTemplate(format string) ([]templateOp, error) {
	var ops []templateOp
	var literal strings.Builder
	for i := 0; i < len(format); {
		switch format[i] {
		case '%':
			width := templateWidth(format[i+1:])
			if width > 0 {
				i += len("06")
			}
			name, err := templateName(format, i)
			if err != nil {
				return nil, err
			}
			i += 2
			if name == '%' {
				literal.WriteByte('%')
				continue
			}
			if literal.Len() > 0 {
				ops = append(ops, templateOp{text: literal.String()})
				literal.Reset()
			}
			ops = append(ops, templateOp{name: name, width: width})
		case '\\':
			value, length, err := templateEscape(format, i)
			if err != nil {
				return nil, err
			}
			literal.WriteByte(value)
			i += length
		default:
			literal.WriteByte(format[i])
			i++
		}
	}
	if literal.Len() > 0 {
		ops = append(ops, templateOp{text: literal.String()})
	}
	return ops, nil
}

// templateWidth returns how many digits %n is to have at least: 6 in %06n.
func templateWidth(rest string) int {
	if len(rest) >= 3 && rest[0] == '0' && rest[1] >= '1' && rest[1] <= '9' && rest[2] == 'n' {
		return int(rest[1] - '0')
	}
	return 0
}

// appendNumber appends n with as many zeros in front as width asks for.
func appendNumber(dst []byte, n, width int) []byte {
	for limit := 10; width > 1; width-- {
		if n < limit {
			dst = append(dst, bytes.Repeat([]byte{'0'}, width-1)...)
			break
		}
		limit *= 10
	}
	return strconv.AppendInt(dst, int64(n), 10)
}

func templateName(format string, at int) (byte, error) {
	rest := format[at+1:]
	if rest == "" {
		return 0, fmt.Errorf("a single %% ends it at character %d: %%%% is a percent sign", position(format, at))
	}
	if !strings.ContainsRune("tpfnTlxi%", rune(rest[0])) {
		return 0, fmt.Errorf("unknown %s at character %d: there are %s",
			"%"+firstRune(rest), position(format, at), templateNames)
	}
	return rest[0], nil
}

// templateEscape returns the byte that the escape at format[at] stands for, and how long it is.
func templateEscape(format string, at int) (value byte, length int, err error) {
	rest := format[at+1:]
	if rest != "" {
		switch rest[0] {
		case 'n':
			return '\n', 2, nil
		case 't':
			return '\t', 2, nil
		case '0':
			return 0, 2, nil
		case '\\':
			return '\\', 2, nil
		case 'x':
			if len(rest) >= 3 {
				if b, err := hex.DecodeString(rest[1:3]); err == nil {
					return b[0], 4, nil
				}
			}
			return 0, 0, fmt.Errorf(`\x at character %d needs two hex digits`, position(format, at))
		}
	}
	return 0, 0, fmt.Errorf("unknown escape %s at character %d: there are %s",
		`\`+firstRune(rest), position(format, at), templateEscapes)
}

// position counts characters from 1, as people do.
func position(format string, at int) int { return len([]rune(format[:at])) + 1 }

func firstRune(s string) string {
	for _, r := range s {
		return Escape(string(r))
	}
	return ""
}

// A templateLayout writes what its ops say and a record end.
type templateLayout struct {
	view  *view
	ops   []templateOp
	now   stamp
	end   byte
	line  []byte
	parts parts // of the message in hand
}

func (l *templateLayout) print(w *bufio.Writer, m message) error {
	line := l.line[:0]
	l.view.split(m.frames, &l.parts)
	defer func() { l.parts = parts{} }()
	var err error
	for _, op := range l.ops {
		if line, err = l.appendOp(line, op, m, &l.parts); err != nil {
			return err
		}
	}
	line = append(line, l.end)
	w.Write(line)
	l.line = reusable(line)
	return nil
}

func (l *templateLayout) appendOp(dst []byte, op templateOp, m message, p *parts) ([]byte, error) {
	switch op.name {
	case 'n':
		return appendNumber(dst, m.number, op.width), nil
	case 'T':
		return l.now.appendNow(dst), nil
	case 'l':
		length := 0
		for _, frame := range p.payload {
			length += len(frame)
		}
		return strconv.AppendInt(dst, int64(length), 10), nil
	case 'x':
		for i, frame := range p.payload {
			if i > 0 {
				dst = append(dst, '\t')
			}
			dst = hex.AppendEncode(dst, frame)
		}
		return dst, nil
	case 'i':
		if p.hasID {
			dst = appendRoutingID(dst, p.id)
		}
		return dst, nil
	case 't', 'p', 'f':
		return l.appendText(dst, op.name, m, p)
	}
	return append(dst, op.text...), nil
}

// appendText appends %t, %p or %f: bytes of the peer's as they are, but for an XPUB's, which are escaped.
func (l *templateLayout) appendText(dst []byte, name byte, m message, p *parts) ([]byte, error) {
	xpub := l.view.typ == zmq4.XPub && !m.sent
	if xpub {
		if sign, topic, ok := l.view.subscription(m.frames); ok {
			if name != 't' {
				dst = append(dst, sign)
			}
			return appendEscaped(dst, topic), nil
		}
	}
	var fields [][]byte
	var err error
	switch {
	case name == 't' && !p.hasTopic:
		return dst, nil
	case name == 't' && xpub:
		return appendEscaped(dst, p.topic), nil
	case name == 't':
		return append(dst, p.topic...), nil
	case name == 'p':
		fields, err = l.view.fields(p)
	case p.hasID:
		dst = append(appendRoutingID(dst, p.id), '\t')
		fields = p.payload
	default:
		fields = m.frames
	}
	if err != nil {
		return dst, err
	}
	if xpub {
		fields = escapeAll(fields)
	}
	return appendJoined(dst, fields), nil
}
