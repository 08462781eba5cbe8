package shell

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-zeromq/zmq4"
)

func TestSend(t *testing.T) {
	ints := InputOptions{Codec: openCodec(t, "int:1")}
	tests := []struct {
		name     string
		src      Source
		o        SendOptions
		sent     []string
		err      string
		reported int
	}{
		{"all of it", lines("a", "", "b"), SendOptions{}, []string{"[a]", "[]", "[b]"}, "", 0},
		{"nothing", lines(), SendOptions{}, nil, "", 0},
		{"count within a batch", lines("a", "b", "c"), SendOptions{Count: 2}, []string{"[a]", "[b]"}, "", 0},
		{"count beyond the end", lines("a"), SendOptions{Count: 2}, []string{"[a]"}, "", 0},
		{"bad record", NewArgsSource([]string{"1", "x", "3"}, ints), SendOptions{}, []string{"[\x01]"}, "record 2: ", 0},
		{"bad record skipped", NewArgsSource([]string{"1", "x", "3"}, ints), SendOptions{SkipBad: true}, []string{"[\x01]", "[\x03]"}, "", 1},
		{"bad record not counted", NewArgsSource([]string{"x", "2", "3"}, ints), SendOptions{SkipBad: true, Count: 1}, []string{"[\x02]"}, "", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, reported := &outlet{room: 9}, 0
			tt.o.Report = func(error) { reported++ }
			err := Send(t.Context(), tt.src, out, tt.o)
			if !slices.Equal(out.msgs, tt.sent) || reported != tt.reported {
				t.Errorf("sent %q, reported %d, want %q, %d", out.msgs, reported, tt.sent, tt.reported)
			}
			if got := text(err); !strings.HasPrefix(got, tt.err) || (got == "") != (tt.err == "") {
				t.Errorf("error %q, want %q", got, tt.err)
			}
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// What is sent is shown, and only that.
func TestSendShows(t *testing.T) {
	var shown bytes.Buffer
	printer, err := NewPrinter(&shown, OutputOptions{Format: "pretty", Type: zmq4.Pub})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	out := &outlet{room: 1, full: func() { cancel(errStop) }}
	err = Send(ctx, lines("1 a", "1 b"), out, SendOptions{Shown: printer})
	if !errors.Is(err, errStop) || shown.String() != "Ch 1 <- a sent\n" {
		t.Errorf("shown %q, error %v", shown.String(), err)
	}
}

func TestSendEndsWithItsContext(t *testing.T) {
	stdin, typing := io.Pipe()
	defer typing.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	out := &outlet{room: 9}
	done := make(chan error)
	go func() { done <- Send(ctx, NewReaderSource(stdin, InputOptions{}), out, SendOptions{}) }()
	io.WriteString(typing, "a\n")
	cancel(errStop)
	if err := <-done; !errors.Is(err, errStop) {
		t.Errorf("error %v", err)
	}
}

// The pause is between messages: none before the first nor behind the last,
// and it is kept where the source is slower for a while.
func TestSendInterval(t *testing.T) {
	const ms = time.Millisecond
	tests := []struct {
		name  string
		src   func() Source
		at    []time.Duration
		count int
		ended time.Duration
	}{
		{"records", func() Source { return lines("a", "b", "c") }, []time.Duration{0, 100 * ms, 200 * ms}, 0, 200 * ms},
		{"rounds of a feed", func() Source { return feed(t) }, []time.Duration{0, 0, 100 * ms, 100 * ms, 200 * ms}, 5, 200 * ms},
		{"slow source", func() Source {
			return &slowSource{[]string{"a", "b", "c", "d"}, []time.Duration{1000 * ms, 10 * ms, 0, 500 * ms}}
		}, []time.Duration{1000 * ms, 1100 * ms, 1200 * ms, 1700 * ms}, 0, 1700 * ms},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				out := &outlet{room: 9, from: time.Now()}
				if err := Send(t.Context(), tt.src(), out, SendOptions{Interval: 100 * ms, Count: tt.count}); err != nil {
					t.Fatal(err)
				}
				if ended := time.Since(out.from); !slices.Equal(out.at, tt.at) || ended != tt.ended {
					t.Errorf("sent at %v, ended at %v, want %v, %v", out.at, ended, tt.at, tt.ended)
				}
			})
		})
	}
}

func feed(t *testing.T) *Feed {
	f, err := NewFeed("number", 2, InputOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}
