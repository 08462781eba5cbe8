package shell

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// savedFiles returns the files below the current folder as "path=content", sorted.
func savedFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files = append(files, path+"="+string(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	return files
}

// save hands messages, whose frames are separated by |, to a Saver.
func save(t *testing.T, o SaveOptions, messages ...string) error {
	t.Helper()
	o.Now = func() time.Time { return time.Unix(0, 0).UTC() }
	s, err := NewSaver(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Open(); err != nil {
		return err
	}
	for _, m := range messages {
		if err := s.Received(zmq4.NewMsgFrom(bytesOf(strings.Split(m, "|"))...)); err != nil {
			return err
		}
	}
	return s.Flush()
}

func bytesOf(texts []string) [][]byte {
	frames := make([][]byte, len(texts))
	for i, text := range texts {
		frames[i] = []byte(text)
	}
	return frames
}

const (
	jpeg = "\xff\xd8\xff\xe0 a picture"
	png  = "\x89PNG\r\n\x1a\n a picture"
)

func TestSaver(t *testing.T) {
	npy := npyFile("(2,)", "\x01\x02")
	long := strings.Repeat("ä", 200)
	tests := []struct {
		name     string
		o        SaveOptions
		messages []string
		want     []string
	}{
		{"by kind", SaveOptions{Name: "d"}, []string{jpeg, png, "text\n", `{"a": 1}`, "\x00\x01", "", "BM and more text", "\x93NUMPY\x01"},
			[]string{"d/000001.jpg=" + jpeg, "d/000002.png=" + png, "d/000003.txt=text\n", `d/000004.json={"a": 1}`,
				"d/000005.bin=\x00\x01", "d/000006.txt=", "d/000007.txt=BM and more text", "d/000008.npy=\x93NUMPY\x01"}},
		{"a folder below", SaveOptions{Name: "d/e/"}, []string{"x"}, []string{"d/e/000001.txt=x"}},
		{"percent in the folder", SaveOptions{Name: "100%%"}, []string{"x"}, []string{"100%/000001.txt=x"}},
		{"frames", SaveOptions{Name: "d"}, []string{"a|b||c"}, []string{"d/000001.txt=abc"}},
		{"an array", SaveOptions{Name: "d"}, []string{"int8|[2]|\x01\x02"}, []string{"d/000001.npy=" + npy}},
		{"an array as bytes", SaveOptions{Name: "d", Codec: openCodec(t, "bytes")}, []string{"int8|[2]|\x01\x02"}, []string{"d/000001.bin=int8[2]\x01\x02"}},
		{"an array with a header", SaveOptions{Name: "d", Codec: openCodec(t, "ndarray:header")}, []string{`{"dtype":"int8","shape":[2]}|` + "\x01\x02"},
			[]string{"d/000001.npy=" + npy}},
		{"a topic and an array with a header", SaveOptions{Name: "%t/%n", Type: zmq4.Sub, Codec: openCodec(t, "ndarray:header")},
			[]string{`{"dtype":"int8","shape":[2]}|` + "\x01\x02", `T|{"dtype":"int8","shape":[2]}|` + "\x01\x02"},
			[]string{"T/2.npy=" + npy, "_/1.npy=" + npy}},
		{"decoded", SaveOptions{Name: "d", Codec: openCodec(t, "json")}, []string{`{ "a":1}|2`}, []string{"d/000001.json={\"a\":1}\n2\n"}},
		{"a number", SaveOptions{Name: "d", Codec: openCodec(t, "uint:1")}, []string{"\x07"}, []string{"d/000001.txt=7\n"}},
		{"topics", SaveOptions{Name: "%t-%n", Type: zmq4.Sub, Topics: []string{"cam"}}, []string{"cam " + jpeg, "a|" + jpeg + "|more", "b two words", "cam"},
			[]string{"-4.txt=cam", "a-2.jpg=" + jpeg + "more", "b-3.txt=two words", "cam-1.jpg=" + jpeg}},
		{"no topic", SaveOptions{Name: "d", Type: zmq4.Sub}, []string{jpeg, `{"a": 1}`, "\x07 \x08", "x\ny z"},
			[]string{"d/000001.jpg=" + jpeg, `d/000002.json={"a": 1}`, "d/000003.bin=\x07 \x08", "d/000004.txt=x\ny z"}},
		{"a routing id", SaveOptions{Name: "d/%i-%n", Type: zmq4.Router}, []string{"me||x", "\x00\x01|x"}, []string{"d/0x0001-2.txt=x", "d/me-1.txt=x"}},
		{"an extension of its own", SaveOptions{Name: "d/%03n.raw"}, []string{"x"}, []string{"d/001.raw=x"}},
		{"time and length", SaveOptions{Name: "%T %l %n"}, []string{"xyz"}, []string{"1970-01-01T00:00:00.000000000Z 3 1.txt=xyz"}},
		{"names that would leave", SaveOptions{Name: "d/%t/%t%n", Type: zmq4.Sub}, []string{"..|x", "/etc|x", "a/../b|x", ".|x", "|x", "-rf|x", "a\x00\n%|x", "\xff\\|x"},
			[]string{"d/%2Drf/%2Drf6.txt=x", "d/%2E./%2E.1.txt=x", "d/%2E/%2E4.txt=x", "d/%2Fetc/%2Fetc2.txt=x", "d/%FF%5C/%FF%5C8.txt=x",
				"d/_/5.txt=x", "d/a%00%0A%25/a%00%0A%257.txt=x", "d/a%2F.%2E%2Fb/a%2F.%2E%2Fb3.txt=x"}},
		{"dots of the user", SaveOptions{Name: "d/.%t/..%t/%n", Type: zmq4.Sub}, []string{"|x", ".|x"}, []string{"d/.%2E/..%2E/2.txt=x", "d/._/.._/1.txt=x"}},
		{"long names", SaveOptions{Name: "%t%p-%n", Type: zmq4.Sub}, []string{long + "|" + long},
			[]string{strings.Repeat("ä", 108) + "-1.txt=" + long}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := save(t, test.o, test.messages...); err != nil {
				t.Fatal(err)
			}
			got := savedFiles(t)
			slices.Sort(test.want)
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestSaverOverwritesNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"000007.jpg", "12.old.txt", "x-99.txt", ".fogmq-1-1.part", "99999999999999999999.txt"} {
		if err := os.WriteFile(name, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := savedFiles(t)
	if err := save(t, SaveOptions{Name: "."}, "a", "b"); err != nil {
		t.Fatal(err)
	}
	if err := save(t, SaveOptions{Name: "%p-%n.txt"}, "x"); err != nil {
		t.Fatal(err)
	}
	want := append(before, "000008.txt=a", "000009.txt=b", "x-100.txt=x")
	slices.Sort(want)
	if got := savedFiles(t); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestTwoSaversInOneFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	var savers []*Saver
	for range 2 {
		s, err := NewSaver(SaveOptions{Name: "d"})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Open(); err != nil {
			t.Fatal(err)
		}
		savers = append(savers, s)
	}
	for i, text := range []string{"a", "b", "c", "d"} {
		if err := savers[i%2].Received(zmq4.NewMsgString(text)); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"d/000001.txt=a", "d/000002.txt=b", "d/000003.txt=c", "d/000004.txt=d"}
	if got := savedFiles(t); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSaverTellsWhatWasSaved(t *testing.T) {
	t.Chdir(t.TempDir())
	s, err := NewSaver(SaveOptions{Name: "d", Codec: openCodec(t, "json")})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Open(); err != nil {
		t.Fatal(err)
	}
	if err := s.Received(zmq4.NewMsgString("1")); err != nil {
		t.Fatal(err)
	}
	bad, ok := errors.AsType[*RecordError](s.Received(zmq4.NewMsgString("{")))
	if !ok || bad.Record != 2 {
		t.Errorf("got %v", bad)
	}
	if err := os.RemoveAll("d"); err != nil {
		t.Fatal(err)
	}
	err = s.Received(zmq4.NewMsgString("3"))
	const want = "out-dir: d: no such file or directory; 1 message was saved, message 3 and what came after it are lost"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestPlaceByLink(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"a", "b"} {
		if err := os.WriteFile(name, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := placeByLink("a", "b"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a file was replaced: %v", err)
	}
	if err := placeByLink("a", "c"); err != nil {
		t.Error(err)
	}
	if got := savedFiles(t); !slices.Equal(got, []string{"b=b", "c=a"}) {
		t.Errorf("got %q", got)
	}
}

func TestSaverRefuses(t *testing.T) {
	tests := []struct{ name, want string }{
		{"d/%t", `its last part needs a %n, so that each file has a name of its own: 'd/%t-%n'`},
		{"%n/x%t", `its last part needs a %n, so that each file has a name of its own: '%n/x%t-%n'`},
		{"d/%q%n", "unknown %q at character 3: there are " + templateNames},
		{"d/%", "a single % ends it at character 3: %% is a percent sign"},
		{`d/%n\0`, "no name of a file has a NUL in it"},
	}
	for _, test := range tests {
		_, err := NewSaver(SaveOptions{Name: test.name})
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
}

func FuzzSaveNames(f *testing.F) {
	f.Add([]byte("../../etc"), []byte("me"))
	f.Add([]byte(".\x00\n\u202e%2F"), []byte(""))
	f.Fuzz(func(t *testing.T, topic, payload []byte) {
		s, err := NewSaver(SaveOptions{Name: "d/.%t/%t%x/%p-%t-%n", Type: zmq4.Sub, Codec: openCodec(t, "bytes")})
		if err != nil {
			t.Fatal(err)
		}
		m := message{frames: [][]byte{topic, payload, payload}}
		var p parts
		s.split(m.frames, &p)
		for _, part := range append(s.name.dirs, s.name.base) {
			name, err := s.appendPart(nil, part, m, &p)
			if err != nil || len(name) > maxName-len(".jpeg") || strings.ContainsAny(string(name), "/\x00\n") || string(name) == ".." {
				t.Errorf("%q makes %q, %v", topic, name, err)
			}
		}
	})
}
