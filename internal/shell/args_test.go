package shell

import (
	"slices"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"
)

func TestArgsSource(t *testing.T) {
	tests := []struct {
		name string
		args []string
		o    InputOptions
		want []string
	}{
		{"each a message", []string{"a b", "", "c\td\n"}, InputOptions{}, []string{`["a b"]`, `[""]`, `["c\td\n"]`}},
		{"none", nil, InputOptions{Multipart: true}, nil},
		{"multipart", []string{"a", "b\tc", ""}, InputOptions{Multipart: true}, []string{`["a" "b\tc" ""]`}},
		{"input format is for stdin", []string{"{}"}, InputOptions{Format: JSONL}, []string{`["{}"]`}},
		{"topic", []string{"66", "68"}, InputOptions{Topic: "2", HasTopic: true}, []string{`["2 66"]`, `["2 68"]`}},
		{"topic, multipart", []string{"a", "b"}, InputOptions{Topic: "2", HasTopic: true, Multipart: true}, []string{`["2" "a" "b"]`}},
		{"router", []string{"0x00", "", "x\ty"}, InputOptions{Type: zmq4.Router}, []string{`["\x00" "" "x\ty"]`}},
		{"codec, multipart", []string{"1", "2"}, InputOptions{Codec: openCodec(t, "int:1"), Multipart: true}, []string{`["\x01" "\x02"]`}},
		{"codec, bad", []string{"1", "x", "3"}, InputOptions{Codec: openCodec(t, "int:1")}, []string{`["\x01"]`, `record 2: int:1`, `["\x03"]`}},
		{"codec, bad, multipart", []string{"1", "x"}, InputOptions{Codec: openCodec(t, "int:1"), Multipart: true}, []string{`record 1: int:1`}},
	}
	for _, test := range tests {
		for _, max := range []int{1, 2, 100} {
			t.Run(test.name, func(t *testing.T) {
				got := collect(t, NewArgsSource(test.args, test.o), max)
				if !slices.EqualFunc(got, test.want, strings.HasPrefix) {
					t.Errorf("got %q, want %q", got, test.want)
				}
			})
		}
	}
}

func TestFeeds(t *testing.T) {
	tests := []struct {
		name     string
		channels int
		round    int
		want     string
	}{
		{"number", 3, 1, "1 1|2 2|3 3"},
		{"number", 3, 3, "1 3|2 6|3 9"},
		{"number", 1, 2, "1 2"},
		{"alphabet", 3, 1, "1 a|2 A"},
		{"alphabet", 3, 26, "1 z|2 Z"},
		{"alphabet", 3, 27, "1 a|2 A"},
		{"matrix", 3, 2, strings.Join(matrix, "+")},
	}
	for _, test := range tests {
		feed, err := NewFeed(test.name, test.channels, InputOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var msgs []zmq4.Msg
		for range test.round {
			if msgs, err = feed.Next(1); err != nil {
				t.Fatal(err)
			}
		}
		var round []string
		for _, m := range msgs {
			var frames []string
			for _, frame := range m.Frames {
				frames = append(frames, string(frame))
			}
			round = append(round, strings.Join(frames, "+"))
		}
		if got := strings.Join(round, "|"); got != test.want {
			t.Errorf("%s: round %d is %q, want %q", test.name, test.round, got, test.want)
		}
	}
}

func TestBadFeeds(t *testing.T) {
	for _, test := range []struct {
		name     string
		channels int
		want     string
	}{
		{"numbers", 3, `no feed "numbers": there are number, alphabet and matrix`},
		{"number", 0, "feed number needs at least 1 channel, not 0"},
	} {
		if _, err := NewFeed(test.name, test.channels, InputOptions{}); err == nil || err.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}
