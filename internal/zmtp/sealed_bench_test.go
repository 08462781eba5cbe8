package zmtp

import (
	"io"
	"net"
	"strconv"
	"testing"
)

// sealedBenchSizes are a line, a record and a picture.
var sealedBenchSizes = []int{64, 1 << 10, 64 << 10}

// What a frame costs that is sealed: as the outbox lays it out, many in a write,
// large bodies in a buffer of their own.
func BenchmarkSeal(b *testing.B) {
	for _, size := range sealedBenchSizes {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			var bufs net.Buffers
			perWrite := max(1, 64<<10/size)
			if size < 4<<10 {
				var many []byte
				for range perWrite {
					many = AppendFrame(many, 0, make([]byte, size))
				}
				bufs = net.Buffers{many}
			} else {
				bufs = net.Buffers{AppendHead(nil, 0, size), make([]byte, size)}
			}
			s := newSealPair().w
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for n := 0; n < b.N; n += perWrite {
				if _, err := s.write(io.Discard, bufs); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// What a frame costs that is opened: read as the Decoder reads, into large
// buffers.
func BenchmarkOpen(b *testing.B) {
	for _, size := range sealedBenchSizes {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			pair := newSealPair()
			const frames = 64
			var wire memory
			frame := AppendFrame(nil, 0, make([]byte, size))
			for range frames {
				if _, err := pair.w.write(&wire, net.Buffers{frame}); err != nil {
					b.Fatal(err)
				}
			}
			room := make([]byte, maxBuffer)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			again := *pair.r
			for n := 0; n < b.N; n += frames {
				// The same frames again: a nonce that came is made one that did not.
				pair.r.n = again.n
				wire.at = 0
				pair.r.r = &wire
				for got := 0; got < frames*len(frame); {
					m, err := pair.r.read(room)
					if err != nil {
						b.Fatal(err)
					}
					got += m
				}
			}
		})
	}
}

// memory keeps what is written to it, to be read as often as at is put back.
type memory struct {
	b  []byte
	at int
}

func (m *memory) Write(b []byte) (int, error) {
	m.b = append(m.b, b...)
	return len(b), nil
}

func (m *memory) Read(b []byte) (int, error) {
	if m.at == len(m.b) {
		return 0, io.EOF
	}
	n := copy(b, m.b[m.at:])
	m.at += n
	return n, nil
}

// What the boxes alone cost: the least that a sealed frame can.
func BenchmarkBox(b *testing.B) {
	for _, size := range sealedBenchSizes {
		key, nonce, body := &sharedKey{1}, shortNonce(messageOfClient, 1), make([]byte, 1+size)
		sealed := key.seal(nil, body, nonce)
		room := make([]byte, 0, len(sealed))
		b.Run("seal/"+strconv.Itoa(size), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				key.seal(room, body, nonce)
			}
		})
		b.Run("open/"+strconv.Itoa(size), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				if _, ok := key.open(room, sealed, nonce); !ok {
					b.Fatal("not opened")
				}
			}
		})
	}
}
