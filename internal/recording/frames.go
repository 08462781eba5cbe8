package recording

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"

	"fogmq/internal/shell"
)

// maxTorn bounds what is read of a torn frame to save the records in it, and so what is
// ever cut off: our own frames are much smaller.
const maxTorn = 64 << 20

// resumeFrames finds the end of the last whole frame. Records in a torn one behind it
// are saved: they get a frame of their own in its place.
func resumeFrames(file *os.File, size int64) (resumed, error) {
	head := make([]byte, headSize)
	n, err := readCompressed(io.NewSectionReader(file, 0, size), head)
	if err != nil && !errors.Is(err, shell.ErrTorn) && err != io.EOF {
		return resumed{}, err
	}
	if err := checkHead(head[:n], err != nil); err != nil {
		return resumed{}, err
	}
	last, end, err := walkFrames(file, size)
	if err != nil {
		return resumed{}, err
	}
	r := resumed{end: end, compressed: true}
	if r.open, err = endsOpen(io.NewSectionReader(file, last, end-last)); err != nil {
		return resumed{}, err
	}
	if end < size {
		r.repaired = true
		err = r.save(file, size)
	}
	return r, err
}

// endsOpen tells whether the text of a frame may end with a record that has no newline
// yet, as it may in one that the zstd command made.
func endsOpen(frame *io.SectionReader) (bool, error) {
	if frame.Size() > maxTorn {
		return true, nil // at worst that makes an empty line
	}
	tail := &lastByte{}
	decoder := newDecoder(frame)
	defer decoder.Close()
	if _, err := io.Copy(tail, decoder); err != nil {
		return false, damaged(err)
	}
	return tail.seen && tail.b != '\n', nil
}

// save puts the whole records of a torn frame at r.end into a whole one. It is written
// over the torn one: at any moment all of what one of the two holds can be read.
func (r *resumed) save(file *os.File, size int64) error {
	if size-r.end > maxTorn {
		return fmt.Errorf("its compressed data is damaged at byte %d: nothing is added to it; choose another FILE", r.end)
	}
	decoder := newDecoder(io.NewSectionReader(file, r.end, size-r.end))
	defer decoder.Close()
	text, err := io.ReadAll(io.LimitReader(decoder, maxTorn))
	if len(text) == maxTorn && err == nil {
		return errors.New("its last compressed frame is torn and large: nothing is added to it; choose another FILE")
	}
	text = text[:bytes.LastIndexByte(text, '\n')+1]
	if len(text) == 0 {
		return nil
	}
	s, err := newSink(file, r.end, true)
	if err != nil {
		return err
	}
	s.file = nil // on an error the torn frame is worth more than none
	_, err = s.write(text)
	r.end, r.open = s.end, false
	return err
}

// readCompressed reads from the start of what is compressed until p is full.
func readCompressed(r io.Reader, p []byte) (int, error) {
	d, err := NewReader(io.NopCloser(r))
	if err != nil {
		return 0, err
	}
	defer d.Close()
	n := 0
	for n < len(p) && err == nil {
		var more int
		more, err = d.Read(p[n:])
		n += more
	}
	return n, err
}

// A lastByte keeps the last byte that is written to it.
type lastByte struct {
	b    byte
	seen bool
}

func (l *lastByte) Write(p []byte) (int, error) {
	if len(p) > 0 {
		l.b, l.seen = p[len(p)-1], true
	}
	return len(p), nil
}

// walkFrames finds where the last whole frame of a file begins and ends.
func walkFrames(file io.ReaderAt, size int64) (last, end int64, err error) {
	for end < size {
		next, err := frameEnd(file, end, size)
		if err != nil {
			return last, end, err
		}
		if next < 0 {
			break
		}
		last, end = end, next
	}
	return last, end, nil
}

// frameEnd finds the end of the frame at a place, by the sizes of its blocks: RFC 8878,
// 3.1.1.2. It is -1 where there is no whole frame.
func frameEnd(file io.ReaderAt, at, size int64) (int64, error) {
	var (
		buf    [zstd.HeaderMaxSize]byte
		header zstd.Header
	)
	n, err := file.ReadAt(buf[:], at)
	if err != nil && err != io.EOF {
		return 0, err
	}
	if header.Decode(buf[:n]) != nil {
		return -1, nil
	}
	at += int64(header.HeaderSize)
	if header.Skippable {
		return within(at+int64(header.SkippableSize), size), nil
	}
	for {
		n, err := file.ReadAt(buf[:3], at)
		if err != nil && err != io.EOF {
			return 0, err
		}
		if n < 3 {
			return -1, nil
		}
		block := uint32(buf[0]) | uint32(buf[1])<<8 | uint32(buf[2])<<16
		length := int64(block >> 3)
		switch block >> 1 & 3 {
		case 1: // one byte, repeated
			length = 1
		case 3: // reserved
			return -1, nil
		}
		at += 3 + length
		if block&1 == 0 {
			continue
		}
		if header.HasCheckSum {
			at += 4
		}
		return within(at, size), nil
	}
}

// within is a place, or -1 if that is behind the end.
func within(at, size int64) int64 {
	if at > size {
		return -1
	}
	return at
}
