package shell

import (
	"fmt"
	"io"

	"github.com/go-zeromq/zmq4"
)

// NewReaderSource returns the messages of the records in r. Each read of r is
// handed out at once as far as it makes whole records. An error of r, or
// malformed frames, end the source after the messages before it.
func NewReaderSource(r io.Reader, o InputOptions) Source {
	return &readerSource{in: chunkReader{r: r}, splitter: newSplitter(o), builder: newBuilder(o)}
}

type readerSource struct {
	in       chunkReader
	splitter splitter
	builder  *builder
	records  [][]byte // split off; from next on not yet built
	next     int
	err      error // what ended the source
	open     bool  // nothing ended the last record
}

// Recycle says that the messages so far are not looked at any more, but for bodies
// of copied bytes or more.
func (s *readerSource) Recycle(copied int) {
	for _, r := range s.records {
		if len(r) >= copied {
			s.in.keep()
		}
	}
	clear(s.records[:s.next]) // a large record must not live on in them
	s.in.recycle()
	s.builder.arena.recycle(copied)
}

func (s *readerSource) Next(max int) ([]zmq4.Msg, error) {
	max = atLeastOne(max)
	for {
		if s.next == len(s.records) {
			if err := s.gather(max); err != nil {
				return nil, err
			}
		}
		batch := s.records[s.next:]
		if len(batch) > max {
			batch = batch[:max]
		}
		msgs, taken, err := s.builder.build(batch)
		s.next += taken
		if len(msgs) > 0 || err != nil {
			return msgs, err
		}
	}
}

// gather waits for a record and splits off up to max of those that are there.
func (s *readerSource) gather(max int) error {
	s.records, s.next = s.records[:0], 0
	for {
		eof := s.in.err == io.EOF
		for len(s.records) < max && s.err == nil {
			record, n, err := s.splitter.split(s.in.pending(), eof)
			if err != nil {
				s.err = err
			}
			if err != nil || n == needMore {
				break
			}
			s.in.take(n)
			s.open = n == len(record)
			s.records = append(s.records, record)
		}
		switch {
		case len(s.records) > 0:
			return nil
		case s.err != nil:
			return s.err
		case eof:
			return io.EOF
		case s.in.err != nil:
			return fmt.Errorf("reading input: %w", s.in.err)
		}
		s.in.fill()
	}
}

func atLeastOne(n int) int {
	if n < 1 {
		return 1
	}
	return n
}
