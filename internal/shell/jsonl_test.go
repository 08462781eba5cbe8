package shell

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"
)

// ownForms are lines that addJSONL takes, and those at their edges that it leaves to parseJSONL.
var ownForms = map[bool][]string{
	true: {
		`{"time":"2026-11-22T09:08:07.120000000Z","frames":["a","",{"base64":"/wA="}]}`,
		`{"frames":["日本\u009b\"\\\n\ud83d\ude00\\","\u007f"]}`,
		` { "time" : "x" , "frames" : [ "a\\\"" , { "base64" : "" } ] } ` + "\r",
		`{"frames":["<&>\/\u00E9\b\f\r\t\ufffd"]}`,
	},
	false: {
		`{"frames":["a"],"time":"x"}`, `{"time":1,"frames":["a"]}`, `{"time":"\n","frames":["a"]}`, `{"Frames":["a"]}`,
		`{"frames":["a"],"frames":["b"]}`, `{"frames":[{"base64":"/w==","base64":"AA=="}]}`, `{"frames":[{"base64":"\/wA="}]}`,
		"{\"frames\":\t[\"a\"]}", "{\"frames\":[\"\t\"]}", "{\"frames\":[\"\xff\"]}", `{"frames":["\ud800"]}`, `{"frames":["\x"]}`,
		`{"frames":[]}`, `{"frames":["a",]}`, `{"frames":["a"`, `{"frames":["a\"]}`, `{"frames":["a"]} 1`, `{"frames":[{"base64":"*"}]}`, ``,
	},
}

func TestOwnJSONL(t *testing.T) {
	for own, lines := range ownForms {
		for _, line := range lines {
			if took := checkOwnJSONL(t, []byte(line)); took != own {
				t.Errorf("%q: is it in our own form: %v", line, took)
			}
		}
	}
}

func FuzzOwnJSONL(f *testing.F) {
	for _, lines := range ownForms {
		for _, line := range lines {
			f.Add([]byte(line))
		}
	}
	f.Fuzz(func(t *testing.T, line []byte) { checkOwnJSONL(t, line) })
}

// checkOwnJSONL reports whether addJSONL takes a line. What it takes must be what parseJSONL
// and encoding/json make of the line, and the line must stay as it is.
func checkOwnJSONL(t *testing.T, line []byte) bool {
	t.Helper()
	var a arena
	a.open(1)
	a.add([]byte("another record's"))
	a.begin()
	before := bytes.Clone(line)
	took := a.addJSONL(line)
	if !bytes.Equal(line, before) {
		t.Fatalf("%q was written to: %q", before, line)
	}
	got := a.record()
	if !took {
		if len(got) > 0 {
			t.Fatalf("%q: not taken, but for %q", line, got)
		}
		return false
	}
	want, _, err := parseJSONL(line)
	if err != nil || !slices.EqualFunc(got, want, bytes.Equal) {
		t.Fatalf("%q: got %q\nparseJSONL: %q, %v", line, got, want, err)
	}
	var record struct {
		Frames []any `json:"frames"`
	}
	if err := json.Unmarshal(line, &record); err != nil || len(record.Frames) != len(got) {
		t.Fatalf("%q: got %q\nencoding/json: %q, %v", line, got, record.Frames, err)
	}
	for i, value := range record.Frames {
		text, ok := value.(string)
		if object, isObject := value.(map[string]any); isObject {
			var body []byte
			digits, _ := object["base64"].(string)
			body, err = base64.StdEncoding.DecodeString(digits)
			text, ok = string(body), err == nil
		}
		if !ok || text != string(got[i]) || cap(got[i]) != len(got[i]) {
			t.Fatalf("%q: frame %d is %q, encoding/json: %q", line, i, got[i], value)
		}
	}
	return true
}

