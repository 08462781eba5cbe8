package shell

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/codec"
)

// collect reads a source to its end, a message or an error an element.
func collect(t testing.TB, s Source, max int) []string {
	t.Helper()
	var got []string
	for {
		msgs, err := s.Next(max)
		if err == io.EOF {
			return got
		}
		if err == nil && (len(msgs) == 0 || len(msgs) > max) {
			t.Fatalf("Next(%d) returned %d messages", max, len(msgs))
		}
		if err != nil && len(msgs) > 0 {
			t.Fatalf("Next returned %d messages beside the error %v", len(msgs), err)
		}
		for _, m := range msgs {
			got = append(got, fmt.Sprintf("%q", m.Frames))
		}
		if err != nil {
			got = append(got, err.Error())
		}
		var bad *RecordError
		if err != nil && !errors.As(err, &bad) {
			return got
		}
	}
}

// messages reads a source to its end, which must be without an error.
func messages(t testing.TB, s Source, max int) []zmq4.Msg {
	t.Helper()
	var got []zmq4.Msg
	for {
		msgs, err := s.Next(max)
		if err == io.EOF {
			return got
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, msgs...)
	}
}

func openCodec(t testing.TB, spec string) codec.Codec {
	t.Helper()
	c, err := codec.Parse(spec, codec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
