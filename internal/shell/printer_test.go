package shell

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/codec"
)

var (
	subscribe   = "\x01cam"
	unsubscribe = "\x00c\x1bm\xff"
	matrix      = matrixFrames()
)

func matrixFrames() []string {
	var frames []string
	for _, frame := range codec.NewInt64Array([]int{2, 3}, 0, 1, 2, 2, 1, 0).Frames() {
		frames = append(frames, string(frame))
	}
	return frames
}

// A shown is one message in an output format.
type shown struct {
	name   string
	typ    zmq4.SocketType
	sent   bool
	codec  string
	topics []string
	frames []string
	want   string // without the record end; "error: …" where a codec error is expected
}

// show prints one message.
func show(t *testing.T, format string, test shown) string {
	t.Helper()
	o := OutputOptions{Format: format, Type: test.typ, Topics: test.topics, Now: fixedNow}
	if test.codec != "" {
		o.Codec = openCodec(t, test.codec)
	}
	var out bytes.Buffer
	p, err := NewPrinter(&out, o)
	if err != nil {
		t.Fatal(err)
	}
	print := p.Received
	if test.sent {
		print = p.Sent
	}
	if err := print(zmq4.NewMsgFromString(test.frames)); err != nil {
		var bad *RecordError
		if !errors.As(err, &bad) || bad.Record != 1 {
			t.Fatalf("%v is not the error of record 1", err)
		}
		if p.Flush(); out.Len() > 0 {
			t.Errorf("%q was printed of a bad message", out.String())
		}
		return "error: " + bad.Err.Error()
	}
	if err := p.Flush(); err != nil {
		t.Fatal(err)
	}
	text, ended := strings.CutSuffix(out.String(), "\n")
	if !ended {
		t.Errorf("%q has no newline at its end", out.String())
	}
	return text
}

func check(t *testing.T, format string, tests []shown) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := show(t, format, test)
			if reason, isError := strings.CutPrefix(test.want, "error: "); isError {
				if !strings.HasPrefix(got, "error: ") || !strings.Contains(got, reason) {
					t.Errorf("got %q, want an error with %q", got, reason)
				}
				return
			}
			if got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestRaw(t *testing.T) {
	check(t, "raw", []shown{
		{name: "whole message", typ: zmq4.Sub, frames: []string{"2 66"}, want: "2 66"},
		{name: "frames", typ: zmq4.Sub, frames: []string{"2", "a", ""}, want: "2\ta\t"},
		{name: "bytes as they are", typ: zmq4.Pull, frames: []string{"\x1b[2J\xff\x00"}, want: "\x1b[2J\xff\x00"},
		{name: "codec", typ: zmq4.Sub, codec: "int:2:big", frames: []string{"\x01\x02"}, want: "258"},
		{name: "codec, topic frame", typ: zmq4.Sub, codec: "int:2:big", frames: []string{"cam", "\x01\x02", "\x00\x01"}, want: "cam\t258\t1"},
		{name: "codec, topic in the frame", typ: zmq4.Sub, codec: "int:2:big", topics: []string{"c", "cam"}, frames: []string{"cam \x01\x02"}, want: "cam 258"},
		{name: "codec, no such topic", typ: zmq4.Sub, codec: "int:2:big", topics: []string{"c"}, frames: []string{"cam \x01\x02"}, want: "error: int:2:big"},
		{name: "codec, empty topic", typ: zmq4.Sub, codec: "int:2:big", topics: []string{""}, frames: []string{" \x01"}, want: "8193"},
		{name: "codec, no topics in others", typ: zmq4.Pull, codec: "int:1", topics: []string{"c"}, frames: []string{"\x01", "\x02"}, want: "1\t2"},
		{name: "router", typ: zmq4.Router, frames: []string{"id", "", "x"}, want: "id\t\tx"},
		{name: "router, id in hex", typ: zmq4.Router, frames: []string{"\x00\xff", "x"}, want: "0x00ff\tx"},
		{name: "router, id like hex", typ: zmq4.Router, frames: []string{"0xy", "x"}, want: "0x307879\tx"},
		{name: "router, id with TAB", typ: zmq4.Router, frames: []string{"a\tb", "x"}, want: "0x610962\tx"},
		{name: "router, id alone", typ: zmq4.Router, frames: []string{"日本"}, want: "日本"},
		{name: "router, codec", typ: zmq4.Router, codec: "int:1", frames: []string{"id", "", "\x07"}, want: "id\t\t7"},
		{name: "dealer, codec", typ: zmq4.Dealer, codec: "int:1", frames: []string{"", "\x07"}, want: "\t7"},
		{name: "xpub, subscribed", typ: zmq4.XPub, frames: []string{subscribe}, want: "+cam"},
		{name: "xpub, unsubscribed", typ: zmq4.XPub, frames: []string{unsubscribe}, want: `-c\x1bm\xff`},
		{name: "xpub, everything", typ: zmq4.XPub, frames: []string{"\x01"}, want: "+"},
		{name: "xpub, subscription under a codec", typ: zmq4.XPub, codec: "int:1", frames: []string{subscribe}, want: "+cam"},
		{name: "xpub, other", typ: zmq4.XPub, frames: []string{"a\x1b b", "c"}, want: `a\x1b b` + "\tc"},
		{name: "xpub, other in one frame", typ: zmq4.XPub, frames: []string{"a\x1b b"}, want: `a\x1b b`},
		{name: "xpub, sent", typ: zmq4.XPub, sent: true, frames: []string{"\x01cam"}, want: "\x01cam"},
	})
}

