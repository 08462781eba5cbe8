package recording

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"

	"fogmq/internal/shell"
)

// maxWindow is how far back what is compressed may refer to, as the zstd command has
// it: a reader needs so much memory.
const maxWindow = 128 << 20

// A Reader reads the lines of a recording, compressed or not. Where a compressed one is
// torn it gives what can be read, then shell.ErrTorn.
type Reader struct {
	in     *bufio.Reader
	zstd   *zstd.Decoder // nil where nothing is compressed
	source io.Closer
}

// NewReader returns a Reader of what r is to yield. It waits for the first bytes. Close
// closes r.
func NewReader(r io.ReadCloser) (*Reader, error) {
	d := &Reader{in: bufio.NewReaderSize(r, 64<<10), source: r}
	start, err := d.in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(err, r.Close())
	}
	if isCompressed(start) {
		d.zstd = newDecoder(d.in)
	}
	return d, nil
}

// isCompressed knows Zstandard by its first four bytes, RFC 8878's 3.1.1 and 3.1.2.
func isCompressed(start []byte) bool {
	if len(start) < 4 {
		return false
	}
	magic := binary.LittleEndian.Uint32(start)
	return magic == 0xFD2FB528 || magic&^0xF == 0x184D2A50
}

func newDecoder(r io.Reader) *zstd.Decoder {
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		panic("zstd: " + err.Error()) // of options alone
	}
	return d
}

// Read is that of an io.Reader.
func (d *Reader) Read(p []byte) (int, error) {
	if d.zstd == nil {
		return d.in.Read(p)
	}
	n, err := d.zstd.Read(p)
	switch {
	case err == nil, err == io.EOF:
		return n, err
	case err == io.ErrUnexpectedEOF && d.isAtEnd():
		return n, shell.ErrTorn
	}
	return n, damaged(err)
}

// isAtEnd tells a frame that goes on behind the end from one that is wrong in itself.
func (d *Reader) isAtEnd() bool {
	_, err := d.in.Peek(1)
	return err == io.EOF
}

func damaged(err error) error { return fmt.Errorf("its compressed data is damaged: %w", err) }

// Close closes what is read.
func (d *Reader) Close() error {
	if d.zstd != nil {
		d.zstd.Close()
	}
	return d.source.Close()
}
