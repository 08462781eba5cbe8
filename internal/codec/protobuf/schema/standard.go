package schema

import (
	"slices"

	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

// withStandard returns a set with the files of google/protobuf that it imports and has not. They are linked into the
// program by what compiles sources.
func withStandard(set *descriptorpb.FileDescriptorSet) *descriptorpb.FileDescriptorSet {
	have := map[string]bool{}
	for _, f := range set.GetFile() {
		have[f.GetName()] = true
	}
	whole := &descriptorpb.FileDescriptorSet{File: slices.Clone(set.GetFile())}
	var add func(protoreflect.FileDescriptor)
	add = func(f protoreflect.FileDescriptor) {
		if have[f.Path()] {
			return
		}
		have[f.Path()] = true
		for i := range f.Imports().Len() {
			add(f.Imports().Get(i).FileDescriptor)
		}
		whole.File = append(whole.File, protodesc.ToFileDescriptorProto(f))
	}
	for _, f := range set.GetFile() {
		for _, path := range f.GetDependency() {
			if d, err := protoregistry.GlobalFiles.FindFileByPath(path); err == nil {
				add(d)
			}
		}
	}
	return whole
}