func TestPretty(t *testing.T) {
	layout := "[[0 1 2]\n [2 1 0]]"
	check(t, "pretty", []shown{
		{name: "pub", typ: zmq4.Pub, sent: true, frames: []string{"2 66"}, want: "Ch 2 <- 66 sent"},
		{name: "sub", typ: zmq4.Sub, frames: []string{"2 66"}, want: "Ch 2 -> 66 received"},
		{name: "sub, topic frame", typ: zmq4.Sub, frames: []string{"2", "66"}, want: "Ch 2 -> 66 received"},
		{name: "no topic", typ: zmq4.Sub, frames: []string{"hello"}, want: "-> hello received"},
		{name: "no topic, sent", typ: zmq4.Pub, sent: true, frames: []string{"hello"}, want: "<- hello sent"},
		{name: "first space", typ: zmq4.Sub, frames: []string{"a b  c"}, want: "Ch a -> b  c received"},
		{name: "UTF-8", typ: zmq4.Sub, frames: []string{"日本語 メッセージ"}, want: "Ch 日本語 -> メッセージ received"},
		{name: "several frames", typ: zmq4.Sub, frames: []string{"cam", "a", "", "b"}, want: `Ch cam -> a | "" | b received`},
		{name: "array", typ: zmq4.Sub, frames: matrix, want: "->\n" + layout + " received"},
		{name: "array with topic", typ: zmq4.Sub, frames: append([]string{"cam"}, matrix...), want: "Ch cam ->\n" + layout + " received"},
		{name: "req, sent", typ: zmq4.Req, sent: true, frames: matrix, want: "Request:\n" + layout + " sent"},
		{name: "req, received", typ: zmq4.Req, frames: matrix, want: "Reply:\n" + layout + " received"},
		{name: "rep, received", typ: zmq4.Rep, frames: matrix, want: "Request:\n" + layout + " received"},
		{name: "rep, sent", typ: zmq4.Rep, sent: true, frames: matrix, want: "Reply:\n" + layout + " sent"},
		{name: "req, text", typ: zmq4.Req, sent: true, frames: []string{"hello world"}, want: "Request:\nhello world sent"},
		{name: "no array", typ: zmq4.Pull, frames: []string{"int64", "[2]", "short"}, want: "-> int64 | [2] | short received"},
		{name: "push", typ: zmq4.Push, sent: true, frames: []string{"a b"}, want: "<- a b sent"},
		{name: "router", typ: zmq4.Router, frames: []string{"id", "x"}, want: "[id] -> x received"},
		{name: "router, sent", typ: zmq4.Router, sent: true, frames: []string{"\x00\x01", "x"}, want: "[0x0001] <- x sent"},
		{name: "router, envelope", typ: zmq4.Router, frames: []string{"id", "", "x"}, want: `[id] -> "" | x received`},
		{name: "router, array", typ: zmq4.Router, frames: append([]string{"id", ""}, matrix...), want: "[id] ->\n" + layout + " received"},
		{name: "control characters", typ: zmq4.Sub, frames: []string{"t\x1b\x7f a\x1b[2J\r\n\t\u009b\u202e\u2028"}, want: `Ch t\x1b\x7f -> a\x1b[2J\r\n\t\u009b\u202e\u2028 received`},
		{name: "binary", typ: zmq4.Pull, frames: []string{"\x89PNG"}, want: "-> 0x89504e47 (4 bytes) received"},
		{name: "one byte", typ: zmq4.Pull, frames: []string{"\xff"}, want: "-> 0xff (1 byte) received"},
		{name: "NUL is no text", typ: zmq4.Pull, frames: []string{"\x07\x00\x00\x00"}, want: "-> 0x07000000 (4 bytes) received"},
		{name: "long binary", typ: zmq4.Pull, frames: []string{strings.Repeat("\xff", 70000)}, want: "-> 0x" + strings.Repeat("ff", 32) + "… (70000 bytes) received"},
		{name: "binary topic", typ: zmq4.Sub, frames: []string{"\xff", "x"}, want: "Ch 0xff (1 byte) -> x received"},
		{name: "codec", typ: zmq4.Sub, codec: "int:4:little", topics: []string{"n"}, frames: []string{"n \x07\x00\x00\x00"}, want: "Ch n -> 7 received"},
		{name: "codec, all payload", typ: zmq4.Sub, codec: "int:4:little", frames: []string{"\x20\x00\x00\x00"}, want: "-> 32 received"},
		{name: "codec, bad", typ: zmq4.Sub, codec: "int:4:little", frames: []string{"x"}, want: "error: int:4:little"},
		{name: "codec ndarray", typ: zmq4.Req, sent: true, codec: "ndarray", frames: matrix, want: "Request:\n" + layout + " sent"},
		{name: "xpub", typ: zmq4.XPub, frames: []string{unsubscribe}, want: `-c\x1bm\xff`},
		{name: "empty", typ: zmq4.Pull, frames: []string{""}, want: "->  received"},
	})
}

