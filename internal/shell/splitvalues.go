package shell

import (
	"bytes"
	"errors"

	"fogmq/internal/codec/value"
)

// A valueSplitter finds values that stand one after another.
type valueSplitter struct {
	first func(data []byte) (n int, err error)
	text  bool
	// tryAt is how much must be there before an unfinished value is looked at
	// again: a large one is not looked at for every read.
	tryAt int
	lost  bool // where values begin is not known any more
}

var errNoNext = errors.New("what stands behind a bad value can't be told apart: the rest of the input is left out")

func (s *valueSplitter) split(data []byte, eof bool) ([]byte, int, error) {
	if s.lost {
		return nil, needMore, errNoNext
	}
	if len(data) < s.tryAt && !eof || len(data) == 0 || s.text && len(bytes.TrimSpace(data)) == 0 {
		return nil, needMore, nil
	}
	n, err := s.first(data)
	switch {
	case err == nil && n == len(data) && !eof && s.text && goesOn(data):
		return nil, needMore, nil
	case err == nil:
		s.tryAt = 0
		return s.record(data[:n:n]), n, nil
	case errors.Is(err, value.ErrEnd) && !eof:
		if s.tryAt = 0; len(data) > chunkSize {
			s.tryAt = len(data) + len(data)/8
		}
		return nil, needMore, nil
	}
	// What is wrong with the record is the codec's to say.
	end := len(data)
	if i := bytes.IndexByte(data, '\n'); s.text && i >= 0 {
		end = i + 1
	} else if s.text && !eof {
		return nil, needMore, nil
	}
	s.lost = !s.text && !eof
	return s.record(data[:end:end]), end, nil
}

// record is what was split off, less the space around it that belongs to no text.
func (s *valueSplitter) record(data []byte) []byte {
	if s.text {
		return bytes.TrimSpace(data)
	}
	return data
}

// goesOn tells whether more bytes could belong to the value that ends text.
func goesOn(text []byte) bool { return bytes.IndexByte([]byte("\n\r\t ]}\""), text[len(text)-1]) < 0 }