// What a Sender that copies small bodies may still look at must stay as it is
// while the source goes on: all of a batch up to its recycle, and large bodies for good.
func TestRecycleKeepsLargeBodies(t *testing.T) {
	var want []zmq4.Msg
	for i := range 3000 {
		c := []byte{byte('a' + i%26)}
		size := i % 50
		if i%100 == 7 {
			size = ownBody - 10 + i/100
		}
		want = append(want, zmq4.NewMsgFrom(bytes.Repeat(c, size), append(bytes.Repeat(c, size), 0xff), append(bytes.Repeat(c, size), '"')))
	}
	inputs := map[string]struct {
		o    InputOptions
		data []byte
	}{
		"jsonl":           {InputOptions{Format: JSONL}, printAll(t, OutputOptions{Format: "jsonl"}, want...)},
		"frames":          {InputOptions{Format: Frames}, printAll(t, OutputOptions{Format: "frames"}, want...)},
		"jsonl and topic": {InputOptions{Format: JSONL, HasTopic: true, Topic: "T"}, printAll(t, OutputOptions{Format: "jsonl"}, want...)},
		"multipart":       {InputOptions{Multipart: true}, printAll(t, OutputOptions{Format: "raw", Type: zmq4.Push}, want...)},
		"topic":           {InputOptions{HasTopic: true, Topic: "T"}, printAll(t, OutputOptions{Format: "raw", Type: zmq4.Push}, want...)},
	}
	for name, input := range inputs {
		for _, copied := range []int{0, 30, ownBody, 2 * ownBody} {
			t.Run(name, func(t *testing.T) { checkRecycling(t, input.data, input.o, copied) })
		}
	}
}

// checkRecycling compares what a source yields that is recycled with what it yields that is not.
func checkRecycling(t *testing.T, data []byte, o InputOptions, copied int) {
	want := messages(t, NewReaderSource(bytes.NewReader(data), o), 100)
	source := NewReaderSource(bytes.NewReader(data), o).(*readerSource)
	var large, still [][]byte
	for at := 0; ; {
		msgs, err := source.Next(100)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range msgs {
			if !slices.EqualFunc(m.Frames, want[at].Frames, bytes.Equal) {
				t.Fatalf("message %d is %.60q, want %.60q", at, m.Frames, want[at].Frames)
			}
			for i, frame := range m.Frames {
				if len(frame) >= copied {
					large, still = append(large, frame), append(still, want[at].Frames[i])
				}
			}
			at++
		}
		source.Recycle(copied)
	}
	if !slices.EqualFunc(large, still, bytes.Equal) {
		t.Errorf("bodies of %d bytes or more changed after they were handed out", copied)
	}
}

// In the steady state a small message costs no allocation, read or printed.
func TestSmallMessagesAreNotAllocated(t *testing.T) {
	frames := []string{"cam", `a "quoted" text`, "日本", "\xff\x00"}
	line := printAll(t, OutputOptions{Format: "jsonl"}, zmq4.NewMsgFromString(frames))
	inputs := map[string]struct {
		o    InputOptions
		line string
	}{
		"jsonl":       {InputOptions{Format: JSONL}, string(line)},
		"lines":       {InputOptions{}, "a line\n"},
		"topic":       {InputOptions{HasTopic: true, Topic: "T"}, "a line\n"},
		"topic frame": {InputOptions{HasTopic: true, Topic: "T", Multipart: true}, "a\tline\n"},
	}
	for name, input := range inputs {
		t.Run("read "+name, func(t *testing.T) {
			source := NewReaderSource(&endlessReader{data: strings.Repeat(input.line, 1000)}, input.o).(*readerSource)
			read := func() {
				for n := 0; n < 10*batchSize; {
					msgs, err := source.Next(batchSize)
					if err != nil {
						t.Fatal(err)
					}
					n += len(msgs)
					source.Recycle(ownBody)
				}
			}
			read()
			if n := testing.AllocsPerRun(5, read); n > 5 {
				t.Errorf("%v allocations for %d messages", n, 10*batchSize)
			}
		})
	}
	for _, format := range []string{"raw", "pretty", "jsonl", "frames", "hex", "%n %T %t %p %f %l %x"} {
		for _, frames := range [][]string{frames, {"cam a text"}} {
			t.Run("print "+format, func(t *testing.T) {
				p, err := NewPrinter(io.Discard, OutputOptions{Format: format, Type: zmq4.Sub, Color: true})
				if err != nil {
					t.Fatal(err)
				}
				msgs := slices.Repeat([]zmq4.Msg{zmq4.NewMsgFromString(frames)}, 1000)
				if n := testing.AllocsPerRun(5, func() { p.ReceivedBatch(msgs) }); n > 5 {
					t.Errorf("%v allocations for %d messages", n, len(msgs))
				}
			})
		}
	}
}

// An endlessReader begins anew where its data ends.
type endlessReader struct {
	data string
	at   int
}

func (r *endlessReader) Read(b []byte) (int, error) {
	n := copy(b, r.data[r.at:])
	r.at = (r.at + n) % len(r.data)
	return n, nil
}
