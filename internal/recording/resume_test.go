package recording

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"fogmq/internal/shell"
)

// A recording that ends anywhere is gone on with behind its last whole record, and no
// record that could be read before is lost.
func TestResumeAnywhere(t *testing.T) {
	text := numbered(1, 12)
	for name, content := range map[string][]byte{
		"lines": []byte(text), "frames": compressed(t, text, 5), "one frame": compressed(t, text, 100),
	} {
		t.Run(name, func(t *testing.T) {
			for end := 1; end <= len(content); end++ {
				file := scratch(t, "recording", content[:end])
				before, torn := readAll(t, file)
				whole := wholeLines(before)
				if before != "" && before != whole && strings.HasPrefix(text, before+"\n") { // the newline alone is missing
					whole = before + "\n"
				}
				repaired, err := record(file, numbered(13, 14), Options{})
				if name != "lines" && end < 4 {
					if err == nil {
						t.Fatalf("%d bytes are taken for a recording", end)
					}
					continue
				}
				if err != nil {
					t.Fatalf("%d bytes: %v", end, err)
				}
				after, tornAfter := readAll(t, file)
				if after != whole+numbered(13, 14) || tornAfter || !strings.HasPrefix(text, whole) {
					t.Fatalf("%d bytes, torn %v: %q became %q", end, torn, before, after)
				}
				if wasTorn := torn || before != whole && before+"\n" != whole; repaired != wasTorn {
					t.Fatalf("%d bytes: repaired %v, torn %v: %q", end, repaired, torn, before)
				}
			}
		})
	}
}

// Of a torn frame of several blocks all whole records are kept.
func TestResumeKeepsWholeBlocks(t *testing.T) {
	text := numbered(1, 20_000) // over 1 MiB
	content := compressed(t, text, 20_000)
	for _, end := range []int{len(content) - 1, len(content) * 3 / 4, len(content) / 2} {
		name := scratch(t, "recording", content[:end])
		before, torn := readAll(t, name)
		if whole := wholeLines(before); !torn || len(whole) < 100_000 {
			t.Fatalf("%d of %d bytes have %d bytes of records, torn %v", end, len(content), len(whole), torn)
		}
		if _, err := record(name, numbered(0, 0), Options{}); err != nil {
			t.Fatal(err)
		}
		if _, err := readCompressed(bytes.NewReader(content), make([]byte, 1<<20)); err != io.EOF && !errors.Is(err, shell.ErrTorn) {
			return // it has damage that is none of the end's
		}
		if after, torn := readAll(t, name); torn || after != wholeLines(before)+numbered(0, 0) {
			t.Fatalf("%d bytes became %d, torn %v", len(before), len(after), torn)
		}
	}
}

// What the zstd command compressed is gone on with, also where its last line has no end.
func TestResumeForeignFrames(t *testing.T) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderCRC(false))
	if err != nil {
		t.Fatal(err)
	}
	defer encoder.Close()
	name := scratch(t, "recording", encoder.EncodeAll([]byte(strings.TrimSuffix(numbered(1, 3), "\n")), nil))
	if repaired, err := record(name, numbered(4, 5), Options{Compressed: true}); err != nil || repaired {
		t.Fatal(repaired, err)
	}
	if got, torn := readAll(t, name); got != numbered(1, 5) || torn {
		t.Errorf("%q, torn %v", got, torn)
	}
}

func TestOpenRefuses(t *testing.T) {
	tar := bytes.Repeat([]byte("tar"), 1000)
	long := []byte(strings.Repeat("x", 2*headSize))
	for _, tt := range []struct {
		name    string
		content []byte
		o       Options
		want    string
	}{
		{"a text", []byte("hello\nthere\n"), Options{}, "no recording"},
		{"a word", []byte("{"), Options{}, ""},
		{"JSON", []byte(`{"a":1}`), Options{}, "no recording"},
		{"binary", tar, Options{}, "no recording"},
		{"a long line", long, Options{}, "no recording"},
		{"a long record", []byte(`{"frames":["` + string(long)), Options{}, ""},
		{"a time that is none", []byte(`{"time":"noon","frames":["a"]}` + "\n"), Options{}, "RFC 3339"},
		{"empty lines", []byte("\n\n"), Options{}, ""},
		{"one record without an end", []byte(strings.TrimSpace(numbered(1, 1))), Options{}, ""},
		{"compressed text", compressed(t, "hello\n", 1), Options{}, "no recording"},
		{"not compressed", []byte(numbered(1, 1)), Options{Compressed: true}, "not compressed"},
		{"overwritten", tar, Options{Overwrite: true}, ""},
		{"overwritten and compressed", tar, Options{Overwrite: true, Compressed: true}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			name := scratch(t, "file", tt.content)
			_, err := record(name, "", tt.o)
			after, readErr := os.ReadFile(name)
			switch {
			case readErr != nil:
				t.Fatal(readErr)
			case tt.want == "" && err != nil, tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("%v, want %q", err, tt.want)
			case tt.want != "" && !bytes.Equal(after, tt.content):
				t.Errorf("changed to %.60q", after)
			}
		})
	}
}

// Whatever is in a file, it is gone on with or refused, and can be read from then on.
func FuzzResume(f *testing.F) {
	text := numbered(1, 3)
	f.Add([]byte(text))
	f.Add([]byte(text[:len(text)-5]))
	f.Add(compressed(f, text, 2))
	f.Add(append(compressed(f, text, 2), "\x50\x2a\x4d\x18\xff\xff\xff\xffabc"...))
	f.Add(append(compressed(f, text, 1), "\x28\xb5\x2f\xfd\x04\x00\x07\x00\x00"...))
	f.Fuzz(func(t *testing.T, content []byte) {
		name := scratch(t, "recording", content)
		if _, err := record(name, numbered(7, 7), Options{}); err != nil {
			if after, readErr := os.ReadFile(name); readErr != nil || !bytes.Equal(after, content) {
				t.Fatalf("refused with %v, and changed", err)
			}
			return
		}
		if after, torn := readAll(t, name); torn || !strings.HasSuffix("\n"+after, "\n"+numbered(7, 7)) {
			t.Fatalf("torn %v: %q", torn, after)
		}
	})
}
