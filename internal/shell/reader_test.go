package shell

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/codec"
)

// readers are ways in which the same bytes can arrive.
var readers = map[string]func(io.Reader) io.Reader{
	"whole":      func(r io.Reader) io.Reader { return r },
	"one byte":   iotest.OneByteReader,
	"half reads": iotest.HalfReader,
	"data + EOF": iotest.DataErrReader,
}

func TestReaderSource(t *testing.T) {
	long := strings.Repeat("x", 3*chunkSize+17)
	tests := []struct {
		name  string
		o     InputOptions
		input string
		want  []string
	}{
		{"lines", InputOptions{}, "a\nb\n", []string{`["a"]`, `["b"]`}},
		{"last line without newline", InputOptions{}, "a\nb", []string{`["a"]`, `["b"]`}},
		{"CR stays", InputOptions{}, "a\r\n", []string{`["a\r"]`}},
		{"empty lines count", InputOptions{}, "\n\na\n\n", []string{`[""]`, `[""]`, `["a"]`, `[""]`}},
		{"nothing", InputOptions{}, "", nil},
		{"long lines", InputOptions{}, long + "\n" + long, []string{fmt.Sprintf("[%q]", long), fmt.Sprintf("[%q]", long)}},
		{"null", InputOptions{Format: Delimited, Delimiter: []byte{0}}, "a\nb\x00c\x00", []string{`["a\nb"]`, `["c"]`}},
		{"string", InputOptions{Format: Delimited, Delimiter: []byte("--")}, "a-b--c---d", []string{`["a-b"]`, `["c"]`, `["-d"]`}},
		{"empty delimiter", InputOptions{Format: Delimited}, "a\nb", []string{`["a"]`, `["b"]`}},
		{"raw", InputOptions{Format: Raw}, "a\nb\n", []string{`["a\nb\n"]`}},
		{"raw of nothing", InputOptions{Format: Raw}, "", []string{`[""]`}},
		{"multipart", InputOptions{Multipart: true}, "a\tb\t\nc\n", []string{`["a" "b" ""]`, `["c"]`}},
		{"frame delimiter", InputOptions{Multipart: true, FrameDelimiter: []byte("::")}, "a::b:c\t", []string{`["a" "b:c\t"]`}},
		{"topic", InputOptions{Topic: "2", HasTopic: true}, "66\n\n", []string{`["2 66"]`, `["2 "]`}},
		{"empty topic", InputOptions{HasTopic: true}, "66\n", []string{`[" 66"]`}},
		{"topic and frames", InputOptions{Topic: "2", HasTopic: true, Multipart: true}, "66\na\tb", []string{`["2" "66"]`, `["2" "a" "b"]`}},
		{"router", InputOptions{Type: zmq4.Router}, "id\tx\n0x00ff\t\ty\n0xf\n", []string{`["id" "x"]`, `["\x00\xff" "" "y"]`,
			`record 3: routing id "0xf": after 0x comes an even number of hex digits`}},
		{"codec", InputOptions{Codec: openCodec(t, "int:2:big")}, "1\n2\n", []string{`["\x00\x01"]`, `["\x00\x02"]`}},
		{"codec and topic", InputOptions{Codec: openCodec(t, "int:2:big"), Topic: "T", HasTopic: true}, "1\n", []string{`["T \x00\x01"]`}},
		{"codec and frames", InputOptions{Codec: openCodec(t, "int:1"), Multipart: true, Topic: "T", HasTopic: true}, "1\t2\n", []string{`["T" "\x01" "\x02"]`}},
		{"codec and routing id", InputOptions{Codec: openCodec(t, "int:1"), Type: zmq4.Router}, "7\t\t1\n7\t2\n", []string{`["7" "" "\x01"]`, `["7" "\x02"]`}},
		{"JSON values", valuesOf(t, "json"), " {\"a\":\n1}[2] 34\n\"x\"\n\n", []string{`["{\"a\":\n1}"]`, `["[2]"]`, `["34"]`, `["\"x\""]`}},
		{"bad JSON ends with its line", valuesOf(t, "json"), "1\nx 2\n3\n[4", []string{`["1"]`, `["x 2"]`, `["3"]`, `["[4"]`}},
		{"nothing but space", valuesOf(t, "json"), " \n\n", nil},
		{"numbers", valuesOf(t, "int:2:big"), "\x00\x01\x00\x02\x00", []string{`["\x00\x01"]`, `["\x00\x02"]`, `["\x00"]`}},
		{"array and topic", InputOptions{Codec: openCodec(t, "ndarray"), Topic: "T", HasTopic: true}, "[1]\n", []string{`["T" "int64" "[1]" "\x01\x00\x00\x00\x00\x00\x00\x00"]`}},
	}
	for _, test := range tests {
		for how, reader := range readers {
			for _, max := range []int{1, 2, 1000} {
				t.Run(fmt.Sprintf("%s/%s/%d", test.name, how, max), func(t *testing.T) {
					source := NewReaderSource(reader(strings.NewReader(test.input)), test.o)
					if got := collect(t, source, max); !slices.Equal(got, test.want) {
						t.Errorf("got %.200q\nwant %.200q", got, test.want)
					}
				})
			}
		}
	}
}

