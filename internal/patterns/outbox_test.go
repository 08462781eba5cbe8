package patterns

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"fogmq/internal/zmtp"
)

// A line is an outbox with a peer at its end that checks what comes: over all
// connections each message must come whole once, and in order.
type line struct {
	t      *testing.T
	out    outbox
	sent   [][]byte // messages as the wire has them
	got    int      // how many of them came whole
	conn   []byte   // what came on this connection and is no whole message yet
	booked int      // messages that the outbox says were written
}

func (l *line) push(envelope, frames [][]byte) {
	l.out.push(envelope, frames)
	l.sent = append(l.sent, encode(append(append([][]byte{}, envelope...), frames...)))
}

func encode(frames [][]byte) (b []byte) {
	for i, f := range frames {
		var flags byte
		if i < len(frames)-1 {
			flags = zmtp.FlagMore
		}
		b = zmtp.AppendFrame(b, flags, f)
	}
	return b
}

// arrive takes the bytes of a connection.
func (l *line) arrive(b []byte) {
	l.t.Helper()
	l.conn = append(l.conn, b...)
	for l.got < len(l.sent) && len(l.conn) >= len(l.sent[l.got]) {
		want := l.sent[l.got]
		if !bytes.Equal(l.conn[:len(want)], want) {
			l.t.Fatalf("message %d came wrong", l.got)
		}
		l.conn = l.conn[len(want):]
		l.got++
	}
	if l.got < len(l.sent) && !bytes.HasPrefix(l.sent[l.got], l.conn) || l.got == len(l.sent) && len(l.conn) > 0 {
		l.t.Fatalf("what came after message %d is not the next one", l.got)
	}
}

// take is one write of the outbox: all of it arrives, or the connection breaks
// after lost bytes less.
func (l *line) take() []byte { return bytes.Join(l.out.take(nil), nil) }

func (l *line) write(b []byte) {
	l.t.Helper()
	l.arrive(b)
	l.book(l.out.written())
}

func (l *line) breakAfter(b []byte, n int) {
	l.t.Helper()
	l.arrive(b[:n])
	l.conn = nil
	l.book(l.out.cut(n))
}

func (l *line) book(msgs int) {
	l.t.Helper()
	l.booked += msgs
	if l.out.msgs != len(l.sent)-l.booked {
		l.t.Fatalf("the outbox counts %d messages, %d are left", l.out.msgs, len(l.sent)-l.booked)
	}
}

// finish writes all that is left and checks that everything came.
func (l *line) finish() {
	l.t.Helper()
	for !l.out.empty() {
		l.write(l.take())
	}
	if l.got != len(l.sent) || l.booked != len(l.sent) {
		l.t.Fatalf("%d of %d messages came, %d were booked", l.got, len(l.sent), l.booked)
	}
}

// noise is what random bodies are cut from.
var noise = func() []byte {
	b := make([]byte, 4<<20)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}()

func randomBytes(rnd *rand.Rand, n int) []byte {
	at := rnd.IntN(len(noise) - n)
	return noise[at : at+n : at+n]
}

func randomFrames(rnd *rand.Rand, sizes []int, most int) [][]byte {
	frames := make([][]byte, 1+rnd.IntN(most))
	for i := range frames {
		frames[i] = randomBytes(rnd, sizes[rnd.IntN(len(sizes))])
	}
	return frames
}

// However many bytes of a write went out before the connection broke, the next
// connection carries exactly the messages that did not go out whole.
func TestOutboxCutEverywhere(t *testing.T) {
	small := []int{0, 1, 5, 100, 254, 255, 256, 300}
	queues := map[string]struct {
		sizes  []int
		msgs   int
		frames int
	}{
		"single frames":    {small, 30, 1},
		"multipart":        {small, 15, 5},
		"large frames":     {append([]int{CopiedBody - 1, CopiedBody, CopiedBody + 1}, small...), 8, 3},
		"only large":       {[]int{CopiedBody, CopiedBody + 7}, 3, 2},
		"segment overflow": {[]int{3000, 3500, CopiedBody - 1}, 14, 2},
	}
	for name, q := range queues {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(2) {
				build := func() (*line, []byte) {
					rnd := rand.New(rand.NewPCG(seed, 1))
					l := &line{t: t}
					for range q.msgs {
						l.push(nil, randomFrames(rnd, q.sizes, q.frames))
					}
					return l, l.take()
				}
				_, b := build()
				step := 1 + len(b)/1000
				for n := 0; n <= len(b); n += step {
					l, b := build()
					l.breakAfter(b, n)
					l.push([][]byte{[]byte("id"), {}}, [][]byte{[]byte("queued after the break")})
					l.finish()
				}
			}
		})
	}
}

