package protobuf

import (
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

const anyName = "google.protobuf.Any"

// holdsAny tells whether a message may have an Any somewhere within it. Where there may be extensions, there may.
func holdsAny(desc protoreflect.MessageDescriptor) bool {
	seen := map[protoreflect.FullName]bool{}
	var holds func(protoreflect.MessageDescriptor) bool
	holds = func(m protoreflect.MessageDescriptor) bool {
		if seen[m.FullName()] {
			return false
		}
		seen[m.FullName()] = true
		if m.FullName() == anyName || m.ExtensionRanges().Len() > 0 {
			return true
		}
		for i := range m.Fields().Len() {
			if inner := m.Fields().Get(i).Message(); inner != nil && holds(inner) {
				return true
			}
		}
		return false
	}
	return holds(desc)
}

// checkAny looks at how deep messages are nested where some of them are the bytes of an Any, for which the library knows
// no limit.
func (t *Message) checkAny(m protoreflect.Message, depth, anys int) (err error) {
	if depth == 0 || anys == 0 {
		return fmt.Errorf("messages are nested more than %d deep, or more than %d in Any", maxDepth, maxAny)
	}
	if m.Descriptor().FullName() == anyName {
		inner, err := t.unpack(m, depth-1)
		if err != nil || inner == nil {
			return err
		}
		return t.checkAny(inner, depth-1, anys-1)
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.IsMap():
			if f.MapValue().Message() != nil {
				v.Map().Range(func(_ protoreflect.MapKey, v protoreflect.Value) bool {
					err = t.checkAny(v.Message(), depth-1, anys)
					return err == nil
				})
			}
		case f.Message() == nil:
		case f.IsList():
			for i := range v.List().Len() {
				if err = t.checkAny(v.List().Get(i).Message(), depth-1, anys); err != nil {
					break
				}
			}
		default:
			err = t.checkAny(v.Message(), depth-1, anys)
		}
		return err == nil
	})
	return err
}

// unpack returns the message in an Any, or nil if nobody knows its type.
func (t *Message) unpack(m protoreflect.Message, depth int) (protoreflect.Message, error) {
	fields := m.Descriptor().Fields()
	url := m.Get(fields.ByNumber(1)).String()
	typ, err := t.types.FindMessageByURL(url)
	if err != nil {
		return nil, nil
	}
	inner := dynamicpb.NewMessage(typ.Descriptor())
	options := proto.UnmarshalOptions{AllowPartial: true, Resolver: t.types, RecursionLimit: max(depth, 1)}
	if err := options.Unmarshal(m.Get(fields.ByNumber(2)).Bytes(), inner); err != nil {
		return nil, fmt.Errorf("an Any is not a %s: %w", typ.Descriptor().FullName(), tidy(err))
	}
	return inner, nil
}