func TestPrettyShowsBytesInHex(t *testing.T) {
	if codec.IsBytes(openCodec(t, "string")) || !codec.IsBytes(openCodec(t, "bytes")) {
		t.Fatal("codec bytes is not told from string")
	}
	check(t, "pretty", []shown{
		{name: "text", typ: zmq4.Sub, codec: "bytes", frames: []string{"2 66"}, want: "Ch 2 -> 0x3636 (2 bytes) received"},
		{name: "frames", typ: zmq4.Req, codec: "bytes", frames: []string{"a", "b"}, want: "Reply:\n0x61 (1 byte) | 0x62 (1 byte) received"},
	})
}

func TestHex(t *testing.T) {
	check(t, "hex", []shown{
		{name: "frames", typ: zmq4.Sub, frames: []string{"cam", "", "\xAB\x00"}, want: "63616d\t\tab00"},
		{name: "long", typ: zmq4.Sub, frames: []string{strings.Repeat("\xff", 10000)}, want: strings.Repeat("ff", 10000)},
		{name: "no codec", typ: zmq4.Pull, codec: "int:4:big", frames: []string{"x"}, want: "78"},
	})
}

func TestTemplate(t *testing.T) {
	tests := []struct {
		format string
		shown
	}{
		{"%t|%p|%f|%n|%T|%l|%x|%i|%%", shown{typ: zmq4.Sub, frames: []string{"cam a b"}, want: "cam|a b|cam a b|1|2026-11-22T09:08:07.120000000Z|3|612062||%"}},
		{"%t|%p|%f|%l|%x", shown{typ: zmq4.Sub, frames: []string{"cam", "a", "b"}, want: "cam|a\tb|cam\ta\tb|2|61\t62"}},
		{"%t|%p|%l|%x", shown{typ: zmq4.Sub, codec: "int:2:big", topics: []string{"cam"}, frames: []string{"cam \x01\x02"}, want: "cam|258|2|0102"}},
		{"%f", shown{typ: zmq4.Pull, codec: "int:1", frames: []string{"\x41\x42"}, want: "AB"}},
		{"%p", shown{typ: zmq4.Pull, codec: "int:1", frames: []string{"\x41\x42"}, want: "error: int:1"}},
		{"%t%p", shown{typ: zmq4.Pull, frames: []string{"cam a"}, want: "cam a"}},
		{`%p\n\t\0\\\x41\xfF`, shown{typ: zmq4.Pull, frames: []string{"x"}, want: "x\n\t\x00\\A\xff"}},
		{"%i %p %f", shown{typ: zmq4.Router, frames: []string{"id", "", "x"}, want: "id \tx id\t\tx"}},
		{"%i", shown{typ: zmq4.Router, frames: []string{"\x00\x80"}, want: "0x0080"}},
		{"é%p", shown{typ: zmq4.Pull, frames: []string{"\x1b"}, want: "é\x1b"}},
		{"%t,%p,%f", shown{typ: zmq4.XPub, frames: []string{unsubscribe}, want: `c\x1bm\xff,-c\x1bm\xff,-c\x1bm\xff`}},
		{"%t,%p", shown{typ: zmq4.XPub, frames: []string{"a\x1b", "b\x1b"}, want: `a\x1b,b\x1b`}},
	}
	for _, test := range tests {
		t.Run(test.format, func(t *testing.T) {
			check(t, test.format, []shown{test.shown})
		})
	}
}

