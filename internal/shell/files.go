package shell

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/codec"
)

// NewFileSource returns each file as one message, byte for byte; the name "-"
// is stdin. Under a codec of arrays a file whose name ends in .npy becomes the
// array's frames. A file that can't be read is an error that names it; calling
// Next again goes on with the next file.
func NewFileSource(names []string, stdin io.Reader, o InputOptions) Source {
	o.Format = Lines
	arrays, _ := o.Codec.(codec.ArrayCodec)
	return &fileSource{names: names, stdin: stdin, arrays: arrays, builder: newBuilder(o)}
}

type fileSource struct {
	names   []string // not yet sent
	stdin   io.Reader
	arrays  codec.ArrayCodec // nil where files are not looked at
	builder *builder
}

// Next returns one message however many are asked for, because a file may be large.
func (s *fileSource) Next(int) ([]zmq4.Msg, error) {
	if len(s.names) == 0 {
		return nil, io.EOF
	}
	name := s.names[0]
	s.names = s.names[1:]
	if s.arrays != nil && strings.HasSuffix(name, ".npy") {
		return s.nextArray(name)
	}
	prefix := s.builder.framePrefix()
	data, err := s.read(name, prefix)
	if err != nil {
		s.builder.taken++
		return nil, fmt.Errorf("file: %w", err)
	}
	if len(prefix) > 0 {
		return s.builder.buildWhole(data), nil
	}
	return s.builder.buildPayload([][]byte{data}), nil
}

func (s *fileSource) nextArray(name string) ([]zmq4.Msg, error) {
	data, err := s.read(name, nil)
	if err != nil {
		s.builder.taken++
		return nil, fmt.Errorf("file: %w", err)
	}
	frames, err := s.arrays.EncodeNPY(data)
	if err != nil {
		s.builder.taken++
		return nil, &RecordError{Record: s.builder.taken, Err: fmt.Errorf("%s: %w", name, err)}
	}
	return s.builder.buildPayload(frames), nil
}

// read returns prefix and what the file holds behind it.
func (s *fileSource) read(name string, prefix []byte) ([]byte, error) {
	if name == "-" {
		data, err := readBehind(prefix, s.stdin, 0)
		if err != nil {
			return nil, fmt.Errorf("reading stdin: %w", err)
		}
		return data, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	size := 0
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		size = int(info.Size())
	}
	data, err := readBehind(prefix, file, size)
	if errors.Is(err, syscall.EISDIR) {
		return nil, isDirectory(name)
	}
	return data, err
}

// readBehind returns prefix and all of r behind it, in one buffer that fits if size is the size of r.
func readBehind(prefix []byte, r io.Reader, size int) ([]byte, error) {
	const atLeast, atMost = 512, 1 << 30     // a sparse file may say that it is larger than any memory
	size = min(max(size+1, atLeast), atMost) // a byte more, to see the end
	data := append(make([]byte, 0, len(prefix)+size), prefix...)
	for {
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case err == io.EOF:
			return data, nil
		case err != nil:
			return nil, err
		}
		if len(data) == cap(data) {
			data = slices.Grow(data, max(len(data), atLeast))
		}
	}
}
