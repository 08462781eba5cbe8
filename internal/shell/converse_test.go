package shell

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/patterns"
)

// conversation is a PAIR of the test's own with what Converse works on.
func conversation(t *testing.T) (sock, peer *patterns.Socket) {
	t.Helper()
	endpoint := fmt.Sprintf("inproc://%s-%d", t.Name(), rand.Uint64())
	sock = patterns.New(context.Background(), zmq4.Pair, patterns.WithLinger(0))
	peer = patterns.New(context.Background(), zmq4.Pair, patterns.WithLinger(0))
	t.Cleanup(func() { sock.Close() })
	t.Cleanup(func() { peer.Close() })
	if _, err := sock.Bind(endpoint); err != nil {
		t.Fatal(err)
	}
	if err := peer.Connect(endpoint); err != nil {
		t.Fatal(err)
	}
	return sock, peer
}

// kept is a Handler that keeps what came, and takes no message "bad".
type kept struct{ all []string }

func (k *kept) Received(m zmq4.Msg) error {
	if string(m.Frames[0]) == "bad" {
		return &RecordError{Record: len(k.all) + 1, Err: errors.New("it is bad")}
	}
	k.all = append(k.all, string(m.Frames[0]))
	return nil
}

func (k *kept) Flush() error { return nil }

func textSource(text string) Source {
	return NewReaderSource(strings.NewReader(text), InputOptions{Type: zmq4.Pair})
}

// silence is a stdin on which nothing comes.
type silence struct{ context.Context }

func (s silence) Read([]byte) (int, error) {
	<-s.Done()
	return 0, context.Canceled
}

func echo(t *testing.T, peer *patterns.Socket, n int) <-chan error {
	done := make(chan error, 1)
	go func() {
		for range n {
			m, err := peer.RecvContext(t.Context())
			if err == nil {
				err = peer.SendContext(t.Context(), m)
			}
			if err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	return done
}

func TestConverse(t *testing.T) {
	stopped := errors.New("stopped")
	tests := []struct {
		name      string
		in        string
		send      SendOptions
		receive   ReceiveOptions
		untilSent bool
		comes     []string // what the peer sends
		want      []string
		err       error // errors.Is
		bad       bool  // the end is a *RecordError
	}{
		{name: "the end of stdin is not the end", in: "", receive: ReceiveOptions{Count: 2}, comes: []string{"a", "b", "c"}, want: []string{"a", "b"}},
		{name: "a wait too long", in: "x\n", receive: ReceiveOptions{Timeout: 30 * time.Millisecond}, comes: []string{"a"}, want: []string{"a"}, err: ErrTimeout},
		{name: "until all is sent", in: "x\ny\n", untilSent: true},
		{name: "until so many are sent", in: "x\ny\n", send: SendOptions{Count: 1}, untilSent: true},
		{name: "a bad message", in: "", comes: []string{"a", "bad"}, want: []string{"a"}, bad: true},
		{name: "a bad message passed over", in: "", receive: ReceiveOptions{Count: 2, SkipBad: true, Report: func(error) {}},
			comes: []string{"a", "bad", "b"}, want: []string{"a", "b"}},
		{name: "the end of its context", in: "x\n", err: stopped},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sock, peer := conversation(t)
			for _, text := range tt.comes {
				if err := peer.SendContext(t.Context(), zmq4.NewMsgString(text)); err != nil {
					t.Fatal(err)
				}
			}
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			if tt.err == stopped {
				go func() {
					_, _ = peer.RecvContext(t.Context()) // what is sent has come
					cancel(stopped)
				}()
			}
			var got kept
			err := Converse(ctx, textSource(tt.in), sock, &got, tt.send, tt.receive, tt.untilSent)
			var record *RecordError
			if errors.As(err, &record) != tt.bad || !tt.bad && !errors.Is(err, tt.err) {
				t.Errorf("it ended with %v", err)
			}
			if !slices.Equal(got.all, tt.want) {
				t.Errorf("%q came, want %q", got.all, tt.want)
			}
		})
	}
}

// Both ways go on at the same time: more goes to and fro than any queue holds.
func TestConverseBothWays(t *testing.T) {
	const count = 20000
	sock, peer := conversation(t)
	echoed := echo(t, peer, count)
	var in strings.Builder
	var want []string
	for i := range count {
		fmt.Fprintln(&in, i)
		want = append(want, fmt.Sprint(i))
	}
	var got kept
	if err := Converse(t.Context(), textSource(in.String()), sock, &got, SendOptions{}, ReceiveOptions{Count: count}, false); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.all, want) {
		t.Errorf("%d messages came back", len(got.all))
	}
	if err := <-echoed; err != nil {
		t.Error(err)
	}
}

// Enough having come ends the wait for more input, too.
func TestConverseEndsWhileStdinIsSilent(t *testing.T) {
	sock, peer := conversation(t)
	if err := peer.SendContext(t.Context(), zmq4.NewMsgString("a")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got kept
	src := NewReaderSource(silence{ctx}, InputOptions{Type: zmq4.Pair})
	if err := Converse(t.Context(), src, sock, &got, SendOptions{}, ReceiveOptions{Count: 1}, false); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.all, []string{"a"}) {
		t.Errorf("%q came", got.all)
	}
}

// A bad record ends it; what was sent before it has been sent, and what had come
// by then is handled.
func TestConverseBadRecord(t *testing.T) {
	sock, peer := conversation(t)
	bad := errors.New("no such peer")
	var got kept
	send := SendOptions{IsBad: func(err error) bool { return errors.Is(err, bad) }}
	err := Converse(t.Context(), textSource("one\nrefused\ntwo\n"), refuser{sock, bad}, &got, send, ReceiveOptions{}, false)
	var record *RecordError
	if !errors.As(err, &record) || record.Record != 2 || !errors.Is(record.Err, bad) {
		t.Errorf("it ended with %v", err)
	}
	if m, err := peer.RecvContext(t.Context()); err != nil || string(m.Frames[0]) != "one" {
		t.Errorf("the peer got %q, %v", m.Frames, err)
	}

	sock2, peer2 := conversation(t)
	var reported []error
	send.SkipBad, send.Report = true, func(err error) { reported = append(reported, err) }
	echoed := echo(t, peer2, 2)
	err = Converse(t.Context(), textSource("one\nrefused\ntwo\n"), refuser{sock2, bad}, &got, send, ReceiveOptions{Count: 2}, false)
	if err != nil || <-echoed != nil || !slices.Equal(got.all, []string{"one", "two"}) || len(reported) != 1 {
		t.Errorf("it ended with %v, got %q, reported %v", err, got.all, reported)
	}
}

// A refuser can't send the message "refused".
type refuser struct {
	*patterns.Socket
	err error
}

func (r refuser) SendBatch(ctx context.Context, msgs []zmq4.Msg) (int, error) {
	for i, m := range msgs {
		if string(m.Frames[0]) == "refused" {
			return i, r.err
		}
		if err := r.SendContext(ctx, m); err != nil {
			return i, err
		}
	}
	return len(msgs), nil
}
