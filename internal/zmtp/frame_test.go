package zmtp

import (
	"bytes"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"
)

func TestAppendFrame(t *testing.T) {
	tests := []struct {
		flags byte
		size  int
		head  string
	}{
		{0, 0, "\x00\x00"},
		{FlagMore, 1, "\x01\x01"},
		{0, 255, "\x00\xff"},
		{FlagMore, 256, "\x03\x00\x00\x00\x00\x00\x00\x01\x00"},
		{FlagCommand, 65536, "\x06\x00\x00\x00\x00\x00\x01\x00\x00"},
	}
	for _, c := range tests {
		body := bytes.Repeat([]byte{'x'}, c.size)
		frame := AppendFrame([]byte("before"), c.flags, body)
		if want := "before" + c.head + string(body); string(frame) != want {
			t.Errorf("%d bytes: head %q, want %q", c.size, frame[6:6+len(c.head)], c.head)
		}
		total, more := FrameLen(append(frame[6:], "after"...))
		if total != len(c.head)+c.size || more != (c.flags&FlagMore != 0) {
			t.Errorf("%d bytes: FrameLen %d, %v", c.size, total, more)
		}
	}
}

func TestParseMetadata(t *testing.T) {
	prop := func(name, value string) []byte { return appendProperty(nil, name, value) }
	tests := []struct {
		name string
		in   []byte
		want zmq4.Metadata
		err  string
	}{
		{"none", nil, zmq4.Metadata{}, ""},
		{"ours", AppendMetadata(nil, zmq4.Req, zmq4.SocketIdentity("\x00id")), zmq4.Metadata{"Socket-Type": "REQ", "Identity": "\x00id"}, ""},
		{"any case", join(prop("SOCKET-TYPE", "PUB"), prop("identity", "")), zmq4.Metadata{"Socket-Type": "PUB", "Identity": ""}, ""},
		{"others as sent", prop("x-UserId", "a\nb"), zmq4.Metadata{"x-UserId": "a\nb"}, ""},
		{"longest name", prop(strings.Repeat("n", 255), "v"), zmq4.Metadata{strings.Repeat("n", 255): "v"}, ""},
		{"no name", prop("", "v"), nil, "without a name at byte 0"},
		{"second has no name", join(prop("a", "b"), prop("", "")), nil, "at byte 7"},
		{"name alone", []byte("\x03abc"), nil, "cut short"},
		{"name too long", []byte("\xffabc\x00\x00\x00\x00"), nil, "cut short"},
		{"value too long", []byte("\x01a\x00\x00\x00\x02v"), nil, "has 2 bytes, 1 follow"},
		{"value of 2^32-1", []byte("\x01a\xff\xff\xff\xffv"), nil, "4294967295 bytes"},
		{"controls in the error", []byte("\x05\x1b[2J\n\x00\x00\x00\x09"), nil, `"\x1b[2J\n"`},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseMetadata(c.in)
			if c.err == "" {
				if err != nil || !maps.Equal(got, c.want) {
					t.Errorf("%v, %v, want %v", got, err, c.want)
				}
				return
			}
			if !errors.Is(err, ErrProtocol) || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%v, want %q", err, c.err)
			}
		})
	}
}

// The longest identity there is goes through; what is longer is cut.
func TestAppendMetadataCutsTheIdentity(t *testing.T) {
	md, err := ParseMetadata(AppendMetadata(nil, zmq4.Dealer, zmq4.SocketIdentity(strings.Repeat("x", 300))))
	if err != nil || md[PropertyIdentity] != strings.Repeat("x", 255) {
		t.Errorf("%v, %v", md, err)
	}
}
