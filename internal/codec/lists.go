package codec

import (
	"errors"
	"fmt"
)

// maxDepth bounds how deep lists nest, as Python's json does at about this depth.
const maxDepth = 1000

// A lexer splits JSON text of lists and scalars into tokens.
type lexer struct {
	text []byte
	at   int // of what comes next
}

// next returns the next token: '[', ']' or ',', '"' for a string with its quotes, 'v' for any other word, 0 at the end.
func (l *lexer) next() (kind byte, token []byte, err error) {
	for l.at < len(l.text) && isSpace(l.text[l.at]) {
		l.at++
	}
	if l.at == len(l.text) {
		return 0, nil, nil
	}
	start := l.at
	switch c := l.text[start]; c {
	case '[', ']', ',':
		l.at++
		return c, l.text[start:l.at], nil
	case '"':
		for l.at++; l.at < len(l.text); l.at++ {
			switch c := l.text[l.at]; {
			case c == '"':
				l.at++
				return '"', l.text[start:l.at], nil
			case c == '\\' || c < ' ':
				return 0, nil, fmt.Errorf("the string %s… is not a number", quote(l.text[start+1:l.at]))
			}
		}
		return 0, nil, fmt.Errorf("the string %s has no end", quote(l.text[start+1:]))
	}
	for l.at < len(l.text) && isWord(l.text[l.at]) {
		l.at++
	}
	return 'v', l.text[start:l.at], nil
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func isWord(c byte) bool { return !endsWord[c] }

// endsWord is looked up for every byte of a text.
var endsWord = [256]bool{' ': true, '\n': true, '\t': true, '\r': true, ',': true, '[': true, ']': true, '"': true}

// A listVisitor is told what walkLists meets; depth counts the lists around it.
type listVisitor interface {
	open(depth int) error
	// value gets a scalar and where in the text it begins.
	value(depth, at int, token []byte) error
	close(depth, length int) error
}

// walkLists checks that text is one scalar or nested lists of them, as JSON writes lists, and shows it to v in order.
// What a scalar may be is v's to say.
func walkLists(text []byte, v listVisitor) error {
	l := lexer{text: text}
	var lengths []int // of the open lists, so far
	var before byte   // the token before: 0, '[', ',' or 'v' for any whole value
	for {
		kind, token, err := l.next()
		if err != nil {
			return err
		}
		depth := len(lengths)
		startsValue := kind == '[' || kind == 'v' || kind == '"'
		switch {
		case before == 'v' && depth == 0:
			if kind != 0 {
				return fmt.Errorf("the text goes on after its value, with %s", quote(text[l.at-len(token):]))
			}
			return nil
		case kind == 0 && depth == 0:
			return errors.New("the text is empty")
		case kind == 0:
			return errors.New("the text ends within a list, a ] is missing")
		case startsValue && before == 'v':
			return fmt.Errorf("a comma is missing before %s", quote(token))
		case kind == ',' && before != 'v', kind == ']' && before != 'v' && before != '[':
			return fmt.Errorf("a number is missing before %s", quote(text[l.at-len(token):]))
		case kind == '[':
			if depth == maxDepth {
				return fmt.Errorf("lists are nested more than %d deep", maxDepth)
			}
			err = v.open(depth)
			lengths = append(lengths, 0)
			before = '['
		case kind == ',':
			before = ','
		default:
			if kind == ']' {
				err = v.close(depth-1, lengths[depth-1])
				lengths = lengths[:depth-1]
			} else {
				err = v.value(depth, l.at-len(token), token)
			}
			if len(lengths) > 0 {
				lengths[len(lengths)-1]++
			}
			before = 'v'
		}
		if err != nil {
			return err
		}
	}
}
