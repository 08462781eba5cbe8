package schema

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/reporter"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// compile makes the types of a source and of what it imports: from the folder of the file, from those above it, from the
// current one, and from among those that protoc brings along.
func compile(name string, text []byte) (*Schema, error) {
	if err := checkNesting(name, text); err != nil {
		return nil, err
	}
	path := filepath.ToSlash(name)
	sources := &protocompile.SourceResolver{Accessor: func(wanted string) (io.ReadCloser, error) {
		if wanted == path {
			return io.NopCloser(bytes.NewReader(text)), nil
		}
		return open(folders(name), wanted)
	}}
	compiler := protocompile.Compiler{
		Resolver:       protocompile.WithStandardImports(sources),
		MaxParallelism: 1,
		Reporter:       reporter.NewReporter(nil, nil), // the first error ends it
	}
	files, err := compiler.Compile(context.Background(), path)
	if err != nil {
		return nil, oneLine(err)
	}
	s := &Schema{files: &protoregistry.Files{}}
	for _, f := range files {
		s.own = append(s.own, f)
		if err := s.register(f); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return s, nil
}

// register adds a file and what it imports to what names are looked up in.
func (s *Schema) register(f protoreflect.FileDescriptor) error {
	if _, err := s.files.FindFileByPath(f.Path()); err == nil {
		return nil
	}
	imports := f.Imports()
	for i := range imports.Len() {
		if err := s.register(imports.Get(i).FileDescriptor); err != nil {
			return err
		}
	}
	return s.files.RegisterFile(f)
}

func folders(name string) (list []string) {
	for folder := filepath.Dir(name); ; folder = filepath.Dir(folder) {
		list = append(list, folder)
		if folder == filepath.Dir(folder) {
			break
		}
	}
	if filepath.IsAbs(name) {
		list = append(list, ".")
	}
	return list
}

func open(folders []string, path string) (io.ReadCloser, error) {
	for _, folder := range folders {
		name := filepath.Join(folder, filepath.FromSlash(path))
		data, err := read(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = checkNesting(name, data)
		}
		return io.NopCloser(bytes.NewReader(data)), err
	}
	return nil, &fs.PathError{Op: "open", Path: path, Err: os.ErrNotExist}
}
