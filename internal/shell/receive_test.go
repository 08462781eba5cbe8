package shell

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-zeromq/zmq4"
)

// printer returns one for raw text, and where it prints.
func printer(t *testing.T, codecSpec string) (*Printer, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	o := OutputOptions{Format: "raw", Type: zmq4.Pull}
	if codecSpec != "" {
		o.Codec = openCodec(t, codecSpec)
	}
	p, err := NewPrinter(&out, o)
	if err != nil {
		t.Fatal(err)
	}
	return p, &out
}

func TestReceive(t *testing.T) {
	tests := []struct {
		name     string
		msgs     []string
		codec    string
		o        ReceiveOptions
		printed  string
		err      string
		reported int
	}{
		{"count", []string{"a", "b", "c"}, "", ReceiveOptions{Count: 2}, "a\nb\n", "", 0},
		{"bad message", []string{"\x01", "xx", "\x03"}, "int:1", ReceiveOptions{Count: 2}, "1\n", "record 2: int:1", 0},
		{"bad message skipped, not counted", []string{"\x01", "xx", "\x03", "\x04"}, "int:1", ReceiveOptions{Count: 2, SkipBad: true}, "1\n3\n", "", 1},
		{"timeout", []string{"a"}, "", ReceiveOptions{Timeout: time.Second}, "a\n", ErrTimeout.Error(), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, out := printer(t, tt.codec)
				reported := 0
				tt.o.Report = func(error) { reported++ }
				err := Receive(t.Context(), newInlet(tt.msgs...), p, tt.o)
				if out.String() != tt.printed || reported != tt.reported {
					t.Errorf("printed %q, reported %d, want %q, %d", out, reported, tt.printed, tt.reported)
				}
				if got := text(err); !strings.HasPrefix(got, tt.err) || (got == "") != (tt.err == "") {
					t.Errorf("error %q, want %q", got, tt.err)
				}
			})
		})
	}
}

// The timeout bounds each wait, not their sum.
func TestReceiveTimeoutIsOfOneWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, out := printer(t, "")
		in, began := newInlet(), time.Now()
		go func() {
			for range 3 {
				time.Sleep(900 * time.Millisecond) // of the bubble's clock
				in.put("x")
			}
		}()
		err := Receive(t.Context(), in, p, ReceiveOptions{Timeout: time.Second})
		if took := time.Since(began); !errors.Is(err, ErrTimeout) || out.String() != "x\nx\nx\n" || took != 3700*time.Millisecond {
			t.Errorf("printed %q, error %v after %v", out, err, took)
		}
	})
}

// What was received before the end is still printed, more than one batch of it.
func TestReceivePrintsTheRestAtTheEnd(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errStop)
	const many = 3*batchSize + 1
	in := newInlet(strings.Split(strings.Repeat("x,", many-1)+"x", ",")...)
	p, out := printer(t, "")
	err := Receive(ctx, in, p, ReceiveOptions{})
	if got := strings.Count(out.String(), "x\n"); !errors.Is(err, errStop) || got != many {
		t.Errorf("%d of %d printed, error %v", got, many, err)
	}
}

// An error of stdout ends it, and is what it returns.
func TestReceiveEndsWithItsOutput(t *testing.T) {
	p, err := NewPrinter(failing{}, OutputOptions{Format: "raw", Type: zmq4.Pull})
	if err != nil {
		t.Fatal(err)
	}
	if err := Receive(t.Context(), newInlet("a"), p, ReceiveOptions{}); !errors.Is(err, errStop) {
		t.Errorf("error %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errStop }
