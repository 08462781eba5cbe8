package patterns

import (
	"fmt"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// A lull delays messages and loses none, and neither a stop nor a close waits for it.
func TestLull(t *testing.T) {
	pull := newSocket(t, zmq4.Pull, WithLull(time.Millisecond), WithHWM(10))
	push := newSocket(t, zmq4.Push)
	mustConnect(t, push, mustBind(t, pull, "tcp://127.0.0.1:0"))
	const n = 2000
	go func() {
		for i := range n {
			push.send(t, []string{fmt.Sprint(i)})
		}
	}()
	for i := range n {
		if got := pull.receive(t); got[0] != fmt.Sprint(i) {
			t.Fatalf("message %d is %q", i, got)
		}
	}
	slow := newSocket(t, zmq4.Pull, WithLull(time.Hour))
	other := newSocket(t, zmq4.Push)
	mustConnect(t, other, mustBind(t, slow, "tcp://127.0.0.1:0"))
	other.send(t, []string{"x"})
	if got := slow.receive(t); got[0] != "x" {
		t.Errorf("received %q", got)
	}
	if err := slow.Close(); err != nil {
		t.Error(err)
	}
}
