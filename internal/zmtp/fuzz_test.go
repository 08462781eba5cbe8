package zmtp

import (
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// FuzzDecoder holds the Decoder against the reference for any bytes, cut into
// reads at will.
func FuzzDecoder(f *testing.F) {
	// Seeds are small: the engine spends minutes on making large ones smaller.
	rnd := rand.New(rand.NewPCG(3, 4))
	f.Add(randomTraffic(rnd, 6)[:600], uint64(1), uint32(100), int64(0))
	f.Add(AppendFrame(nil, 0, make([]byte, 300)), uint64(1), uint32(7), int64(0))
	f.Add(join(AppendFrame(nil, FlagMore, []byte("a")), AppendCommand(nil, "PING", []byte("\x00\x01x")), AppendFrame(nil, 0, nil)), uint64(2), uint32(1), int64(10))
	f.Add(longHeadOf(FlagMore, 1<<40), uint64(3), uint32(3), int64(0))
	f.Add(longHeadOf(0, 1<<63-1), uint64(4), uint32(3), int64(0))
	f.Add(longHeadOf(FlagCommand, 1<<64-1), uint64(5), uint32(3), int64(0))
	f.Add([]byte{FlagMore, 0, FlagMore, 0, 0, 0}, uint64(6), uint32(1), int64(1))
	f.Fuzz(func(t *testing.T, b []byte, seed uint64, chunk uint32, maxMessage int64) {
		if maxMessage < 0 || maxMessage > 1<<20 {
			maxMessage = 0
		}
		rnd := rand.New(rand.NewPCG(seed, 0))
		compare(t, b, &chunker{b, rnd, 1 + int(chunk%100000)}, maxMessage, 1+rnd.IntN(50))
	})
}

// FuzzParseMetadata takes any bytes; what it accepts survives being written
// and read again.
func FuzzParseMetadata(f *testing.F) {
	f.Add(AppendMetadata(nil, zmq4.Pub, nil))
	f.Add(AppendMetadata(nil, zmq4.Dealer, zmq4.SocketIdentity("\x00\x01")))
	f.Add([]byte("\x00\x00\x00\x00\x00"))
	f.Add([]byte("\x01a\xff\xff\xff\xff"))
	f.Add([]byte("\xffabc"))
	f.Fuzz(func(t *testing.T, b []byte) {
		md, err := ParseMetadata(b)
		if err != nil {
			if !errors.Is(err, ErrProtocol) || strings.ContainsAny(err.Error(), "\x1b\n\x00") {
				t.Fatalf("%q", err)
			}
			return
		}
		var again []byte
		for name, value := range md {
			again = appendProperty(again, name, value)
		}
		if len(again) > len(b) {
			t.Fatalf("%d bytes of properties out of %d", len(again), len(b))
		}
		back, err := ParseMetadata(again)
		if err != nil || len(back) != len(md) {
			t.Fatalf("%v, %v, want %v", back, err, md)
		}
		for name, value := range md {
			if back[name] != value {
				t.Fatalf("%q: %q, want %q", name, back[name], value)
			}
		}
	})
}

// FuzzHandshake has a peer say anything, in pieces of any size, and then be
// silent or hang up. Open gives a peer or an error, in time.
func FuzzHandshake(f *testing.F) {
	good := join(nullGreeting(), ready(metadata(zmq4.Pub, "id")))
	f.Add(good, uint8(0), uint16(200))
	f.Add(good, uint8(1), uint16(1))
	f.Add(good[:70], uint8(2), uint16(7))
	for _, c := range badPeers {
		f.Add(c.sent, uint8(1), uint16(50))
	}
	f.Fuzz(func(t *testing.T, sent []byte, own uint8, chunk uint16) {
		var chunks [][]byte
		for rest := sent; len(rest) > 0; {
			n := min(len(rest), 1+int(chunk))
			chunks, rest = append(chunks, rest[:n:n]), rest[n:]
		}
		const timeout = 20 * time.Millisecond
		conn := newScript(own&0x80 != 0, chunks...)
		cfg := Config{Type: socketTypes[int(own&0x7f)%len(socketTypes)], Timeout: timeout}
		done := make(chan struct{})
		go func() {
			defer close(done)
			peer, err := Open(t.Context(), conn, cfg)
			switch {
			case err == nil && !peer.Type.IsCompatible(cfg.Type):
				t.Errorf("%s took a %q", cfg.Type, peer.Type)
			case err != nil && strings.Contains(err.Error(), "runtime error"):
				t.Errorf("a panic: %v", err)
			case err != nil && strings.ContainsAny(err.Error(), "\x1b\n"):
				t.Errorf("control characters of the peer's: %q", err)
			}
			if err == nil {
				io.Copy(io.Discard, conn)
			}
		}()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			t.Fatal("Open hangs")
		}
	})
}
