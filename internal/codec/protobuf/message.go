package protobuf

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"fogmq/internal/codec/protobuf/schema"
)

// Messages may be nested maxDepth deep, as in Any at most maxAny deep: each of those has all the others in its bytes, to
// be read once more.
const (
	maxDepth = 1000
	maxAny   = 32
)

// A Message is the type of a message. It is safe for concurrent use.
type Message struct {
	desc   protoreflect.MessageDescriptor
	types  *dynamicpb.Types
	hasAny bool // it may hold an Any
}

func newMessage(s *schema.Schema, desc protoreflect.MessageDescriptor) *Message {
	return &Message{desc, s.Types(), holdsAny(desc)}
}

// Name returns the full name of the message.
func (t *Message) Name() string { return string(t.desc.FullName()) }

// Encode returns the bytes of the message that text is in protobuf's JSON form.
func (t *Message) Encode(text []byte) (data []byte, err error) {
	defer guard(&err)
	m := dynamicpb.NewMessage(t.desc)
	if isBlank(text) {
		return nil, errors.New("the text is empty")
	}
	if err := (protojson.UnmarshalOptions{Resolver: t.types, RecursionLimit: maxDepth}).Unmarshal(text, m); err != nil {
		return nil, tidy(err)
	}
	data, err = proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		return nil, tidy(err)
	}
	return data, nil
}

// Decode returns the JSON form of a message on one line. Fields that the type does not have are not in it.
func (t *Message) Decode(data []byte) (text []byte, err error) {
	defer guard(&err)
	m := dynamicpb.NewMessage(t.desc)
	if err := (proto.UnmarshalOptions{Resolver: t.types, RecursionLimit: maxDepth}).Unmarshal(data, m); err != nil {
		return nil, fmt.Errorf("not a %s: %w", t.Name(), tidy(err))
	}
	if t.hasAny {
		if err := t.checkAny(m, maxDepth, maxAny); err != nil {
			return nil, err
		}
	}
	text, err = protojson.MarshalOptions{Resolver: t.types}.Marshal(m)
	if err != nil {
		return nil, tidy(err)
	}
	return appendCompact(make([]byte, 0, len(text)), text), nil
}

// guard turns a panic into an error. None is known of, but the descriptors are any that a user has.
func guard(err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("the descriptors do not make sense: %v", cause)
	}
}
