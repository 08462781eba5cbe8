package schema

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// maxNesting is how deep messages may be defined in each other. The libraries take time and memory that grow with its
// square, as full names do; protoc stops at 32.
const maxNesting = 100

// checkNesting looks at how deep the braces of a source are nested, those in its strings and comments included.
func checkNesting(name string, text []byte) error {
	depth := 0
	for _, c := range text {
		switch c {
		case '{':
			depth++
		case '}':
			depth = max(depth-1, 0)
		}
		if depth > maxNesting {
			return fmt.Errorf("%s: messages are nested more than %d deep", name, maxNesting)
		}
	}
	return nil
}

// wellKnown are the files of the types that have a JSON form of their own.
var wellKnown = []string{"any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers"}

// addWellKnown adds the types that have a JSON form of their own: what a google.protobuf.Any holds need not be imported.
// It is an error if the file defines one of them otherwise than the library, which makes their JSON, knows it.
func (s *Schema) addWellKnown() error {
	for _, name := range wellKnown {
		f, err := protoregistry.GlobalFiles.FindFileByPath("google/protobuf/" + name + ".proto")
		if err != nil {
			return err
		}
		_ = s.register(f) // one that is there already stays
		for i := range f.Messages().Len() {
			if err := s.checkWellKnown(f.Messages().Get(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Schema) checkWellKnown(want protoreflect.MessageDescriptor) error {
	d, err := s.files.FindDescriptorByName(want.FullName())
	if err != nil {
		return err
	}
	got, ok := d.(protoreflect.MessageDescriptor)
	if !ok || !sameFields(got.Fields(), want.Fields()) {
		return fmt.Errorf("%s is not what protobuf has under this name", want.FullName())
	}
	return nil
}

func sameFields(got, want protoreflect.FieldDescriptors) bool {
	for i := range want.Len() {
		w := want.Get(i)
		g := got.ByNumber(w.Number())
		if g == nil || g.Name() != w.Name() || g.Kind() != w.Kind() || g.Cardinality() != w.Cardinality() || g.IsMap() != w.IsMap() ||
			(g.Message() == nil) != (w.Message() == nil) || g.Message() != nil && g.Message().FullName() != w.Message().FullName() {
			return false
		}
	}
	return got.Len() == want.Len()
}
