package shell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-zeromq/zmq4"
)

// A client is a Responder with requests in it, that keeps the replies and when
// they came.
type client struct {
	*inlet
	replies []string
	from    time.Time
}

func newClient(requests ...string) *client {
	return &client{inlet: newInlet(requests...), from: time.Now()}
}

func (c *client) SendContext(_ context.Context, m zmq4.Msg) error {
	c.replies = append(c.replies, fmt.Sprintf("%s at %v", m.Frames, time.Since(c.from)))
	return nil
}

func TestAnswer(t *testing.T) {
	failOn := func(bad string) Replier {
		return replyFunc(func(_ context.Context, request zmq4.Msg, seq int) ([][]byte, error) {
			if string(request.Frames[0]) == bad {
				return nil, errors.New("it is bad")
			}
			return [][]byte{fmt.Append(nil, seq)}, nil
		})
	}
	tests := []struct {
		name     string
		requests []string
		r        func() Replier
		o        AnswerOptions
		replies  []string
		reported []string
		err      error
	}{
		{"count", []string{"a", "b", "c"}, echoReplier, AnswerOptions{Count: 2},
			[]string{"[a] at 0s", "[b] at 0s"}, nil, nil},
		{"delay", []string{"a", "b"}, echoReplier, AnswerOptions{Count: 2, Delay: time.Second},
			[]string{"[a] at 1s", "[b] at 2s"}, nil, nil},
		{"timeout", []string{"a"}, echoReplier, AnswerOptions{Timeout: time.Second},
			[]string{"[a] at 0s"}, nil, ErrTimeout},
		{"an error is told and passes", []string{"a", "b", "c"}, func() Replier { return failOn("b") }, AnswerOptions{Count: 3},
			[]string{"[1] at 0s", "[error: it is bad] at 0s", "[3] at 0s"}, []string{"request 2: it is bad"}, nil},
		{"records", []string{"a", "b", "c"}, func() Replier { return RecordReplier(lines("x", "y"), true, nil) }, AnswerOptions{},
			[]string{"[x] at 0s", "[y] at 0s"}, nil, nil},
		{"records that come when asked for", []string{"a", "b", "c"}, func() Replier { return RecordReplier(lines("x"), false, nil) }, AnswerOptions{},
			[]string{"[x] at 0s", "[error: there are no more replies] at 0s"}, []string{"request 2: there are no more replies"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(tt.requests...)
				var reported []string
				tt.o.Report = func(err error) { reported = append(reported, err.Error()) }
				r := tt.r()
				defer stopReplier(r)
				err := Answer(t.Context(), c, r, tt.o)
				if !slices.Equal(c.replies, tt.replies) || !slices.Equal(reported, tt.reported) || !errors.Is(err, tt.err) {
					t.Errorf("replied %q, reported %q, error %v\nwant %q, %q, %v", c.replies, reported, err, tt.replies, tt.reported, tt.err)
				}
			})
		})
	}
}

// stopReplier ends the goroutine that a replier from records has.
func stopReplier(r Replier) {
	if r, ok := r.(*recordReplier); ok {
		r.puller.stop()
	}
}

// No request is taken before its reply is there.
func TestAnswerAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stdin, typing := io.Pipe()
		c := newClient("a", "b")
		r := RecordReplier(NewReaderSource(stdin, InputOptions{}), true, nil)
		defer stopReplier(r)
		done := make(chan error)
		go func() { done <- Answer(t.Context(), c, r, AnswerOptions{}) }()
		synctest.Wait()
		if waiting := len(c.queue); waiting != 2 {
			t.Errorf("%d requests wait, want 2", waiting)
		}
		io.WriteString(typing, "x\n")
		synctest.Wait()
		if waiting := len(c.queue); waiting != 1 {
			t.Errorf("%d requests wait, want 1", waiting)
		}
		typing.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// The end of ctx ends every wait: for a record, a request, a reply's delay.
func TestAnswerEndsWithItsContext(t *testing.T) {
	tests := []struct {
		name     string
		requests []string
		r        func() Replier
		o        AnswerOptions
	}{
		{"no request", nil, echoReplier, AnswerOptions{}},
		{"delay", []string{"a"}, echoReplier, AnswerOptions{Delay: time.Hour}},
		{"slow reply", []string{"a"}, func() Replier {
			return replyFunc(func(ctx context.Context, _ zmq4.Msg, _ int) ([][]byte, error) {
				<-ctx.Done()
				return nil, errors.New("cut off")
			})
		}, AnswerOptions{Report: func(error) { t.Error("reported") }}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Second, func() { cancel(errStop) })
				c := newClient(tt.requests...)
				if err := Answer(ctx, c, tt.r(), tt.o); !errors.Is(err, errStop) || c.replies != nil {
					t.Errorf("error %v, replies %q", err, c.replies)
				}
			})
		})
	}
}

func TestAnswerShows(t *testing.T) {
	for replies, want := range map[bool]string{
		false: "Request:\n41 received\n",
		true:  "Request:\n41 received\nReply:\n42 sent\n",
	} {
		var out bytes.Buffer
		p, err := NewPrinter(&out, OutputOptions{Format: "pretty", Type: zmq4.Rep})
		if err != nil {
			t.Fatal(err)
		}
		o := AnswerOptions{Count: 1, Shown: p, ShowReplies: replies}
		if err := Answer(t.Context(), newClient("41"), FixedReplier([][]byte{[]byte("42")}), o); err != nil {
			t.Fatal(err)
		}
		if out.String() != want {
			t.Errorf("printed %q, want %q", out.String(), want)
		}
	}
}

func echoReplier() Replier { return EchoReplier(nil, nil) }
