package zmtp

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// greeting is what a ZMTP peer sends first.
func greeting(major, minor byte, mechanism string, server byte) []byte {
	g := make([]byte, greetingLen)
	g[0], g[signatureEnd] = signatureFirst, signatureLast
	g[versionAt], g[versionAt+1] = major, minor
	copy(g[mechanismAt:mechanismEnd], mechanism)
	g[mechanismEnd] = server
	return g
}

// nullGreeting is the greeting of libzmq 4.3 under NULL.
func nullGreeting() []byte { return greeting(3, 1, "NULL", 0) }

func ready(metadata []byte) []byte { return AppendCommand(nil, zmq4.CmdReady, metadata) }

func metadata(typ zmq4.SocketType, id string) []byte {
	return AppendMetadata(nil, typ, zmq4.SocketIdentity(id))
}

// longHeadOf is a head of nine bytes that announces size, whatever it is.
func longHeadOf(flags byte, size uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{flags | FlagLong}, size)
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// connPair returns the two ends of a loopback TCP connection.
func connPair(t testing.TB) (ours, theirs net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	theirs, err = net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ours, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ours.Close()
		theirs.Close()
	})
	return ours, theirs
}

// A script is a net.Conn whose peer says what chunks holds, one read a chunk,
// and then hangs up, or is silent where hang is set. What is written to it is
// kept.
type script struct {
	chunks [][]byte
	hang   bool

	mu        sync.Mutex
	written   bytes.Buffer
	deadlines []time.Time // as they were set
	ended     chan struct{}
	once      sync.Once
}

func newScript(hang bool, chunks ...[]byte) *script {
	return &script{chunks: chunks, hang: hang, ended: make(chan struct{})}
}

func (s *script) Read(p []byte) (int, error) {
	for len(s.chunks) > 0 && len(s.chunks[0]) == 0 {
		s.chunks = s.chunks[1:]
	}
	if len(s.chunks) == 0 {
		if !s.hang {
			return 0, io.EOF
		}
		<-s.ended
		return 0, os.ErrDeadlineExceeded
	}
	n := copy(p, s.chunks[0])
	s.chunks[0] = s.chunks[0][n:]
	return n, nil
}

func (s *script) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.written.Write(p)
}

func (s *script) SetDeadline(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deadlines = append(s.deadlines, t)
	if !t.IsZero() && s.hang {
		time.AfterFunc(time.Until(t), func() { s.once.Do(func() { close(s.ended) }) })
	}
	return nil
}

func (s *script) Close() error                     { return nil }
func (s *script) LocalAddr() net.Addr              { return nil }
func (s *script) RemoteAddr() net.Addr             { return nil }
func (s *script) SetReadDeadline(time.Time) error  { return nil }
func (s *script) SetWriteDeadline(time.Time) error { return nil }

// each splits b into chunks of one byte.
func each(b []byte) [][]byte {
	chunks := make([][]byte, len(b))
	for i := range b {
		chunks[i] = b[i : i+1]
	}
	return chunks
}
