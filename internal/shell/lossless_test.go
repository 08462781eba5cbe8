package shell

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-zeromq/zmq4"
)

// fixedNow is a time whose nanoseconds end in zeros, which must all be printed.
func fixedNow() time.Time { return time.Date(2026, 11, 22, 9, 8, 7, 120000000, time.UTC) }

// printAll returns what a printer writes for messages received.
func printAll(t testing.TB, o OutputOptions, msgs ...zmq4.Msg) []byte {
	t.Helper()
	var out bytes.Buffer
	o.Now = fixedNow
	p, err := NewPrinter(&out, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range msgs {
		if err := p.Received(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestLosslessRoundTrip(t *testing.T) {
	formats := map[string]InputFormat{"jsonl": JSONL, "frames": Frames}
	for name, format := range formats {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			var want []zmq4.Msg
			for range 2000 {
				want = append(want, randomMessage(random))
			}
			out := printAll(t, OutputOptions{Format: name, Type: zmq4.XPub}, want...)
			// Neither codec nor multipart may touch what is a message already.
			o := InputOptions{Format: format, Multipart: true, Codec: openCodec(t, "int:4:big"), Type: zmq4.Router}
			for how, reader := range readers {
				got := messages(t, NewReaderSource(reader(bytes.NewReader(out)), o), 100)
				if len(got) != len(want) {
					t.Fatalf("%s: %d messages, want %d", how, len(got), len(want))
				}
				for i := range want {
					if !slices.EqualFunc(got[i].Frames, want[i].Frames, bytes.Equal) {
						t.Fatalf("%s: message %d became %q, was %q", how, i, got[i].Frames, want[i].Frames)
					}
				}
			}
			if again := printAll(t, OutputOptions{Format: name}, messages(t, NewReaderSource(bytes.NewReader(out), o), 7)...); !bytes.Equal(again, out) {
				t.Error("printed again, the output differs")
			}
		})
	}
}

func randomMessage(random *rand.Rand) zmq4.Msg {
	texts := []string{"", "66", "日本語メッセージ", "\x1b[2J\u009b\u202e\u2028", "a\"b\\c\t\n\r", "\ufffd\U0001f600", "\x00\x01", "\xff"}
	frames := make([][]byte, 1+random.IntN(5))
	for i := range frames {
		switch random.IntN(3) {
		case 0:
			frames[i] = []byte(texts[random.IntN(len(texts))])
		case 1:
			frames[i] = make([]byte, random.IntN(600))
			for k := range frames[i] {
				frames[i][k] = byte(random.Uint32())
			}
		default:
			frames[i] = make([]byte, 250+random.IntN(12))
		}
	}
	return zmq4.NewMsgFrom(frames...)
}

func TestJSONLOutput(t *testing.T) {
	tests := []struct{ frames, want string }{
		{"text", `"text"`},
		{"", `""`},
		{"a|\xff\x00", `"a",{"base64":"/wA="}`},
		{"\"\\\t\n\r\x00\x1b\x7f", `"\"\\\t\n\r\u0000\u001b\u007f"`},
		{"日本\u009b\u202e\u2028<&>", `"日本\u009b\u202e\u2028<&>"`},
	}
	for _, test := range tests {
		var m zmq4.Msg
		for _, frame := range strings.Split(test.frames, "|") {
			m.Frames = append(m.Frames, []byte(frame))
		}
		want := `{"time":"2026-11-22T09:08:07.120000000Z","frames":[` + test.want + "]}\n"
		if got := printAll(t, OutputOptions{Format: "jsonl"}, m); string(got) != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}

func TestJSONLInput(t *testing.T) {
	tests := []struct {
		name, line string
		want       []string
	}{
		{"text", `{"frames":["a","b"]}`, []string{`["a" "b"]`}},
		{"bytes", `{"frames":[{"base64":"/wA="},{"base64":""}]}`, []string{`["\xff\x00" ""]`}},
		{"time and unknown keys", `{"time":12,"x":{"frames":[1]},"frames":["a"],"y":null}`, []string{`["a"]`}},
		{"escapes", `{"frames":["\u0000\ud83d\ude00\\ud800\/"]}`, []string{`["\x00😀\\ud800/"]`}},
		{"spaces and CR", " {\"frames\" : [ \"a\" , \"b\" ]} \r", []string{`["a" "b"]`}},
		{"empty line", "\n \n" + `{"frames":["a"]}`, []string{`["a"]`}},
		{"number after empty line", "\n" + `{}`, []string{`record 2: jsonl: no frames: an object like {"frames":["text"]} is expected`}},
		{"no JSON", `frames`, []string{`record 1: jsonl: invalid character`}},
		{"two values", `{"frames":["a"]} 1`, []string{`record 1: jsonl: invalid character '1' after top-level value`}},
		{"no object", `["a"]`, []string{`record 1: jsonl: a JSON array where an object like {"frames":["text"]} is expected`}},
		{"null", `null`, []string{`record 1: jsonl: no frames`}},
		{"no array", `{"frames":"a"}`, []string{`record 1: jsonl: "frames" is a JSON string, not an array of frames`}},
		{"no frames", `{"frames":[]}`, []string{`record 1: jsonl: no frames`}},
		{"number frame", `{"frames":["a",1]}`, []string{`record 1: jsonl: a frame is a string or {"base64":"…"}`}},
		{"null frame", `{"frames":[null]}`, []string{`record 1: jsonl: a frame is a string or {"base64":"…"}`}},
		{"other object", `{"frames":[{"hex":"00"}]}`, []string{`record 1: jsonl: a frame is a string or {"base64":"…"}`}},
		{"bad base64", `{"frames":[{"base64":"*"}]}`, []string{`record 1: jsonl: a frame's base64: `}},
		{"not UTF-8", "{\"frames\":[\"\xff\"]}", []string{`record 1: jsonl: not UTF-8`}},
		{"lone high surrogate", `{"frames":["\ud800x"]}`, []string{`record 1: jsonl: a lone surrogate`}},
		{"lone low surrogate", `{"frames":["\udc00"]}`, []string{`record 1: jsonl: a lone surrogate`}},
		{"high and high", `{"frames":["\ud800\ud800\udc00"]}`, []string{`record 1: jsonl: a lone surrogate`}},
		{"goes on", "x\n" + `{"frames":["a"]}`, []string{"record 1: jsonl: invalid character", `["a"]`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := collect(t, NewReaderSource(strings.NewReader(test.line), InputOptions{Format: JSONL}), 10)
			if !slices.EqualFunc(got, test.want, strings.HasPrefix) {
				t.Errorf("got %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestMessagesTakeATopic(t *testing.T) {
	tests := []struct {
		name      string
		input     string
		multipart bool
		want      []string
	}{
		{"one frame", `{"frames":["66"]}`, false, []string{`["2 66"]`}},
		{"one frame, multipart", `{"frames":["66"]}`, true, []string{`["2" "66"]`}},
		{"two frames", `{"frames":["a","b"]}`, false, []string{`["2" "a" "b"]`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := InputOptions{Format: JSONL, Topic: "2", HasTopic: true, Multipart: test.multipart}
			if got := collect(t, NewReaderSource(strings.NewReader(test.input), o), 10); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestFramesOutput(t *testing.T) {
	long := bytes.Repeat([]byte{'x'}, 256)
	got := printAll(t, OutputOptions{Format: "frames"}, zmq4.NewMsgFrom([]byte("ab"), nil), zmq4.NewMsgFrom(long[1:], long))
	want := "\x01\x02ab\x00\x00" + "\x01\xff" + string(long[1:]) + "\x02\x00\x00\x00\x00\x00\x00\x01\x00" + string(long)
	if string(got) != want {
		t.Errorf("got %q", got)
	}
}

func TestFramesInputErrors(t *testing.T) {
	tests := []struct {
		name, input string
		want        []string
	}{
		{"nothing", "", nil},
		{"long form of a short frame", "\x02\x00\x00\x00\x00\x00\x00\x00\x01a", []string{`["a"]`}},
		{"half a header", "\x00\x01a\x00", []string{`["a"]`, "input frames: cut off at byte 4, in the message that began at byte 3"}},
		{"half a body", "\x00\x01a\x00\x09abc", []string{`["a"]`, "input frames: cut off at byte 8, in the message that began at byte 3"}},
		{"more was promised", "\x01\x01a", []string{"input frames: cut off at byte 3, in the message that began at byte 0"}},
		{"a command", "\x00\x01a\x01\x00\x04\x00", []string{`["a"]`, "input frames: at byte 5: flags 0x04: a message frame has 0x00 to 0x03"}},
		{"length over 2^63", "\x02\x80\x00\x00\x00\x00\x00\x00\x00", []string{"input frames: at byte 0: a frame length of 9223372036854775808: it must be under 2^63"}},
		{"huge length", "\x02\x7f\xff\xff\xff\xff\xff\xff\xffabc", []string{"input frames: cut off at byte 12, in the message that began at byte 0"}},
	}
	for _, test := range tests {
		for how, reader := range readers {
			t.Run(test.name+"/"+how, func(t *testing.T) {
				source := NewReaderSource(reader(strings.NewReader(test.input)), InputOptions{Format: Frames})
				if got := collect(t, source, 10); !slices.Equal(got, test.want) {
					t.Errorf("got %q\nwant %q", got, test.want)
				}
			})
		}
	}
}

func FuzzJSONL(f *testing.F) {
	f.Add([]byte(`{"time":"x","frames":["a\u0000\ud83d\ude00",{"base64":"/wA="}]}`))
	f.Add([]byte(`{"frames":["\ud800","日本"]}` + "\n\n[]"))
	f.Add([]byte(`{"frames":[null]}`))
	f.Fuzz(func(t *testing.T, input []byte) {
		source := NewReaderSource(bytes.NewReader(input), InputOptions{Format: JSONL})
		for _, m := range readable(t, source) {
			line := printAll(t, OutputOptions{Format: "jsonl"}, m)
			if !json.Valid(line) || !utf8.Valid(line) || bytes.Count(line, []byte{'\n'}) != 1 {
				t.Fatalf("%q is not one line of JSON", line)
			}
			again := messages(t, NewReaderSource(bytes.NewReader(line), InputOptions{Format: JSONL}), 1)
			if fmt.Sprintf("%q", again[0].Frames) != fmt.Sprintf("%q", m.Frames) {
				t.Fatalf("%q became %q", m.Frames, again[0].Frames)
			}
		}
	})
}

// readable returns the messages of a source, passing over bad records.
func readable(t *testing.T, source Source) []zmq4.Msg {
	t.Helper()
	var got []zmq4.Msg
	for {
		msgs, err := source.Next(3)
		switch err.(type) {
		case nil, *RecordError:
			got = append(got, msgs...)
		default:
			return got
		}
	}
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte("\x01\x02ab\x00\x00\x00\x01c"), uint8(0))
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x00\x01a\x04"), uint8(3))
	f.Add([]byte("\x02\x7f\xff\xff\xff\xff\xff\xff\xffabc"), uint8(255))
	f.Fuzz(func(t *testing.T, input []byte, step uint8) {
		msgs := readable(t, NewReaderSource(bytes.NewReader(input), InputOptions{Format: Frames}))
		stepped := readable(t, NewReaderSource(&stepReader{input, int(step) + 1}, InputOptions{Format: Frames}))
		if fmt.Sprintf("%q", stepped) != fmt.Sprintf("%q", msgs) {
			t.Fatalf("read %d bytes at a time: %q, in one: %q", step+1, stepped, msgs)
		}
		out := printAll(t, OutputOptions{Format: "frames"}, msgs...)
		again := readable(t, NewReaderSource(bytes.NewReader(out), InputOptions{Format: Frames}))
		if fmt.Sprintf("%q", again) != fmt.Sprintf("%q", msgs) {
			t.Fatalf("%q became %q", msgs, again)
		}
	})
}

func BenchmarkJSONLInput(b *testing.B) {
	line := []byte(`{"time":"2026-11-22T09:08:07.120000000Z","frames":["cam 1",{"base64":"/wA="}]}` + "\n")
	input := bytes.Repeat(line, 10_000)
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for n := 0; n < b.N; {
		source := NewReaderSource(bytes.NewReader(input), InputOptions{Format: JSONL})
		for msgs, err := source.Next(1024); err == nil && n < b.N; msgs, err = source.Next(1024) {
			n += len(msgs)
		}
	}
}
