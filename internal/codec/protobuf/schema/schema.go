// Package schema reads the types of messages that a file defines: a .proto source, or a descriptor set as protoc and buf
// write it (a serialized google.protobuf.FileDescriptorSet).
package schema

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"
)

// maxSize is how large a file may be. All of Google's public interfaces make a set of 20 MB.
const maxSize = 256 << 20

// A Schema is the types of a file and of what it imports. It is immutable, and safe for concurrent use.
type Schema struct {
	files *protoregistry.Files
	types *dynamicpb.Types
	own   []protoreflect.FileDescriptor
}

// Load reads the file of that name: one that ends in .proto is a source, and any other a descriptor set. An error is one
// line that names the file, and the place in it where there is one.
func Load(name string) (*Schema, error) {
	data, err := read(name)
	if err != nil {
		return nil, err
	}
	var s *Schema
	if strings.EqualFold(filepath.Ext(name), ".proto") {
		s, err = compile(name, data)
	} else {
		s, err = fromSet(name, data)
	}
	if err != nil {
		return nil, err
	}
	if err := s.addWellKnown(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s.types = dynamicpb.NewTypes(s.files)
	return s, nil
}

// Types finds messages and extensions by their names.
func (s *Schema) Types() *dynamicpb.Types { return s.types }

// Message finds a message by its full name.
func (s *Schema) Message(name string) (protoreflect.MessageDescriptor, bool) {
	d, err := s.files.FindDescriptorByName(protoreflect.FullName(name))
	m, ok := d.(protoreflect.MessageDescriptor)
	return m, err == nil && ok && !m.IsMapEntry()
}

// Messages returns the messages that the file defines, in its order: of a set, those of all its files but
// google/protobuf's. A message follows the one that it stands in.
func (s *Schema) Messages() []protoreflect.MessageDescriptor {
	var found []protoreflect.MessageDescriptor
	var add func(protoreflect.MessageDescriptors)
	add = func(list protoreflect.MessageDescriptors) {
		for i := range list.Len() {
			if m := list.Get(i); !m.IsMapEntry() {
				found = append(found, m)
				add(m.Messages())
			}
		}
	}
	for _, f := range s.own {
		add(f.Messages())
	}
	return found
}

func read(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, reason(name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	switch {
	case err != nil:
		return nil, reason(name, err)
	case len(data) > maxSize:
		return nil, fmt.Errorf("%s: the file is larger than %d MiB", name, maxSize>>20)
	}
	return data, nil
}

func reason(name string, err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		err = p.Err
	}
	return fmt.Errorf("%s: %w", name, err)
}
