package zmtp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"testing"
	"testing/iotest"
)

// sealedSizes are around all lengths at which something changes.
var sealedSizes = []int{0, 1, 2, 221, 222, 223, 254, 255, 256, 257, 4095, 4096, 32 << 10, 1 << 20, maxBuffer - 100, maxBuffer, 3*maxBuffer + 7}

// framesOfAllKinds gives frames of all sizes: with MORE, without, and commands.
func framesOfAllKinds() (frames [][]byte) {
	for i, size := range sealedSizes {
		body := make([]byte, size)
		rand.NewChaCha8([32]byte{byte(i)}).Read(body)
		kinds := []byte{0, FlagMore, FlagCommand}
		if size > 64<<10 {
			kinds = kinds[i%3:][:1] // for they take long
		}
		for _, flags := range kinds {
			frames = append(frames, AppendFrame(nil, flags, body))
		}
	}
	return frames
}

// smallFrames are frames of all kinds that are soon gone through byte by byte.
func smallFrames() [][]byte {
	return [][]byte{
		AppendFrame(nil, FlagMore, []byte("topic")),
		AppendFrame(nil, 0, []byte("a body")),
		AppendCommand(nil, "PING", []byte("\x00\x01context")),
		AppendFrame(nil, 0, nil),
		AppendFrame(nil, 0, bytes.Repeat([]byte("long "), 60)),
	}
}

// sealAll gives what goes over the wire, for each frame.
func sealAll(t testing.TB, s *sealer, frames [][]byte) (wire [][]byte) {
	t.Helper()
	for _, f := range frames {
		var b bytes.Buffer
		if n, err := s.write(&b, net.Buffers{f}); err != nil || n != int64(len(f)) {
			t.Fatalf("%d of %d bytes sealed, %v", n, len(f), err)
		}
		wire = append(wire, b.Bytes())
	}
	return wire
}

// asOutbox lays frames out as the outbox of patterns does: heads and short bodies
// behind each other, longer bodies in buffers of their own.
func asOutbox(frames [][]byte) (bufs net.Buffers) {
	var segment []byte
	for _, f := range frames {
		h, _, _ := parseHead(f)
		if h.size < 4<<10 {
			segment = append(segment, f...)
			continue
		}
		bufs = append(bufs, append(segment, f[:h.len]...), f[h.len:])
		segment = nil
	}
	return append(bufs, segment)
}

// Frames of every size and kind come out as they went in, however they lay and
// however the bytes come.
func TestSealedFrames(t *testing.T) {
	frames := framesOfAllKinds()
	layouts := map[string]net.Buffers{
		"a frame a buffer": frames,
		"one buffer":       {join(frames...)},
		"as an outbox":     asOutbox(frames),
		"with empty ones":  append(append(net.Buffers{{}}, asOutbox(frames)...), nil),
	}
	for layout, bufs := range layouts {
		pair := newSealPair()
		var wire bytes.Buffer
		before := slices.Clone(bufs)
		n, err := pair.w.write(&wire, bufs)
		if want := len(join(frames...)); err != nil || n != int64(want) {
			t.Fatalf("%s: %d of %d bytes sealed, %v", layout, n, want, err)
		}
		if !slices.EqualFunc(before, bufs, bytes.Equal) {
			t.Fatalf("%s: the caller's buffers changed", layout)
		}
		got, err := io.ReadAll(readerOf(pair.reading(&wire, 0)))
		if err != nil || !bytes.Equal(got, join(frames...)) {
			t.Errorf("%s: other frames came out than went in (%v)", layout, err)
		}
	}
}

// readerOf gives an opener as an io.Reader.
func readerOf(o *opener) io.Reader { return readFunc(o.read) }

