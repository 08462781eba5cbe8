package recording

import (
	"bytes"
	"errors"
	"io"
	"os"
	"time"

	"github.com/klauspost/compress/zstd"
)

// A sink writes lots of whole records. A lot is due when it is large enough, or its
// first record has waited for as long as patience.
type sink struct {
	out      io.Writer
	file     *os.File // what out is, if it can be cut; else nil
	end      int64    // where it is written next
	encoder  *zstd.Encoder
	frame    []byte
	enough   int
	patience time.Duration
}

const (
	// What is enough for one write, and for one frame: the larger a frame, the smaller
	// is what it is compressed to.
	enoughText, enoughFrame = 256 << 10, 1 << 20
	// maxFrame bounds the text of a frame, but for a single record. Less than minFrame is
	// not worth another try on a full disk.
	maxFrame, minFrame = 4 << 20, 4 << 10

	textPatience, framePatience = 100 * time.Millisecond, time.Second
)

// newSink returns a sink behind the first bytes of a file.
func newSink(file *os.File, end int64, compressed bool) (*sink, error) {
	if _, err := file.Seek(end, io.SeekStart); err != nil {
		return nil, err
	}
	s := &sink{out: file, file: file, end: end}
	if compressed {
		s.compress()
	}
	return s.ready(), nil
}

func (s *sink) ready() *sink {
	s.enough, s.patience = enoughText, textPatience
	if s.encoder != nil {
		s.enough, s.patience = enoughFrame, framePatience
	}
	return s
}

// compress has all that follows compressed. It is the fastest level, as a stream waits
// for nobody.
func (s *sink) compress() {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		panic("zstd: " + err.Error()) // of options alone
	}
	s.encoder = encoder
	s.ready()
}

// write writes records. It returns how many bytes of them are kept: on an error what
// could be written of the next one is cut off again, where that can be done.
func (s *sink) write(lot []byte) (kept int, err error) {
	if s.encoder == nil {
		n, err := s.put(lot)
		if err != nil {
			n = bytes.LastIndexByte(lot[:n], '\n') + 1
			return n, s.cut(s.end+int64(n), err)
		}
		s.end += int64(n)
		return n, nil
	}
	return s.writeFrames(lot)
}

// writeFrames is write for what is compressed. Where a frame does not fit on the disk
// any more, a smaller one may.
func (s *sink) writeFrames(lot []byte) (kept int, err error) {
	for size := maxFrame; kept < len(lot); {
		records := firstRecords(lot[kept:], size)
		s.frame = s.encoder.EncodeAll(records, s.frame[:0])
		n, err := s.put(s.frame)
		if err != nil {
			err = s.cut(s.end, err)
			if size = len(records) / 2; s.file == nil || size < minFrame {
				return kept, err
			}
			continue
		}
		s.end += int64(n)
		kept += len(records)
	}
	if cap(s.frame) > maxSpare {
		s.frame = nil
	}
	return kept, nil
}

func (s *sink) put(b []byte) (int, error) {
	n, err := s.out.Write(b)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	return n, err
}

// cut ends the file there. It returns why, and what kept it from being done.
func (s *sink) cut(end int64, why error) error {
	if s.file == nil {
		return why
	}
	_, err := s.file.Seek(end, io.SeekStart)
	return errors.Join(why, err, s.file.Truncate(end))
}

// firstRecords returns the records at the front of lot that have size bytes or less, or
// the first one alone.
func firstRecords(lot []byte, size int) []byte {
	if len(lot) <= size {
		return lot
	}
	if i := bytes.LastIndexByte(lot[:size], '\n'); i >= 0 {
		return lot[:i+1]
	}
	return lot[:size+bytes.IndexByte(lot[size:], '\n')+1]
}
