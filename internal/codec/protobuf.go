package codec

import (
	"errors"
	"fmt"
	"strings"

	"fogmq/internal/codec/protobuf"
	"fogmq/internal/codec/value"
)

// protobufCodec has payload frames that are messages of Protocol Buffers as JSON.
type protobufCodec struct {
	encode func(text []byte) ([]byte, error)
	decode func(frame []byte) ([]byte, error)
}

// openProtobuf opens protobuf alone, which has the numbers of fields, and protobuf:FILE:MESSAGE, which has their names.
func openProtobuf(spec string, args []string, _ Options) (Codec, error) {
	if len(args) == 0 {
		return &protobufCodec{encodeFields, decodeFields}, nil
	}
	m, err := protobuf.Open(strings.TrimPrefix(spec, "protobuf:"))
	if unknown := (*protobuf.NameError)(nil); errors.As(err, &unknown) {
		return nil, unknownMessage(unknown)
	}
	if err != nil {
		return nil, fmt.Errorf("codec protobuf: %w", err)
	}
	return &protobufCodec{m.Encode, m.Decode}, nil
}

// unknownMessage names the messages that there are, up to a few.
func unknownMessage(e *protobuf.NameError) error {
	const most = 8
	hint := ""
	if e.Name != "" {
		if hint = didYouMean(e.Name, e.Names); hint == "" {
			hint = samePart(e.Name, e.Names)
		}
	}
	list, more := e.Names, ""
	if len(list) > most {
		list, more = list[:most], fmt.Sprintf(" and %d more", len(list)-most)
	}
	switch {
	case len(list) == 0:
		return fmt.Errorf("codec protobuf: %w: it has none", e)
	case e.Name == "":
		return fmt.Errorf("codec protobuf: %w: write protobuf:%s:MESSAGE, with one of %s%s", e, e.File, strings.Join(list, ", "), more)
	}
	return fmt.Errorf("codec protobuf: %w%s; there are %s%s", e, hint, strings.Join(list, ", "), more)
}

// samePart returns a hint for a name that lacks its package, or has another one.
func samePart(name string, names []string) string {
	last := name[strings.LastIndexByte(name, '.')+1:]
	for _, candidate := range names {
		if strings.EqualFold(candidate[strings.LastIndexByte(candidate, '.')+1:], last) {
			return fmt.Sprintf(" (did you mean %s?)", candidate)
		}
	}
	return ""
}

func encodeFields(text []byte) ([]byte, error) {
	v, err := value.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("the text is no JSON: %w", err)
	}
	return protobuf.EncodeFields(v)
}

func decodeFields(frame []byte) ([]byte, error) {
	v, err := protobuf.DecodeFields(frame)
	if err != nil {
		return nil, err
	}
	return value.Append(nil, v, value.Limit(len(frame)))
}

func (c *protobufCodec) Encode(fields [][]byte) ([][]byte, error) {
	return eachOf(fields, "protobuf", c.encode)
}

func (c *protobufCodec) Decode(frames [][]byte) ([][]byte, error) {
	return eachOf(frames, "protobuf", c.decode)
}

// IsMessage tells whether c is protobuf, whose payloads have fields and are nothing to add a number to.
func IsMessage(c Codec) bool {
	_, ok := c.(*protobufCodec)
	return ok
}

// ProtobufMessages returns the full names of the messages that a .proto source or a descriptor set defines.
func ProtobufMessages(file string) ([]string, error) { return protobuf.Messages(file) }
