package recording

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"fogmq/internal/shell"
)

// A resumed says where a recording is gone on with.
type resumed struct {
	end        int64
	compressed bool
	open       bool // its last record has no newline yet
	repaired   bool // there was more, which was torn
}

// headSize is how much of a file is looked at to tell what it is.
const headSize = 64 << 10

// resume finds the end of the recording in a file, and cuts off what is torn behind it.
func resume(file *os.File, compress bool) (resumed, error) {
	info, err := file.Stat()
	if err != nil {
		return resumed{}, err
	}
	size := info.Size()
	if size == 0 {
		return resumed{compressed: compress}, nil
	}
	head := make([]byte, min(size, headSize))
	if _, err := file.ReadAt(head, 0); err != nil {
		return resumed{}, err
	}
	var r resumed
	switch {
	case isCompressed(head):
		r, err = resumeFrames(file, size)
	case compress:
		return resumed{}, errors.New("has something in it that is not compressed: choose another FILE")
	default:
		if err := checkHead(head, int64(len(head)) == size); err != nil {
			return resumed{}, err
		}
		r, err = resumeLines(file, size)
	}
	if err == nil && r.end < size {
		r.repaired = true
		err = file.Truncate(r.end)
	}
	return r, err
}

// checkHead refuses what does not begin as a recording does. all says that head is all
// there is.
func checkHead(head []byte, all bool) error {
	line, _, ended := bytes.Cut(bytes.TrimLeft(head, " \t\r\n"), []byte{'\n'})
	if len(line) == 0 {
		return nil
	}
	err := shell.CheckRecorded(line)
	if err == nil || !ended && beginsRecord(line, all) {
		return nil
	}
	return fmt.Errorf("is no recording, so nothing is added to it (%w): choose another FILE, or --overwrite it", err)
}

// beginsRecord tells whether a piece of a line, or all there is of it, may be the
// beginning of a record.
func beginsRecord(line []byte, all bool) bool {
	for _, start := range []string{`{"time":"`, `{"frames":[`} {
		if bytes.HasPrefix(line, []byte(start)) || all && strings.HasPrefix(start, string(line)) {
			return true
		}
	}
	return false
}

// resumeLines finds the end of the last whole record of lines.
func resumeLines(file io.ReaderAt, size int64) (resumed, error) {
	end, err := lastNewline(file, size)
	if err != nil || end == size {
		return resumed{end: end}, err
	}
	rest := make([]byte, size-end)
	if _, err := file.ReadAt(rest, end); err != nil {
		return resumed{}, err
	}
	if shell.CheckRecorded(rest) == nil {
		return resumed{end: size, open: true}, nil
	}
	return resumed{end: end}, nil
}

// lastNewline finds the byte behind the last newline.
func lastNewline(file io.ReaderAt, size int64) (int64, error) {
	piece := make([]byte, headSize)
	for end := size; end > 0; end -= int64(len(piece)) {
		piece = piece[:min(end, headSize)]
		from := end - int64(len(piece))
		if _, err := file.ReadAt(piece, from); err != nil {
			return 0, err
		}
		if i := bytes.LastIndexByte(piece, '\n'); i >= 0 {
			return from + int64(i) + 1, nil
		}
	}
	return 0, nil
}
