package shell

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/codec"
)

func number(t *testing.T, s string) codec.Number {
	t.Helper()
	n, err := codec.ParseNumber(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func addReplier(c codec.Codec, n codec.Number) Replier { return AddReplier(c, c, n) }

func TestAddReplier(t *testing.T) {
	tests := []struct {
		name, codec, n string
		request        []string
		reply          []string
		err            string
	}{
		{"array", "string", "1", []string{"int8", "[2]", "\x01\x7f"}, []string{"int8", "[2]", "\x02\x80"}, ""},
		{"number", "string", "1", []string{"41"}, []string{"42"}, ""},
		{"list", "string", "0.5", []string{"[1, [2]]"}, []string{"[1.5, [2.5]]"}, ""},
		{"number codec", "int:2:big", "-1", []string{"\x01\x00"}, []string{"\x00\xff"}, ""},
		{"array codec", "ndarray", "1", []string{"bool", "[1]", "\x01"}, []string{"int64", "[1]", "\x02\x00\x00\x00\x00\x00\x00\x00"}, ""},
		{"no array", "string", "1", []string{"int8", "[3]", "\x01"}, nil, "data is 1 byte"},
		{"no number", "string", "1", []string{"x"}, nil, `"x" is not a number`},
		{"frames", "string", "1", []string{"1", "2"}, nil, "2 frames"},
		{"no frames", "string", "1", nil, nil, "0 frames"},
		{"not of the codec", "int:2:big", "1", []string{"x"}, nil, "1 byte"},
		{"too large for the codec", "uint:1:big", "1", []string{"\xff"}, nil, "256"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := addReplier(openCodec(t, tt.codec), number(t, tt.n))
			reply, err := r.Reply(t.Context(), zmq4.NewMsgFromString(tt.request), 1)
			if got := texts(reply.Frames); !slices.Equal(got, tt.reply) {
				t.Errorf("reply %q, want %q", got, tt.reply)
			}
			if got := text(err); !strings.Contains(got, tt.err) || (got == "") != (tt.err == "") {
				t.Errorf("error %q, want %q", got, tt.err)
			}
		})
	}
}

func texts(frames [][]byte) (texts []string) {
	for _, frame := range frames {
		texts = append(texts, string(frame))
	}
	return texts
}

// The sum of an array leaves the request as it came.
func TestAddReplierKeepsTheRequest(t *testing.T) {
	request := zmq4.NewMsgFromString([]string{"int8", "[2]", "\x01\x02"})
	if _, err := addReplier(nil, number(t, "1")).Reply(t.Context(), request, 1); err != nil {
		t.Fatal(err)
	}
	if got := string(request.Frames[2]); got != "\x01\x02" {
		t.Errorf("the request's data is now %q", got)
	}
}

func TestExecReplier(t *testing.T) {
	tests := []struct {
		name, text, codec, delimiter string
		reply                        []string
		err                          string
	}{
		{"byte for byte", "cat; echo", "", "", []string{"x\n"}, ""},
		{"nothing", "true", "", "", []string{""}, ""},
		{"frames", "printf 'a\\tb\\n'", "", "\t", []string{"a", "b"}, ""},
		{"codec", "echo 258", "int:2:big", "", []string{"\x01\x02"}, ""},
		{"not of the codec", "echo no", "int:2:big", "", nil, `"no" is not an integer`},
		{"failure", "echo why >&2; exit 3", "", "", nil, "exit status 3: why"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &Command{Text: tt.text, Type: zmq4.Rep, Stderr: io.Discard, Codec: openCodec(t, "string")}
			if tt.codec != "" {
				c.Codec = openCodec(t, tt.codec)
			}
			request := "x"
			if tt.codec != "" {
				request = "\x00\x01"
			}
			reply, err := ExecReplier(c, c.Codec, []byte(tt.delimiter)).Reply(t.Context(), zmq4.NewMsgString(request), 1)
			if got := texts(reply.Frames); !slices.Equal(got, tt.reply) {
				t.Errorf("reply %q, want %q", got, tt.reply)
			}
			if got := text(err); !strings.Contains(got, tt.err) || (got == "") != (tt.err == "") {
				t.Errorf("error %q, want %q", got, tt.err)
			}
		})
	}
}

// A bad record ends the replies, or is passed over.
func TestRecordReplierWithABadRecord(t *testing.T) {
	source := func() Source {
		return NewArgsSource([]string{"1", "x", "3"}, InputOptions{Codec: openCodec(t, "int:1")})
	}

	r := RecordReplier(source(), true, nil)
	defer stopReplier(r)
	if err := r.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if reply, err := r.Reply(t.Context(), zmq4.Msg{}, 1); err != nil || string(reply.Frames[0]) != "\x01" {
		t.Errorf("%q, %v", reply.Frames, err)
	}
	if err := r.Ready(t.Context()); !isRecordError(err) {
		t.Errorf("error %v", err)
	}

	skipped := 0
	r = RecordReplier(source(), true, func(error) { skipped++ })
	defer stopReplier(r)
	for _, want := range []string{"\x01", "\x03"} {
		if err := r.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		if reply, err := r.Reply(t.Context(), zmq4.Msg{}, 1); err != nil || string(reply.Frames[0]) != want {
			t.Errorf("%q, %v, want %q", reply.Frames, err, want)
		}
	}
	if err := r.Ready(t.Context()); !errors.Is(err, io.EOF) || skipped != 1 {
		t.Errorf("error %v, %d skipped", err, skipped)
	}
}

func TestRepliersTranslate(t *testing.T) {
	in, out := openCodec(t, "int:2:big"), openCodec(t, "json")
	request := zmq4.NewMsgString("\x01\x02")
	command := &Command{Text: "cat", Type: zmq4.Rep, Stderr: io.Discard, Codec: in}
	for name, r := range map[string]Replier{
		"258": EchoReplier(in, out), "259": AddReplier(in, out, number(t, "1")), "258 ": ExecReplier(command, out, nil),
	} {
		reply, err := r.Reply(t.Context(), request, 1)
		if got := texts(reply.Frames); err != nil || !slices.Equal(got, []string{strings.TrimSpace(name)}) {
			t.Errorf("reply %q (%v), want %q", got, err, name)
		}
	}
}