func TestBadRecordComesAloneAndTheRestGoesOn(t *testing.T) {
	source := NewReaderSource(strings.NewReader("1\n2\nx\n4\ny"), InputOptions{Codec: openCodec(t, "int:1")})
	want := []string{`["\x01"]`, `["\x02"]`, "record 3: ", `["\x04"]`, "record 5: "}
	got := collect(t, source, 100)
	if len(got) != len(want) {
		t.Fatalf("got %q", got)
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("element %d is %q, want %q…", i, got[i], want[i])
		}
	}
}

func TestReaderErrorComesAfterWhatWasWhole(t *testing.T) {
	broken := errors.New("broken")
	r := io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken))
	source := NewReaderSource(r, InputOptions{})
	msgs, err := source.Next(10)
	if err != nil || len(msgs) != 1 || string(msgs[0].Frames[0]) != "a" {
		t.Fatalf("got %v, %v", msgs, err)
	}
	for range 2 {
		if msgs, err := source.Next(10); !errors.Is(err, broken) || len(msgs) > 0 {
			t.Errorf("got %v, %v, want the reader's error", msgs, err)
		}
	}
}

func TestReaderThatReturnsNothing(t *testing.T) {
	source := NewReaderSource(nothing{}, InputOptions{})
	if _, err := source.Next(1); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("got %v", err)
	}
}

type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, nil }

// A whole record must not wait for the next one: the pipe's writer waits until it has been taken.
func TestWholeRecordIsHandedOutAtOnce(t *testing.T) {
	r, w := io.Pipe()
	source := NewReaderSource(r, InputOptions{})
	taken := make(chan struct{})
	go func() {
		defer w.Close()
		for i := range 3 {
			fmt.Fprintf(w, "%d\n", i)
			<-taken
		}
	}()
	for i := range 3 {
		msgs, err := source.Next(100)
		if err != nil || len(msgs) != 1 || string(msgs[0].Frames[0]) != fmt.Sprint(i) {
			t.Fatalf("got %v, %v", msgs, err)
		}
		taken <- struct{}{}
	}
}

// Frames stay what they were while the source reads on, also through many chunks.
func TestFramesAreNotReused(t *testing.T) {
	var input bytes.Buffer
	for i := range 40000 {
		fmt.Fprintf(&input, "%d\n", i)
	}
	for name, o := range map[string]InputOptions{"plain": {}, "topic": {Topic: "T", HasTopic: true}, "multipart": {Multipart: true}} {
		t.Run(name, func(t *testing.T) {
			for i, m := range messages(t, NewReaderSource(bytes.NewReader(input.Bytes()), o), 777) {
				want := fmt.Sprint(i)
				if o.HasTopic {
					want = "T " + want
				}
				if got := string(m.Frames[0]); got != want {
					t.Fatalf("message %d became %q", i, got)
				}
				if cap(m.Frames) != len(m.Frames) || cap(m.Frames[0]) != len(m.Frames[0]) {
					t.Fatalf("message %d has room that is another's", i)
				}
			}
		})
	}
}

func FuzzLines(f *testing.F) {
	f.Add([]byte("a\nb\r\n\nc"), "\n", uint8(1))
	f.Add([]byte("a\x00b"), "\x00", uint8(3))
	f.Add([]byte("a--b---c-"), "--", uint8(2))
	f.Add([]byte("aaaaaaa"), "aa", uint8(1))
	f.Fuzz(func(t *testing.T, input []byte, delimiter string, step uint8) {
		if delimiter == "" {
			t.Skip("a delimiter is never empty")
		}
		want := bytes.Split(input, []byte(delimiter))
		if last := len(want) - 1; len(want[last]) == 0 {
			want = want[:last]
		}
		o := InputOptions{Format: Delimited, Delimiter: []byte(delimiter)}
		got := messages(t, NewReaderSource(&stepReader{input, int(step) + 1}, o), 5)
		if len(got) != len(want) {
			t.Fatalf("%d records, want %d", len(got), len(want))
		}
		for i := range want {
			if !bytes.Equal(got[i].Frames[0], want[i]) {
				t.Fatalf("record %d is %q, want %q", i, got[i].Frames[0], want[i])
			}
		}
	})
}

// A stepReader returns at most step bytes a read.
type stepReader struct {
	data []byte
	step int
}

func (r *stepReader) Read(b []byte) (int, error) {
	if len(r.data) == 0 {
		return 0, io.EOF
	}
	n := copy(b[:min(len(b), r.step)], r.data)
	r.data = r.data[n:]
	return n, nil
}

func BenchmarkLines(b *testing.B) {
	line := []byte("a line of sixty-four bytes, as sensors and log files have them.\n")
	for name, o := range map[string]InputOptions{
		"plain": {}, "topic": {Topic: "cam", HasTopic: true}, "multipart": {Multipart: true},
		"int": {Codec: openCodec(b, "int:4:little")},
	} {
		data := line
		if name == "int" {
			data = []byte("123456\n")
		}
		input := bytes.Repeat(data, 100_000)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for n := 0; n < b.N; {
				source := NewReaderSource(bytes.NewReader(input), o)
				for n < b.N {
					msgs, err := source.Next(1024)
					if err == io.EOF {
						break
					}
					if err != nil {
						b.Fatal(err)
					}
					n += len(msgs)
				}
			}
		})
	}
}

// valuesOf are the options for payloads of a codec that stand one after another.
func valuesOf(t *testing.T, spec string) InputOptions {
	c := openCodec(t, spec)
	return InputOptions{Format: Values, First: c.(codec.Sequence).First, Text: codec.IsText(c)}
}
