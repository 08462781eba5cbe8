package schema

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
)

// fromSet makes the types of a descriptor set. Google's own files, which protoc leaves out unless it is told
// --include_imports, are those that the library knows.
func fromSet(name string, data []byte) (*Schema, error) {
	set := &descriptorpb.FileDescriptorSet{}
	if err := (proto.UnmarshalOptions{DiscardUnknown: true, RecursionLimit: maxNesting}).Unmarshal(data, set); err != nil || len(set.GetFile()) == 0 {
		return nil, fmt.Errorf("%s: this is no descriptor set: make one with protoc --include_imports --descriptor_set_out=%s, or give the .proto file", name, name)
	}
	files, err := protodesc.NewFiles(withStandard(set))
	if err != nil {
		return nil, fmt.Errorf("%s: %w%s", name, oneLine(err), hint(err))
	}
	s := &Schema{files: files}
	for _, f := range set.GetFile() {
		if strings.HasPrefix(f.GetName(), "google/protobuf/") {
			continue
		}
		d, err := files.FindFileByPath(f.GetName())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, oneLine(err))
		}
		s.own = append(s.own, d)
	}
	return s, nil
}

// hint says how a set is made that lacks nothing.
func hint(err error) string {
	if strings.Contains(err.Error(), "resolve") {
		return " (protoc --include_imports puts all that is needed into the set)"
	}
	return ""
}

// oneLine puts an error of the libraries, which may have several lines and spaces that only look like some, into one.
func oneLine(err error) error {
	text := strings.ReplaceAll(err.Error(), "\u00a0", " ")
	return errors.New(strings.Join(strings.Fields(strings.TrimPrefix(text, "proto: ")), " "))
}
