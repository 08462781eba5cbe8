package zmtp

import (
	"bytes"
	"strconv"
	"testing"

	"github.com/go-zeromq/zmq4"
)

// benchSizes are a few characters, a line, a record and a picture.
var benchSizes = []int{16, 64, 1024, 65536}

// benchBatch is how many messages are taken at a time.
const benchBatch = 1024

// A loop is a connection that brings the same bytes again and again, as fast as
// they can be copied.
type loop struct {
	b  []byte
	at int
}

// newLoop brings unit for ever. Most reads bring as much as there is room for.
func newLoop(unit []byte) *loop {
	return &loop{b: bytes.Repeat(unit, 1+(1<<20)/len(unit))}
}

func (l *loop) Read(p []byte) (n int, err error) {
	for n < len(p) {
		m := copy(p[n:], l.b[l.at:])
		n += m
		l.at = (l.at + m) % len(l.b)
	}
	return n, nil
}

// decodeEndlessly decodes b.N of the messages that unit is. With recycle it gives
// their memory back as a receiver does that has no use for them any more.
func decodeEndlessly(b *testing.B, unit []byte, recycle bool) {
	b.Helper()
	d := NewDecoder(newLoop(unit), 0, nil)
	var (
		room    Slab
		retired []*Block
	)
	batch := make([]zmq4.Msg, benchBatch)
	b.SetBytes(int64(len(unit)))
	b.ReportAllocs()
	for n := 0; n < b.N; {
		run, err := d.Read(min(benchBatch, b.N-n))
		if err != nil {
			b.Fatal(err)
		}
		n += run.Take(batch, &room)
		if !recycle {
			continue
		}
		room.Recycle()
		retired = d.Retired(retired[:0])
		for _, block := range retired {
			block.Free()
		}
	}
}

// What a message of one frame costs, in memory that is used again (recycled) and
// in memory that its receiver keeps (kept).
func BenchmarkDecode(b *testing.B) {
	for _, size := range benchSizes {
		unit := AppendFrame(nil, 0, make([]byte, size))
		b.Run(strconv.Itoa(size)+"/recycled", func(b *testing.B) { decodeEndlessly(b, unit, true) })
		b.Run(strconv.Itoa(size)+"/kept", func(b *testing.B) { decodeEndlessly(b, unit, false) })
	}
}

// A message of three frames: a topic, a head and a body.
func BenchmarkDecodeMultipart(b *testing.B) {
	for _, size := range benchSizes {
		unit := AppendFrame(nil, FlagMore, []byte("topic"))
		unit = AppendFrame(unit, FlagMore, make([]byte, 16))
		unit = AppendFrame(unit, 0, make([]byte, size))
		b.Run(strconv.Itoa(size)+"/recycled", func(b *testing.B) { decodeEndlessly(b, unit, true) })
		b.Run(strconv.Itoa(size)+"/kept", func(b *testing.B) { decodeEndlessly(b, unit, false) })
	}
}

func BenchmarkAppendHead(b *testing.B) {
	for _, size := range []int{64, 65536} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			var head []byte
			b.ReportAllocs()
			for b.Loop() {
				head = AppendHead(head[:0], FlagMore, size)
			}
		})
	}
}

func BenchmarkAppendFrame(b *testing.B) {
	for _, size := range benchSizes {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			body := make([]byte, size)
			var frame []byte
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				frame = AppendFrame(frame[:0], 0, body)
			}
		})
	}
}
