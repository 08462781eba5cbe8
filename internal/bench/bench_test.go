package bench

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
	"go.uber.org/goleak"

	"fogmq/internal/patterns"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pair returns two sockets that are each other's peer.
func pair(t *testing.T, endpoint string, boundType, connectedType zmq4.SocketType) (bound, connected *patterns.Socket) {
	t.Helper()
	open := func(typ zmq4.SocketType) *patterns.Socket {
		s := patterns.New(context.Background(), typ, patterns.WithLinger(0), patterns.WithBacklog(true))
		t.Cleanup(func() { s.Close() })
		return s
	}
	bound, connected = open(boundType), open(connectedType)
	at, err := bound.Bind(endpoint)
	if err == nil {
		err = connected.Connect(at)
	}
	if err != nil {
		t.Fatal(err)
	}
	return bound, connected
}

func TestRun(t *testing.T) {
	t.Parallel()
	endpoints := map[string]string{"tcp": "tcp://127.0.0.1:*", "ipc": "ipc://*", "inproc": "inproc://run-"}
	runs := []Run{{64, 5000}, {0, 10}, {64, 1}, {64, 2}, {1 << 20, 3}, {5000, 1025}}
	for _, p := range Patterns() {
		for transport, endpoint := range endpoints {
			t.Run(p.Name+" "+transport, func(t *testing.T) {
				t.Parallel()
				if transport == "inproc" {
					endpoint += p.Name
				}
				bound, connected := pair(t, endpoint, p.Bound.Type, p.Connected.Type)
				for _, r := range runs { // one after the other at the same sockets
					result, err := p.Run(t.Context(), bound, connected, r, time.Minute)
					if err != nil {
						t.Fatal(err)
					}
					checkResult(t, result, p.Name, r)
				}
				total := uint64(0)
				for _, r := range runs {
					total += uint64(r.Count)
				}
				if Moved(bound) != total || Moved(connected) != total {
					t.Errorf("%d and %d messages moved, want %d", Moved(bound), Moved(connected), total)
				}
			})
		}
	}
}

func checkResult(t *testing.T, result Result, name string, r Run) {
	t.Helper()
	switch got := result.(type) {
	case *Throughput:
		if name != "thr" || got.Pattern != name || got.Size != r.Size || got.Count != r.Count {
			t.Errorf("%s %+v: %+v", name, r, got)
		}
		if (got.MsgsPerSecond > 0) != (r.Count > 1) || (got.BytesPerSecond > 0) != (r.Count > 1 && r.Size > 0) {
			t.Errorf("%+v: rates %v, %v", r, got.MsgsPerSecond, got.BytesPerSecond)
		}
	case *Latency:
		if name != "lat" || got.Pattern != name || got.Size != r.Size || got.Count != r.Count {
			t.Errorf("%s %+v: %+v", name, r, got)
		}
		if got.P50 <= 0 || got.P90 < got.P50 || got.P99 < got.P90 || got.Max < got.P99 {
			t.Errorf("%+v: %+v", r, got)
		}
	default:
		t.Errorf("%s %+v: no result", name, r)
	}
}

func TestSizesAreChecked(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		send []zmq4.Msg
		want string
	}{
		{"first", []zmq4.Msg{zmq4.NewMsg([]byte("four"))}, "message 1 has 4 bytes, expected 3"},
		{"second", []zmq4.Msg{zmq4.NewMsg([]byte("one")), zmq4.NewMsg(nil)}, "message 2 has 0 bytes, expected 3"},
		{"frames", []zmq4.Msg{zmq4.NewMsgFrom([]byte("o"), []byte("ne"))}, "message 1 has 2 frames, expected 1 of 3 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pull, push := pair(t, "tcp://127.0.0.1:*", zmq4.Pull, zmq4.Push)
			if _, err := push.SendBatch(t.Context(), tt.send); err != nil {
				t.Fatal(err)
			}
			result, err := throughput().Bound.Run(t.Context(), pull, Run{3, 5}, 0)
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) || result != nil {
				t.Errorf("got %v, %v, want %q", result, err, tt.want)
			}
		})
	}
}

func TestSizesOfRequestAndReplyAreChecked(t *testing.T) {
	t.Parallel()
	const want = "message 1 has 4 bytes, expected 3"
	bad := zmq4.NewMsg([]byte("four"))

	rep, req := pair(t, "tcp://127.0.0.1:*", zmq4.Rep, zmq4.Req)
	if err := req.SendContext(t.Context(), bad); err != nil {
		t.Fatal(err)
	}
	_, err := latency().Bound.Run(t.Context(), rep, Run{3, 5}, 0)
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("REP: %v, want %q", err, want)
	}

	rep, req = pair(t, "tcp://127.0.0.1:*", zmq4.Rep, zmq4.Req)
	answered := make(chan error, 1)
	go func() {
		_, err := rep.RecvContext(t.Context())
		if err == nil {
			err = rep.SendContext(t.Context(), bad)
		}
		answered <- err
	}()
	_, err = latency().Connected.Run(t.Context(), req, Run{3, 5}, 0)
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("REQ: %v, want %q", err, want)
	}
	if err := <-answered; err != nil {
		t.Error(err)
	}
}

// An end alone gives up, or is given up, wherever it waits.
func TestEndsThatWait(t *testing.T) {
	t.Parallel()
	stop := errors.New("stop")
	for _, p := range Patterns() {
		for _, end := range []End{p.Bound, p.Connected} {
			t.Run(string(end.Type), func(t *testing.T) {
				t.Parallel()
				sock := patterns.New(context.Background(), end.Type, patterns.WithLinger(0), patterns.WithBacklog(true))
				defer sock.Close()
				result, err := end.Run(t.Context(), sock, Run{1, 5}, 20*time.Millisecond)
				if stalled, ok := errors.AsType[*StalledError](err); !ok || result != nil || stalled.Wait != 20*time.Millisecond {
					t.Errorf("got %v, %v, want a *StalledError", result, err)
				}
				ctx, cancel := context.WithCancelCause(t.Context())
				cancel(stop)
				if _, err := end.Run(ctx, sock, Run{1, 5000}, 0); !errors.Is(err, stop) {
					t.Errorf("got %v, want the cause of the context's end", err)
				}
			})
		}
	}
}

func TestCountDependsOnSize(t *testing.T) {
	tests := []struct {
		pattern   Pattern
		size      int
		wantCount int
	}{
		{throughput(), 0, 3000000},
		{throughput(), 64, 3000000},
		{throughput(), 1024, 1953125},
		{throughput(), 1 << 30, 10},
		{latency(), 0, 30000},
		{latency(), 64, 30000},
		{latency(), 1 << 20, 286},
		{latency(), 1 << 30, 10},
	}
	for _, tt := range tests {
		if got := tt.pattern.Count(tt.size); got != tt.wantCount {
			t.Errorf("%s of %d bytes: %d, want %d", tt.pattern.Name, tt.size, got, tt.wantCount)
		}
	}
}
