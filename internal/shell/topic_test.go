package shell

import (
	"fmt"
	"testing"

	"github.com/go-zeromq/zmq4"
)

func TestSplitTopic(t *testing.T) {
	tests := []struct {
		name    string
		typ     zmq4.SocketType
		topics  []string
		codec   string
		frames  []string
		topic   string
		has     bool
		payload []string
	}{
		{"first space", zmq4.Sub, nil, "string", []string{"a b c"}, "a", true, []string{"b c"}},
		{"no space", zmq4.Sub, []string{"a"}, "bytes", []string{"abc"}, "", false, []string{"abc"}},
		{"empty topic", zmq4.Sub, nil, "string", []string{" b"}, "", true, []string{"b"}},
		{"topic given, under string", zmq4.Sub, []string{"a b"}, "string", []string{"a b c"}, "a", true, []string{"b c"}},
		{"frames", zmq4.Pub, nil, "string", []string{"a b", "c", "d"}, "a b", true, []string{"c", "d"}},
		{"array", zmq4.XSub, nil, "string", matrix, "", false, matrix},
		{"topic and array", zmq4.XPub, nil, "string", append([]string{"T"}, matrix...), "T", true, matrix},
		{"codec", zmq4.Sub, []string{"a", "a b"}, "int:1", []string{"a b c"}, "a b", true, []string{"c"}},
		{"codec, others", zmq4.Sub, []string{"a"}, "int:1", []string{"ab c"}, "", false, []string{"ab c"}},
		{"codec, prefix only", zmq4.Sub, []string{"a"}, "int:1", []string{"a"}, "", false, []string{"a"}},
		{"req", zmq4.Req, []string{"a"}, "string", []string{"a b"}, "", false, []string{"a b"}},
		{"dealer", zmq4.Dealer, nil, "string", []string{"", "b"}, "", false, []string{"", "b"}},
		{"router", zmq4.Router, nil, "string", []string{"id", "b c"}, "", false, []string{"b c"}},
		{"no frames", zmq4.Sub, nil, "string", nil, "", false, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			topic, payload, has := SplitTopic(test.typ, test.topics, openCodec(t, test.codec), zmq4.NewMsgFromString(test.frames).Frames)
			if string(topic) != test.topic || has != test.has || fmt.Sprintf("%q", payload) != fmt.Sprintf("%q", test.payload) {
				t.Errorf("got %q, %q, %v", topic, payload, has)
			}
		})
	}
}
