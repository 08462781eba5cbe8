package shell

import (
	"io"

	"github.com/go-zeromq/zmq4"
)

// NewArgsSource returns each argument as a message, or with Multipart all of
// them as the frames of one, which are never split further.
func NewArgsSource(args []string, o InputOptions) Source {
	o.Format = Lines
	s := &argsSource{builder: newBuilder(o)}
	for _, arg := range args {
		s.fields = append(s.fields, []byte(arg))
	}
	return s
}

type argsSource struct {
	builder *builder
	fields  [][]byte // not yet sent
}

func (s *argsSource) Next(max int) ([]zmq4.Msg, error) {
	if len(s.fields) == 0 {
		return nil, io.EOF
	}
	if s.builder.o.Multipart || s.builder.o.Type == zmq4.Router {
		fields := s.fields
		s.fields = nil
		return s.builder.buildFields(fields)
	}
	batch := s.fields[:min(len(s.fields), atLeastOne(max))]
	msgs, taken, err := s.builder.build(batch)
	s.fields = s.fields[taken:]
	return msgs, err
}
