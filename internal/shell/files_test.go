package shell

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// npyFile is what numpy.save writes of an int8 array: the header is padded to 64 bytes.
func npyFile(shape string, data string) string {
	header := fmt.Sprintf("{'descr': '|i1', 'fortran_order': False, 'shape': %s, }", shape)
	header += strings.Repeat(" ", 63-(10+len(header))%64) + "\n"
	return "\x93NUMPY\x01\x00" + string([]byte{byte(len(header)), byte(len(header) >> 8)}) + header + data
}

func TestFileSource(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	text := file("a.txt", "a\tb\nc\n")
	empty := file("empty", "")
	array := file("a.npy", npyFile("(2,)", "\x01\x02"))
	broken := file("broken.npy", npyFile("(3,)", "\x01\x02"))
	missing := filepath.Join(dir, "missing")
	tests := []struct {
		name  string
		names []string
		o     InputOptions
		want  []string
	}{
		{"byte for byte", []string{text, empty}, InputOptions{Format: JSONL}, []string{`["a\tb\nc\n"]`, `[""]`}},
		{"stdin", []string{text, "-"}, InputOptions{Multipart: true}, []string{`["a\tb\nc\n"]`, `["from\tstdin\n"]`}},
		{"topic", []string{text}, InputOptions{Topic: "T", HasTopic: true}, []string{`["T a\tb\nc\n"]`}},
		{"topic frame", []string{text}, InputOptions{Topic: "T", HasTopic: true, Multipart: true}, []string{`["T" "a\tb\nc\n"]`}},
		{"no codec", []string{text}, InputOptions{Codec: openCodec(t, "int:4:big")}, []string{`["a\tb\nc\n"]`}},
		{"array", []string{array}, InputOptions{Codec: openCodec(t, "ndarray")}, []string{`["int8" "[2]" "\x01\x02"]`}},
		{"array with topic", []string{array}, InputOptions{Codec: openCodec(t, "ndarray"), Topic: "T", HasTopic: true}, []string{`["T" "int8" "[2]" "\x01\x02"]`}},
		{"array with a header", []string{array}, InputOptions{Codec: openCodec(t, "ndarray:header")}, []string{`["{\"dtype\": \"int8\", \"shape\": [2]}" "\x01\x02"]`}},
		{"other file under ndarray", []string{text}, InputOptions{Codec: openCodec(t, "ndarray")}, []string{`["a\tb\nc\n"]`}},
		{"npy under another codec", []string{empty, array}, InputOptions{Codec: openCodec(t, "bytes")}, []string{`[""]`, fmt.Sprintf("[%q]", npyFile("(2,)", "\x01\x02"))}},
		{"bad array", []string{broken, array}, InputOptions{Codec: openCodec(t, "ndarray")}, []string{"record 1: " + broken + ": ", `["int8" "[2]" "\x01\x02"]`}},
		{"missing", []string{missing}, InputOptions{}, []string{"file: open " + missing + ": no such file or directory"}},
		{"a directory", []string{dir}, InputOptions{}, []string{"file: " + dir + " is a directory; '" + dir + "/*' sends the files in it"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := collect(t, NewFileSource(test.names, strings.NewReader("from\tstdin\n"), test.o), 10)
			if !slices.EqualFunc(got, test.want, strings.HasPrefix) {
				t.Errorf("got %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestExpandFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"shots/old", ".hidden"} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"shots/b.jpg", "shots/a.jpg", "shots/.c.jpg", "shots/old/d.jpg", "[x]", "x", ".hidden/e.jpg"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct{ names, want string }{
		{"shots/*.jpg", "shots/a.jpg shots/b.jpg"},
		{"x shots/*", "x shots/a.jpg shots/b.jpg"},
		{"./shots/?.jpg -", "shots/a.jpg shots/b.jpg -"},
		{"shots/.*", "shots/.c.jpg"},
		{"*/*.jpg", "shots/a.jpg shots/b.jpg"},
		{".h*/*", ".hidden/e.jpg"},
		{"[x]", "[x]"},
		{"missing", "missing"},
		{"*.png", "file: no file matches *.png"},
		{"shots/ol*", "file: no file matches shots/ol*"},
		{"a[", "file: a[ is no file, and no pattern either: a [ has no ]"},
		{"shots", "file: shots is a directory; 'shots/*' sends the files in it"},
	}
	for _, test := range tests {
		files, err := ExpandFiles(strings.Fields(test.names))
		got := strings.Join(files, " ")
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.names, got, test.want)
		}
	}
}

func TestMissingFileCanBePassedOver(t *testing.T) {
	source := NewFileSource([]string{filepath.Join(t.TempDir(), "missing"), "-"}, strings.NewReader("x"), InputOptions{})
	if _, err := source.Next(1); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if got := collect(t, source, 1); !slices.Equal(got, []string{`["x"]`}) {
		t.Errorf("got %q", got)
	}
}
