package shell

import (
	"bytes"
	"encoding/base64"
	"slices"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// addJSONL adds the frames of a jsonl line if that is in the form that appendJSONL
// gives it; "time" may be missing, and spaces may be between the tokens. Of any other
// line, good or bad, it adds nothing: parseJSONL is for those. Text without escapes
// is not copied.
func (a *arena) addJSONL(line []byte) bool {
	line = bytes.TrimSuffix(line, []byte{'\r'})
	if hasControl(line) || !utf8.Valid(line) {
		return false
	}
	s := jsonlScanner{line: line, arena: a}
	if s.record() && s.end() {
		a.time = s.time
		return true
	}
	a.headers = a.headers[:a.start]
	return false
}

// A jsonlScanner reads a line of UTF-8 without control characters. Its methods
// report whether what they are named after comes next, and go on behind it then.
type jsonlScanner struct {
	line  []byte
	at    int
	time  []byte // what "time" is; nil without one
	arena *arena
}

func (s *jsonlScanner) record() bool {
	if !s.token("{") {
		return false
	}
	if s.token(`"time"`) {
		quoted, escaped, ok := s.member()
		if !ok || escaped || !s.token(",") {
			return false
		}
		s.time = unquoted(quoted)
	}
	if !s.token(`"frames"`) || !s.token(":") || !s.token("[") {
		return false
	}
	for s.frame() {
		if !s.token(",") {
			return s.token("]") && s.token("}")
		}
	}
	return false
}

func (s *jsonlScanner) end() bool {
	s.skipSpaces()
	return s.at == len(s.line)
}

func (s *jsonlScanner) skipSpaces() {
	for s.at < len(s.line) && s.line[s.at] == ' ' {
		s.at++
	}
}

func (s *jsonlScanner) token(token string) bool {
	s.skipSpaces()
	if rest := s.line[s.at:]; len(rest) < len(token) || string(rest[:len(token)]) != token {
		return false
	}
	s.at += len(token)
	return true
}

// member is a colon and a string.
func (s *jsonlScanner) member() (quoted []byte, escaped, ok bool) {
	if !s.token(":") {
		return nil, false, false
	}
	return s.quoted()
}

// quoted is a string. escaped tells whether there is a backslash in it.
func (s *jsonlScanner) quoted() (quoted []byte, escaped, ok bool) {
	if !s.token(`"`) {
		return nil, false, false
	}
	from := s.at
	for {
		i := bytes.IndexByte(s.line[s.at:], '"')
		if i < 0 {
			return nil, false, false
		}
		end := s.at + i
		escaped = escaped || bytes.IndexByte(s.line[s.at:end], '\\') >= 0
		s.at = end + 1
		// A quote behind an odd number of backslashes is one of the text.
		if text := s.line[from:end]; !escaped || (len(text)-len(bytes.TrimRight(text, `\`)))%2 == 0 {
			return s.line[from-1 : s.at], escaped, true
		}
	}
}

func (s *jsonlScanner) frame() bool {
	if s.token("{") {
		return s.token(`"base64"`) && s.base64() && s.token("}")
	}
	quoted, escaped, ok := s.quoted()
	if !ok {
		return false
	}
	if !escaped {
		s.arena.add(slices.Clip(unquoted(quoted)))
		return true
	}
	// It is not longer than it was when quoted.
	text, err := jsontext.AppendUnquote(s.arena.room(len(quoted)), quoted)
	s.arena.add(slices.Clip(text))
	return err == nil
}

func (s *jsonlScanner) base64() bool {
	quoted, escaped, ok := s.member()
	if !ok || escaped {
		return false
	}
	digits := unquoted(quoted)
	frame, err := base64.StdEncoding.AppendDecode(s.arena.room(base64.StdEncoding.DecodedLen(len(digits))), digits)
	s.arena.add(slices.Clip(frame))
	return err == nil
}

func unquoted(quoted []byte) []byte { return quoted[1 : len(quoted)-1] }
