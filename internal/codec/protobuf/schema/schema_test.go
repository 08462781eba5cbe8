package schema

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func messages(s *Schema) string {
	var names []string
	for _, m := range s.Messages() {
		names = append(names, string(m.FullName()))
	}
	return strings.Join(names, " ")
}

const readings = `syntax = "proto3"; package fog;
import "shared/place.proto"; import "google/protobuf/timestamp.proto";
message Reading { Place at = 1; google.protobuf.Timestamp time = 2; map<string, int32> raw = 3; message Part {} }`

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "shared", "place.proto"), `syntax = "proto3"; package fog; message Place { string name = 1; }`)
	source := write(t, filepath.Join(dir, "deep", "reading.proto"), readings)
	s, err := Load(source)
	if err != nil {
		t.Fatal(err)
	}
	if got := messages(s); got != "fog.Reading fog.Reading.Part" {
		t.Errorf("the source defines %s", got)
	}
	for name, want := range map[string]bool{
		"fog.Reading": true, "fog.Place": true, "google.protobuf.Timestamp": true, "google.protobuf.Duration": true,
		"fog.Reading.RawEntry": false, "fog.Nothing": false, "": false,
	} {
		if _, ok := s.Message(name); ok != want {
			t.Errorf("there is a message %s: %t", name, ok)
		}
	}
	set := &descriptorpb.FileDescriptorSet{}
	for _, path := range []string{"shared/place.proto", filepath.ToSlash(source)} {
		f, err := s.files.FindFileByPath(path)
		if err != nil {
			t.Fatal(err)
		}
		set.File = append(set.File, protodesc.ToFileDescriptorProto(f))
	}
	for _, test := range []struct {
		files []*descriptorpb.FileDescriptorProto
		want  string
	}{{set.File, "fog.Place fog.Reading fog.Reading.Part"}, {set.File[1:], ""}} {
		data, err := proto.Marshal(&descriptorpb.FileDescriptorSet{File: test.files})
		if err != nil {
			t.Fatal(err)
		}
		fromSet, err := Load(write(t, filepath.Join(dir, "set.desc"), string(data)))
		switch {
		case err == nil && messages(fromSet) != test.want:
			t.Errorf("the set defines %s", messages(fromSet))
		case test.want == "" && (err == nil || !strings.Contains(err.Error(), "--include_imports")):
			t.Errorf("a set that lacks an import: %v", err)
		case test.want != "" && err != nil:
			t.Error(err)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		"":                                    "",
		"message M { optional int33 a = 1; }": "unknown type int33",
		"message M { optional int32 a = 1 }":  "syntax error",
		"import \"nowhere.proto\";":           "nowhere.proto",
		"message M { optional M a = 0; }":     "x.proto:1:",
		"import \"x.proto\"; message M{":      "x.proto",
		"\xff\x00\x1b[2J":                     "x.proto:1:1: ",
	} {
		_, err := Load(write(t, filepath.Join(dir, "x.proto"), text))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Errorf("an error is not a line: %q", err)
		}
	}
	for _, data := range []string{"", "syntax = 'proto3';", "\n\xff\xff\xff\xff\xff\xff\xff\xff\x7f", strings.Repeat("\x0a\x02", 1000)} {
		_, err := Load(write(t, filepath.Join(dir, "x.desc"), data))
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", data, err)
		}
	}
	if _, err := Load(filepath.Join(dir, "nosuch.proto")); err == nil || !strings.HasSuffix(err.Error(), "nosuch.proto: no such file or directory") {
		t.Errorf("a missing file: %v", err)
	}
}

// What the libraries would take long for, or make no sense of, is refused at once.
func TestBounds(t *testing.T) {
	dir := t.TempDir()
	deep := write(t, filepath.Join(dir, "deep.proto"), strings.Repeat("message M {", 100_000))
	evil := write(t, filepath.Join(dir, "evil.proto"), `syntax = "proto3"; package google.protobuf; message Timestamp { string when = 5; }`)
	message := &descriptorpb.DescriptorProto{Name: proto.String("M")}
	for range 150 {
		message = &descriptorpb.DescriptorProto{Name: proto.String("M"), NestedType: []*descriptorpb.DescriptorProto{message}}
	}
	data, err := proto.Marshal(&descriptorpb.FileDescriptorSet{File: []*descriptorpb.FileDescriptorProto{
		{Name: proto.String("x.proto"), MessageType: []*descriptorpb.DescriptorProto{message}}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		deep: deep + ": messages are nested more than 100 deep",
		write(t, filepath.Join(dir, "a.proto"), `import "deep.proto";`): "messages are nested more than 100 deep",
		evil: evil + ": google.protobuf.Timestamp is not what protobuf has under this name",
		write(t, filepath.Join(dir, "deep.desc"), string(data)): "this is no descriptor set",
	} {
		if _, err := Load(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte("\x0a\x0f\x0a\x01a\x22\x0a\x0a\x01M\x12\x05\x0a\x01f\x18\x01"))
	f.Add([]byte("message M { optional int32 a = 1; map<string, M> b = 2; oneof c { group D = 3 {} } }"))
	f.Add([]byte(`syntax = "proto3"; import "google/protobuf/descriptor.proto"; extend google.protobuf.FieldOptions { int32 m = 50000; }`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, load := range []func(string, []byte) (*Schema, error){fromSet, compile} {
			s, err := load("x.proto", data)
			if err == nil {
				err = s.addWellKnown()
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("an error is not a line: %q", err)
			}
		}
	})
}
