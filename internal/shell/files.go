package shell

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/codec"
)

// NewFileSource returns each file as one message, byte for byte; the name "-"
// is stdin. Under codec ndarray a file whose name ends in .npy becomes the
// array's three frames. A file that can't be read is an error that names it;
// calling Next again goes on with the next file.
func NewFileSource(names []string, stdin io.Reader, o InputOptions) Source {
	o.Format = Lines
	return &fileSource{names: names, stdin: stdin, arrays: codec.IsArray(o.Codec), builder: newBuilder(o)}
}

type fileSource struct {
	names   []string // not yet sent
	stdin   io.Reader
	arrays  bool
	builder *builder
}

// Next returns one message however many are asked for, because a file may be large.
func (s *fileSource) Next(int) ([]zmq4.Msg, error) {
	if len(s.names) == 0 {
		return nil, io.EOF
	}
	name := s.names[0]
	s.names = s.names[1:]
	data, err := s.read(name)
	if err != nil {
		s.builder.taken++
		return nil, fmt.Errorf("file: %w", err)
	}
	frames := [][]byte{data}
	if s.arrays && strings.HasSuffix(name, ".npy") {
		array, err := codec.ParseNPY(data)
		if err != nil {
			s.builder.taken++
			return nil, &RecordError{Record: s.builder.taken, Err: fmt.Errorf("%s: %w", name, err)}
		}
		frames = array.Frames()
	}
	return s.builder.buildPayload(frames), nil
}

func (s *fileSource) read(name string) ([]byte, error) {
	if name != "-" {
		return os.ReadFile(name)
	}
	data, err := io.ReadAll(s.stdin)
	if err != nil {
		return nil, fmt.Errorf("reading stdin: %w", err)
	}
	return data, nil
}
