package patterns

import (
	"io"
	"net"
	"testing"

	"golang.org/x/net/nettest"
)

// The connection of inproc is a net.Conn by the book.
func TestMemoryConn(t *testing.T) {
	nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
		a, b := newMemoryConns(inprocAddr("test"))
		return a, b, func() {
			a.Close()
			b.Close()
		}, nil
	})
}

// What was written before a close, or half a close, is still read.
func TestMemoryConnCloseWrite(t *testing.T) {
	a, b := newMemoryConns(inprocAddr("test"))
	defer a.Close()
	if _, err := a.Write([]byte("last words")); err != nil {
		t.Fatal(err)
	}
	a.CloseWrite()
	if _, err := a.Write([]byte("x")); err == nil {
		t.Error("writing after CloseWrite")
	}
	if got, err := io.ReadAll(b); string(got) != "last words" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := b.Write([]byte("answer")); err != nil {
		t.Fatal(err)
	}
	b.Close()
	if got, err := io.ReadAll(a); string(got) != "answer" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