func TestBadFormats(t *testing.T) {
	tests := []struct{ format, want string }{
		{"", "no such format: there are raw, pretty, jsonl, frames, hex, and templates such as '%t %p'"},
		{"json", "no such format: there are raw, pretty, jsonl, frames, hex, and templates such as '%t %p'"},
		{"日本%q", "unknown %q at character 3: there are %t %p %f %n %06n %T %l %x %i %%"},
		{"%é", "unknown %é at character 1: there are %t %p %f %n %06n %T %l %x %i %%"},
		{"%\x1b", `unknown %\x1b at character 1: there are %t %p %f %n %06n %T %l %x %i %%`},
		{"%p%", "a single % ends it at character 3: %% is a percent sign"},
		{`%p\q`, `unknown escape \q at character 3: there are \n \t \0 \\ \xNN`},
		{`%p\`, `unknown escape \ at character 3: there are \n \t \0 \\ \xNN`},
		{`%p\x4`, `\x at character 3 needs two hex digits`},
		{`%p\xzz`, `\x at character 3 needs two hex digits`},
	}
	for _, test := range tests {
		if _, err := NewPrinter(io.Discard, OutputOptions{Format: test.format}); err == nil || err.Error() != test.want {
			t.Errorf("%q: got %v\nwant %s", test.format, err, test.want)
		}
	}
}

func TestNULEndsRecords(t *testing.T) {
	for format, want := range map[string]string{"raw": "a\tb\x00", "hex": "61\t62\x00", "%p": "a\tb\x00"} {
		got := printAll(t, OutputOptions{Format: format, NUL: true}, zmq4.NewMsgFromString([]string{"a", "b"}))
		if string(got) != want {
			t.Errorf("%s: got %q, want %q", format, got, want)
		}
	}
}

func TestMessagesAreCounted(t *testing.T) {
	var out bytes.Buffer
	p, err := NewPrinter(&out, OutputOptions{Format: "%n %p", Codec: openCodec(t, "int:1")})
	if err != nil {
		t.Fatal(err)
	}
	for i, payload := range []string{"\x01", "xx", "\x03"} {
		err := p.Received(zmq4.NewMsgString(payload))
		var bad *RecordError
		if (i == 1) != errors.As(err, &bad) || bad != nil && bad.Record != 2 {
			t.Errorf("message %d: %v", i+1, err)
		}
	}
	if err := p.Sent(zmq4.NewMsgString("\x04")); err != nil {
		t.Fatal(err)
	}
	if p.Flush(); out.String() != "1 1\n3 3\n1 4\n" {
		t.Errorf("got %q", out.String())
	}
}

func TestWriteErrorComesBack(t *testing.T) {
	broken := errors.New("broken")
	for _, format := range []string{"raw", "pretty", "jsonl", "frames", "hex", "%p"} {
		p, err := NewPrinter(brokenWriter{broken}, OutputOptions{Format: format})
		if err != nil {
			t.Fatal(err)
		}
		large := zmq4.NewMsg(bytes.Repeat([]byte("text"), outputSize))
		if err := p.Received(large); !errors.Is(err, broken) && !errors.Is(p.Flush(), broken) {
			t.Errorf("%s: the writer's error is lost", format)
		}
		if err := p.Received(zmq4.NewMsgString("x")); !errors.Is(err, broken) {
			t.Errorf("%s: %v after the writer's error", format, err)
		}
	}
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

func TestColor(t *testing.T) {
	colored := func(typ zmq4.SocketType, message string) string {
		return string(printAll(t, OutputOptions{Format: "pretty", Type: typ, Color: true}, zmq4.NewMsgString(message)))
	}
	one, two, three := colored(zmq4.Sub, "1 x"), colored(zmq4.Sub, "2 x"), colored(zmq4.Sub, "3 x")
	if one != colored(zmq4.Sub, "1 x") {
		t.Error("a channel changed its colour")
	}
	prefix := func(s string) string { before, _, _ := strings.Cut(s, "Ch"); return before }
	if prefix(one) == prefix(two) || prefix(two) == prefix(three) || prefix(one) == prefix(three) {
		t.Errorf("the article's channels share a colour: %q %q %q", one, two, three)
	}
	for _, text := range []string{one, colored(zmq4.Req, "x")} {
		if !strings.Contains(text, "\x1b[") {
			t.Errorf("no colour in %q", text)
		}
		if plain := stripColor(text); plain != "Ch 1 -> x received\n" && plain != "Reply:\nx received\n" {
			t.Errorf("without colour it is %q", plain)
		}
	}
}

// stripColor takes SGR sequences out of text.
func stripColor(text string) string {
	var plain strings.Builder
	for {
		before, after, found := strings.Cut(text, "\x1b[")
		plain.WriteString(before)
		if !found {
			return plain.String()
		}
		_, text, _ = strings.Cut(after, "m")
	}
}

func TestPrinterIsSafeForConcurrentUse(t *testing.T) {
	var out bytes.Buffer
	p, err := NewPrinter(&out, OutputOptions{Format: "pretty", Type: zmq4.Pair})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for _, print := range []func(zmq4.Msg) error{p.Sent, p.Received} {
		wg.Go(func() {
			for range 1000 {
				if err := print(zmq4.NewMsgString("x")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	p.Flush()
	if sent, received := strings.Count(out.String(), "<- x sent\n"), strings.Count(out.String(), "-> x received\n"); sent != 1000 || received != 1000 {
		t.Errorf("%d sent, %d received", sent, received)
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add(`%t %p %f %n %06n %T %l %x %i %%\n\t\0\\\xff`, []byte("cam x"))
	f.Add(`%`, []byte(""))
	f.Add(`é\x4`, []byte("\x00"))
	f.Fuzz(func(t *testing.T, format string, frame []byte) {
		ops, err := parseTemplate(format)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r\x1b") || !strings.Contains(err.Error(), "at character ") {
				t.Fatalf("%q: error %q", format, err)
			}
			return
		}
		for _, op := range ops {
			if (op.name == 0) == (op.text == "") {
				t.Fatalf("%q: op %+v is neither text nor name", format, op)
			}
		}
		if strings.Contains(format, "%") {
			printAll(t, OutputOptions{Format: format, Type: zmq4.Sub}, zmq4.NewMsg(frame))
		}
	})
}

func FuzzPrettyIsHarmless(f *testing.F) {
	f.Add([]byte("a\x1b b\u009b"), []byte("\x9b\xff"))
	f.Add([]byte("\xe2\x80"), []byte("\u202e\u2066\r"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		for _, typ := range []zmq4.SocketType{zmq4.Sub, zmq4.Router, zmq4.XPub, zmq4.Rep} {
			for _, m := range []zmq4.Msg{zmq4.NewMsg(a), zmq4.NewMsgFrom(a, b)} {
				out := string(printAll(t, OutputOptions{Format: "pretty", Type: typ}, m))
				out = strings.TrimPrefix(strings.TrimSuffix(out, "\n"), "Request:\n")
				if Escape(out) != out {
					t.Fatalf("%s %q is shown as %q", typ, m.Frames, out)
				}
			}
		}
	})
}

func BenchmarkPrinter(b *testing.B) {
	m := zmq4.NewMsgString("cam a message of sixty-four bytes, as sensors and log files have")
	for _, format := range []string{"raw", "frames", "jsonl", "pretty", "%t %p"} {
		b.Run(format, func(b *testing.B) {
			p, err := NewPrinter(io.Discard, OutputOptions{Format: format, Type: zmq4.Sub})
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(m.Frames[0])))
			b.ReportAllocs()
			for b.Loop() {
				if err := p.Received(m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