// Any sequence of pushes, whole writes and broken ones, also of messages that
// are larger than one write takes.
func TestOutboxRandomly(t *testing.T) {
	profiles := map[string][]int{
		"small": {0, 1, 10, 255, 256, 1000},
		"mixed": {0, 10, 300, CopiedBody - 1, CopiedBody, 70000},
		"large": {0, 10, CopiedBody, segmentSize, writeSize/2 + 1, writeSize + 1},
	}
	for name, sizes := range profiles {
		for seed := range uint64(5) {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) {
				rnd := rand.New(rand.NewPCG(seed, 2))
				l := &line{t: t}
				for range 100 {
					switch {
					case len(l.sent) < 60 && rnd.IntN(2) == 0:
						var envelope [][]byte
						if rnd.IntN(3) == 0 {
							envelope = [][]byte{{}}
						}
						l.push(envelope, randomFrames(rnd, sizes, 6))
					case l.out.empty():
					default:
						b := l.take()
						if rnd.IntN(2) == 0 {
							l.write(b)
							continue
						}
						n := rnd.IntN(len(b) + 1)
						if rnd.IntN(4) == 0 {
							n = len(b) - rnd.IntN(min(len(b), 3)+1)
						}
						l.breakAfter(b, n)
					}
				}
				l.finish()
			})
		}
	}
}

// What is taken over from another outbox comes behind what is there, whole,
// even when the other one lost its connection inside a message.
func TestOutboxTakeAll(t *testing.T) {
	for seed := range uint64(30) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		sizes := []int{0, 10, CopiedBody, writeSize/2 + 1}
		dead, heir := &line{t: t}, &line{t: t}
		for range 6 {
			dead.push(nil, randomFrames(rnd, sizes, 4))
			heir.push(nil, randomFrames(rnd, sizes, 4))
		}
		if rnd.IntN(2) == 0 {
			dead.write(dead.take())
		}
		if !dead.out.empty() {
			b := dead.take()
			dead.breakAfter(b, rnd.IntN(len(b)+1))
		}
		heir.out.takeAll(&dead.out)
		if dead.out.msgs != 0 || !dead.out.empty() {
			t.Fatal("something is left behind")
		}
		heir.sent = append(heir.sent, dead.sent[dead.booked:]...)
		heir.finish()
	}
}

// Control bytes come first and only between messages: a subscription is a
// message itself.
func TestOutboxControlStaysOutsideMessages(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 4))
	l := &line{t: t}
	large := [][]byte{randomBytes(rnd, writeSize), randomBytes(rnd, writeSize), []byte("end")}
	l.push(nil, large)
	l.push(nil, large)
	for !l.out.empty() {
		control := zmtp.AppendFrame(nil, 0, []byte("\x01topic"))
		l.out.control = control
		b := l.take()
		if !bytes.HasPrefix(b, control) {
			t.Fatal("control bytes do not come first")
		}
		if len(l.conn) > 0 {
			t.Fatal("control bytes come inside a message")
		}
		l.write(b[len(control):])
	}
	if l.got != 2 {
		t.Errorf("%d messages came", l.got)
	}
}

// A doomed flight is not sent again; what was queued behind it is.
func TestOutboxDoomed(t *testing.T) {
	l := &line{t: t}
	l.push(nil, [][]byte{[]byte("given up")})
	l.take()
	l.out.doomed = true
	l.out.push(nil, [][]byte{[]byte("next")})
	if n := l.out.cut(3); n != 1 || l.out.msgs != 1 || l.out.doomed {
		t.Errorf("cut %d, %d left, doomed %v", n, l.out.msgs, l.out.doomed)
	}
	if got := l.take(); !bytes.Equal(got, encode([][]byte{[]byte("next")})) {
		t.Errorf("%q", got)
	}
}

func TestOutboxClear(t *testing.T) {
	var out outbox
	frames := [][]byte{[]byte("a"), make([]byte, CopiedBody)}
	out.push(nil, frames)
	out.take(nil)
	out.push(nil, frames)
	out.push(nil, frames)
	out.control = []byte("x")
	if n := out.clear(); n != 2 || out.msgs != 1 || !out.empty() {
		t.Errorf("%d cleared, %d left", n, out.msgs)
	}
	if n := out.written(); n != 1 || out.msgs != 0 {
		t.Errorf("%d written, %d left", n, out.msgs)
	}
}
