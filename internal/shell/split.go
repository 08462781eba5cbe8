package shell

import "bytes"

// needMore is what a splitter answers when no whole record is there yet.
const needMore = -1

// A splitter finds the end of the first record in what was read. It keeps what
// it knows about an unfinished record, so that nothing is looked at twice.
type splitter interface {
	// split returns the first record of data and how many bytes it takes up with what ends it,
	// or needMore. At eof no more bytes will come. An error ends the source.
	split(data []byte, eof bool) (record []byte, n int, err error)
}

func newSplitter(o InputOptions) splitter {
	switch o.Format {
	case Frames:
		return &frameSplitter{}
	case Raw:
		return &rawSplitter{}
	case Values:
		return &valueSplitter{first: o.First, text: o.Text}
	case Delimited:
		if len(o.Delimiter) > 1 {
			return &delimiterSplitter{delimiter: o.Delimiter}
		}
		if len(o.Delimiter) == 1 {
			return &byteSplitter{delimiter: o.Delimiter[0]}
		}
	}
	return &byteSplitter{delimiter: '\n'}
}

// A byteSplitter ends records at one byte: a newline or a NUL.
type byteSplitter struct {
	delimiter byte
	searched  int
}

func (s *byteSplitter) split(data []byte, eof bool) ([]byte, int, error) {
	i := bytes.IndexByte(data[s.searched:], s.delimiter)
	if i < 0 {
		return lastRecord(data, eof, &s.searched, len(data))
	}
	end := s.searched + i
	s.searched = 0
	return data[:end:end], end + 1, nil
}

// A delimiterSplitter ends records at a string of several bytes.
type delimiterSplitter struct {
	delimiter []byte
	searched  int
}

func (s *delimiterSplitter) split(data []byte, eof bool) ([]byte, int, error) {
	i := bytes.Index(data[s.searched:], s.delimiter)
	if i < 0 {
		// The tail may be the beginning of a delimiter.
		return lastRecord(data, eof, &s.searched, max(s.searched, len(data)-len(s.delimiter)+1))
	}
	end := s.searched + i
	s.searched = 0
	return data[:end:end], end + len(s.delimiter), nil
}

// lastRecord is the answer where no delimiter was found in data; what has none is remembered in searched.
func lastRecord(data []byte, eof bool, searched *int, without int) ([]byte, int, error) {
	if eof && len(data) > 0 {
		*searched = 0
		return data[:len(data):len(data)], len(data), nil
	}
	*searched = without
	return nil, needMore, nil
}

// A rawSplitter makes one record of everything, also of nothing.
type rawSplitter struct{ done bool }

func (s *rawSplitter) split(data []byte, eof bool) ([]byte, int, error) {
	if !eof || s.done {
		return nil, needMore, nil
	}
	s.done = true
	return data[:len(data):len(data)], len(data), nil
}
