package shell

import (
	"errors"
	"io"
	"time"

	"github.com/go-zeromq/zmq4"
)

// A Mark says where a recorded message stands, and when it came.
type Mark struct {
	Time   time.Time // zero where the record has none
	Record int       // counted from 1, bad records and empty lines too
}

// ErrTorn is the end of a recording whose last record is not there as a whole, as
// one that a crash cut off leaves it.
var ErrTorn = errors.New("torn at its end")

// A RecordedSource yields the messages of jsonl records with their times. It is a
// Source and a Recycler.
type RecordedSource struct {
	readerSource
	torn bool // the last record is
}

// NewRecordedSource returns the messages of the records in r. Records are as those
// of NewReaderSource in the format JSONL; a time that is not RFC 3339 makes a bad
// one. Where the last record has no newline and is bad, the source ends with ErrTorn.
func NewRecordedSource(r io.Reader) *RecordedSource {
	o := InputOptions{Format: JSONL}
	s := &RecordedSource{readerSource: readerSource{in: chunkReader{r: r}, splitter: newSplitter(o), builder: newBuilder(o)}}
	s.builder.marked = true
	return s
}

// Next is that of a Source.
func (s *RecordedSource) Next(max int) ([]zmq4.Msg, error) {
	msgs, err := s.readerSource.Next(max)
	if isRecordError(err) && s.open && s.next == len(s.records) {
		s.torn = true
		return nil, ErrTorn
	}
	return msgs, err
}

// Whole is how many of the records there were to the end are not torn.
func (s *RecordedSource) Whole() int {
	if s.torn {
		return s.builder.taken - 1
	}
	return s.builder.taken
}

// Marks are those of the messages that Next returned last, good as long as they are.
func (s *RecordedSource) Marks() []Mark { return s.builder.marks }

// Records is how many records there were up to the last that Next told of.
func (s *RecordedSource) Records() int { return s.builder.taken }

// CheckRecorded says what is wrong with a line, without its newline, as a record of a
// RecordedSource.
func CheckRecorded(line []byte) error {
	var a arena
	a.open(1)
	a.begin()
	if !a.addJSONL(line) {
		_, at, err := parseJSONL(line)
		if err != nil {
			return err
		}
		a.time = at
	}
	_, err := a.when()
	return err
}

// when is the time of the jsonl line that was added last.
func (a *arena) when() (at time.Time, err error) {
	if len(a.time) == 0 {
		return at, nil
	}
	if at.UnmarshalText(a.time) != nil {
		return at, errors.New(`jsonl: "time" is not RFC 3339, such as 2026-11-22T09:08:07.12Z`)
	}
	return at, nil
}
