package shell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-zeromq/zmq4"
)

var errLost = errors.New("lost")

// A server is a Requester whose peer does with each request what its script
// says: "=TEXT" replies, "lost" goes away, "silent" and the end do nothing.
type server struct {
	script []string
	log    []string
	now    string
	from   time.Time
	busy   bool
}

func (s *server) SendContext(_ context.Context, m zmq4.Msg) error {
	if s.busy {
		return errors.New("out of turn")
	}
	s.busy = true
	s.log = append(s.log, fmt.Sprintf("%s at %v", m.Frames[0], time.Since(s.from)))
	s.now = "silent"
	if len(s.script) > 0 {
		s.now, s.script = s.script[0], s.script[1:]
	}
	return nil
}

func (s *server) RecvContext(ctx context.Context) (zmq4.Msg, error) {
	switch reply, ok := strings.CutPrefix(s.now, "="); {
	case ok:
		s.busy = false
		return zmq4.NewMsgString(reply), nil
	case s.now == "lost":
		s.busy = false
		return zmq4.Msg{}, errLost
	}
	<-ctx.Done()
	return zmq4.Msg{}, ctx.Err()
}

func (s *server) Reset() {
	s.busy = false
	s.log = append(s.log, "reset")
}

func TestAsk(t *testing.T) {
	tests := []struct {
		name    string
		records []string
		script  []string
		timeout time.Duration
		retries int
		count   int
		log     []string
		replies string
		notices int
		err     string
	}{
		{"one after the other", []string{"a", "b"}, []string{"=x", "=y"}, 0, UntilReplied, 0,
			[]string{"a at 0s", "b at 0s"}, "x\ny\n", 0, ""},
		{"count", []string{"a", "b"}, []string{"=x", "=y"}, 0, UntilReplied, 1, []string{"a at 0s"}, "x\n", 0, ""},
		{"late, no retries asked for", []string{"a", "b"}, nil, time.Second, UntilReplied, 0,
			[]string{"a at 0s", "reset"}, "", 0, "timed out: no reply within 1s"},
		{"late, retried", []string{"a", "b"}, []string{"silent", "=x", "=y"}, time.Second, 1, 0,
			[]string{"a at 0s", "reset", "a at 1s", "b at 1s"}, "x\ny\n", 1, ""},
		{"out of tries", []string{"a", "b"}, nil, time.Second, 2, 0,
			[]string{"a at 0s", "reset", "a at 1s", "reset", "a at 2s", "reset"}, "", 2, "timed out: no reply within 1s, after 3 attempts"},
		{"lost, no retries asked for", []string{"a"}, []string{"lost", "lost", "lost", "=x"}, 0, UntilReplied, 0,
			[]string{"a at 0s", "a at 0s", "a at 0s", "a at 0s"}, "x\n", 3, ""},
		{"lost, then late", []string{"a"}, []string{"lost"}, time.Second, UntilReplied, 0,
			[]string{"a at 0s", "a at 0s", "reset"}, "", 1, "timed out: no reply within 1s"},
		{"lost, retried", []string{"a"}, []string{"lost", "=x"}, 0, 1, 0,
			[]string{"a at 0s", "reset", "a at 0s"}, "x\n", 1, ""},
		{"lost, none left", []string{"a", "b"}, []string{"lost"}, 0, 0, 0,
			[]string{"a at 0s", "reset"}, "", 0, "timed out: lost"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				replies, out := printer(t, "")
				s, notices := &server{script: tt.script, from: time.Now()}, 0
				err := Ask(t.Context(), lines(tt.records...), s, AskOptions{
					SendOptions: SendOptions{Count: tt.count},
					Timeout:     tt.timeout,
					Retries:     tt.retries,
					IsLost:      func(err error) bool { return errors.Is(err, errLost) },
					Notice:      func(string, ...any) { notices++ },
					Replies:     replies,
				})
				if !slices.Equal(s.log, tt.log) || out.String() != tt.replies || notices != tt.notices || text(err) != tt.err {
					t.Errorf("got %q, replies %q, %d notices, error %q\nwant %q, %q, %d, %q",
						s.log, out, notices, text(err), tt.log, tt.replies, tt.notices, tt.err)
				}
				if timedOut := tt.err != ""; errors.Is(err, ErrTimeout) != timedOut {
					t.Errorf("%v is a timeout: %v", err, !timedOut)
				}
			})
		})
	}
}

// A request that is sent again is shown once.
func TestAskShowsARequestOnce(t *testing.T) {
	var out bytes.Buffer
	p, err := NewPrinter(&out, OutputOptions{Format: "pretty", Type: zmq4.Req})
	if err != nil {
		t.Fatal(err)
	}
	err = Ask(t.Context(), lines("a"), &server{script: []string{"lost", "lost", "=x"}}, AskOptions{
		SendOptions: SendOptions{Shown: p},
		Retries:     UntilReplied,
		IsLost:      func(err error) bool { return errors.Is(err, errLost) },
		Notice:      func(string, ...any) {},
		Replies:     p,
	})
	if want := "Request:\na sent\nReply:\nx received\n"; err != nil || out.String() != want {
		t.Errorf("printed %q, %v, want %q", out.String(), err, want)
	}
}

// Requests are spaced like messages, and the end of ctx ends each wait.
func TestAskInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(3500*time.Millisecond, func() { cancel(errStop) })
		replies, _ := printer(t, "")
		s := &server{script: []string{"=x", "=x"}, from: time.Now()}
		err := Ask(ctx, lines("a", "b", "c"), s, AskOptions{
			SendOptions: SendOptions{Interval: time.Second}, Retries: UntilReplied,
			IsLost: func(error) bool { return false }, Replies: replies,
		})
		if want := []string{"a at 0s", "b at 1s", "c at 2s"}; !errors.Is(err, errStop) || !slices.Equal(s.log, want) {
			t.Errorf("got %q, %v, want %q", s.log, err, want)
		}
	})
}