type readFunc func(p []byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// Bytes come in pieces and are read in pieces, of any size.
func TestSealedReadsOfAnySize(t *testing.T) {
	frames := smallFrames()
	frames = append(frames, AppendFrame(nil, 0, make([]byte, 9000)), AppendFrame(nil, 0, []byte("last")))
	want := join(frames...)
	for _, room := range []int{1, 2, 3, 9, 10, 11, 33, 255, 256, 4096, 9008, 9009, 9010, 1 << 20} {
		for _, piece := range []int{1, 2, 41, 4096, 1 << 20} {
			pair := newSealPair()
			wire := join(sealAll(t, pair.w, frames)...)
			o := pair.reading(&chunker{wire, rand.New(rand.NewPCG(1, uint64(piece))), piece}, 0)
			var got []byte
			p := make([]byte, room)
			for {
				n, err := o.read(p)
				got = append(got, p[:n]...)
				if err != nil {
					if err != io.EOF {
						t.Fatalf("reads of %d, pieces of %d: %v", room, piece, err)
					}
					break
				}
				if n == 0 {
					t.Fatalf("reads of %d, pieces of %d: nothing read and no error", room, piece)
				}
			}
			if !bytes.Equal(got, want) {
				t.Errorf("reads of %d, pieces of %d: other frames came out than went in", room, piece)
			}
		}
	}
	if n, err := newSealPair().reading(nil, 0).read(nil); n != 0 || err != nil {
		t.Errorf("a read without room: %d, %v", n, err)
	}
}

// A frame that fits is given whole: the Decoder need not join it.
func TestSealedReadGivesWholeFrames(t *testing.T) {
	frames := smallFrames()
	pair := newSealPair()
	o := pair.reading(bytes.NewReader(join(sealAll(t, pair.w, frames)...)), 0)
	n, err := o.read(make([]byte, len(join(frames...))-1))
	if want := len(join(frames[:len(frames)-1]...)); n != want || err != nil {
		t.Errorf("%d bytes, %v, want the %d of the frames that fit", n, err, want)
	}
}

// A read that is out of time in the middle of a frame loses nothing.
func TestSealedReadGoesOnAfterADeadline(t *testing.T) {
	frames := smallFrames()
	pair := newSealPair()
	late := iotest.TimeoutReader(iotest.OneByteReader(bytes.NewReader(join(sealAll(t, pair.w, frames)...))))
	o := pair.reading(late, 0)
	var got []byte
	timeouts := 0
	for p := make([]byte, 100); ; {
		n, err := o.read(p)
		got = append(got, p[:n]...)
		if errors.Is(err, iotest.ErrTimeout) {
			timeouts++
			continue
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if timeouts != 1 || !bytes.Equal(got, join(frames...)) {
		t.Errorf("after %d timeouts %q", timeouts, got)
	}
}

// failing takes n bytes and no more.
type failing struct{ n int }

func (f *failing) Write(b []byte) (int, error) {
	n := min(len(b), f.n)
	f.n -= n
	if n < len(b) {
		return n, os.ErrDeadlineExceeded
	}
	return n, nil
}

// A connection may fail after any byte: what is counted as written is exactly the
// frames that went out whole, and nothing more is ever written behind a part.
func TestSealedPartialWrites(t *testing.T) {
	frames := smallFrames()
	sealed := sealAll(t, newSealPair().w, frames)
	for n := range len(join(sealed...)) {
		var want int64
		for i, at := 0, 0; at+len(sealed[i]) <= n; i++ {
			at += len(sealed[i])
			want += int64(len(frames[i]))
		}
		s := newSealPair().w
		out := &failing{n}
		got, err := s.write(out, asOutbox(frames))
		if got != want || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("cut after %d bytes: %d counted, %v, want %d", n, got, err, want)
		}
		out.n = math.MaxInt
		if got, err := s.write(out, net.Buffers{frames[0]}); got != 0 || err == nil || out.n != math.MaxInt {
			t.Fatalf("cut after %d bytes: %d bytes written behind it, %v", n, got, err)
		}
	}
}

// The same where one call takes several writes.
func TestSealedPartialWritesOfManyFrames(t *testing.T) {
	frame := AppendFrame(nil, 0, make([]byte, 1000))
	frames := slices.Repeat([][]byte{frame}, 400)
	sealedLen := len(sealAll(t, newSealPair().w, frames[:1])[0])
	for n := 1; n < 400*sealedLen; n += 29989 {
		got, err := newSealPair().w.write(&failing{n}, net.Buffers{join(frames...)})
		if want := int64(n / sealedLen * len(frame)); got != want || err == nil {
			t.Fatalf("cut after %d bytes: %d counted, %v, want %d", n, got, err, want)
		}
	}
}

// What is no whole frame is not sealed, and nothing after it.
func TestSealedTakesWholeFramesOnly(t *testing.T) {
	for _, bad := range [][]byte{{0}, {0, 3, 'a', 'b'}, {0xf0, 0}, longHeadOf(0, 1<<63), longHeadOf(0, 5)[:8]} {
		var out bytes.Buffer
		s := newSealPair().w
		n, err := s.write(&out, net.Buffers{AppendFrame(nil, 0, []byte("whole")), bad})
		if n != 0 || !errors.Is(err, ErrProtocol) || out.Len() > 0 {
			t.Errorf("%x: %d, %v, %d bytes on the wire", bad, n, err, out.Len())
		}
		if _, err := s.write(&out, net.Buffers{AppendFrame(nil, 0, nil)}); err == nil {
			t.Errorf("%x: written on", bad)
		}
	}
}

// nonceOf is the short nonce of a sealed frame.
func nonceOf(t testing.TB, sealed []byte) uint64 {
	t.Helper()
	h, ok, err := parseHead(sealed)
	if !ok || err != nil || h.more() || h.command() || int(h.size) != len(sealed)-h.len || !bytes.HasPrefix(sealed[h.len:], []byte(messageName)) {
		t.Fatalf("no MESSAGE: %x", sealed)
	}
	return binary.BigEndian.Uint64(sealed[h.len+len(messageName):])
}

// The last nonce is used, once, and then none.
func TestSealedNoncesEnd(t *testing.T) {
	pair := newSealPair()
	pair.w.n, pair.r.n = math.MaxUint64-2, math.MaxUint64-2
	frame := AppendFrame(nil, 0, []byte("x"))
	wire := sealAll(t, pair.w, [][]byte{frame, frame})
	if n := nonceOf(t, wire[1]); n != math.MaxUint64 {
		t.Errorf("the last nonce is %d", n)
	}
	if n, err := pair.w.write(io.Discard, net.Buffers{frame}); n != 0 || !errors.Is(err, errNoncesSpent) {
		t.Errorf("after the last nonce: %d, %v", n, err)
	}
	o := pair.reading(bytes.NewReader(join(wire[0], wire[1], wire[0])), 0)
	got, err := io.ReadAll(readerOf(o))
	if !bytes.Equal(got, join(frame, frame)) || !errors.Is(err, ErrProtocol) {
		t.Errorf("%x, %v", got, err)
	}
}

// Memory is given back behind a large frame, on both sides, and follows what has
// come of a frame, not what it announces.
func TestSealedMemory(t *testing.T) {
	pair := newSealPair()
	frames := [][]byte{AppendFrame(nil, 0, make([]byte, 4<<20)), AppendFrame(nil, 0, []byte("small"))}
	wire := sealAll(t, pair.w, frames)
	if held := cap(pair.w.out) + cap(pair.w.clear); held > 6*sealedWrite {
		t.Errorf("the sealer holds %d bytes behind a large frame", held)
	}
	o := pair.reading(bytes.NewReader(join(wire...)), 0)
	if _, err := io.ReadAll(readerOf(o)); err != nil {
		t.Fatal(err)
	}
	if held := len(o.buf) + cap(o.clear); held > 2*maxBuffer {
		t.Errorf("the opener holds %d bytes behind a large frame", held)
	}

	for _, came := range []int{0, 100, 10 << 10, 1 << 20} {
		o := newSealPair().reading(bytes.NewReader(join(longHeadOf(0, 1<<40), []byte(messageName), make([]byte, came))), 0)
		if _, err := o.read(make([]byte, 1000)); err != io.EOF {
			t.Fatal(err)
		}
		if limit := max(minBuffer, 6*(came+longHead+len(messageName))); len(o.buf) > limit {
			t.Errorf("%d bytes of 2^40 came, %d are held", came, len(o.buf))
		}
	}
}
