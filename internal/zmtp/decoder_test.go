package zmtp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-zeromq/zmq4"
)

// What a Decoder gave: messages and commands, in their order.
type decoded struct {
	items []string
}

func (d *decoded) message(frames [][]byte) {
	shown := make([]string, len(frames))
	for i, f := range frames {
		shown[i] = string(f)
		if len(f) > 64 {
			shown[i] = fmt.Sprintf("%d bytes, %#x", len(f), crc32.ChecksumIEEE(f))
		}
	}
	d.items = append(d.items, fmt.Sprintf("message %q", shown))
}

func (d *decoded) command(name string, body []byte) error {
	d.items = append(d.items, fmt.Sprintf("command %q %q", name, body))
	return nil
}

// decodeAll reads r to its end. Messages and commands are told apart but not
// their order among each other: a command is told while a batch is being read.
func decodeAll(r io.Reader, maxMessage int64, limit int) (messages, commands []string, err error) {
	var cmds decoded
	d := NewDecoder(r, maxMessage, cmds.command)
	var msgs decoded
	for {
		batch, err := d.decode(nil, limit)
		for _, m := range batch {
			msgs.message(m.Frames)
		}
		if err != nil {
			return msgs.items, cmds.items, err
		}
		if len(batch) > limit || len(batch) == 0 {
			return msgs.items, cmds.items, fmt.Errorf("%d messages under the limit %d", len(batch), limit)
		}
	}
}

// reference decodes as plainly as can be. It knows all the bytes at once.
func reference(b []byte, maxMessage int64) (messages, commands []string, err error) {
	var msgs, cmds decoded
	var frames [][]byte
	var got int64
	for len(b) > 0 {
		flags := b[0]
		if flags > 7 {
			return msgs.items, cmds.items, ErrProtocol
		}
		headLen := 2
		if flags&FlagLong != 0 {
			headLen = 9
		}
		if len(b) < headLen {
			return msgs.items, cmds.items, io.EOF
		}
		size := uint64(b[1])
		if flags&FlagLong != 0 {
			size = binary.BigEndian.Uint64(b[1:9])
		}
		isCommand := flags&FlagCommand != 0
		switch {
		case size > 1<<62:
			return msgs.items, cmds.items, ErrTooLarge
		case isCommand && size > maxHandshakeFrame:
			return msgs.items, cmds.items, ErrProtocol
		case !isCommand && len(frames) == MaxFrames:
			return msgs.items, cmds.items, ErrTooLarge
		case !isCommand && maxMessage > 0 && got+int64(size) > maxMessage:
			return msgs.items, cmds.items, ErrTooLarge
		case !isCommand && maxMessage > 0 && int64(len(frames))*frameCost > maxMessage+maxHandshakeFrame:
			return msgs.items, cmds.items, ErrTooLarge
		case size > uint64(len(b)-headLen):
			return msgs.items, cmds.items, io.EOF
		}
		body := b[headLen : headLen+int(size)]
		b = b[headLen+int(size):]
		if isCommand {
			if flags&FlagMore != 0 || len(body) == 0 || int(body[0])+1 > len(body) {
				return msgs.items, cmds.items, ErrProtocol
			}
			cmds.command(string(body[1:1+body[0]]), body[1+body[0]:])
			continue
		}
		frames, got = append(frames, body), got+int64(size)
		if flags&FlagMore == 0 {
			msgs.message(frames)
			frames, got = nil, 0
		}
	}
	return msgs.items, cmds.items, io.EOF
}

// A chunker gives its reader pieces of random sizes, some with an error
// already beside them.
type chunker struct {
	b   []byte
	rnd *rand.Rand
	max int
}

func (c *chunker) Read(p []byte) (int, error) {
	if len(c.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), 1+c.rnd.IntN(c.max))], c.b)
	c.b = c.b[n:]
	if len(c.b) == 0 && c.rnd.IntN(2) == 0 {
		return n, io.EOF
	}
	return n, nil
}

func sameKind(a, b error) bool {
	for _, kind := range []error{io.EOF, ErrProtocol, ErrTooLarge} {
		if errors.Is(a, kind) || errors.Is(b, kind) {
			return errors.Is(a, kind) && errors.Is(b, kind)
		}
	}
	return false
}

// compare holds what a Decoder makes of b, in pieces, against the reference.
func compare(t *testing.T, b []byte, r io.Reader, maxMessage int64, limit int) {
	t.Helper()
	wantMessages, wantCommands, wantErr := reference(b, maxMessage)
	messages, commands, err := decodeAll(r, maxMessage, limit)
	if !sameKind(err, wantErr) {
		t.Fatalf("error %v, want %v", err, wantErr)
	}
	for what, lists := range map[string][2][]string{"messages": {messages, wantMessages}, "commands": {commands, wantCommands}} {
		got, want := lists[0], lists[1]
		if len(got) != len(want) {
			t.Fatalf("%d %s, want %d", len(got), what, len(want))
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("%s %d: %.200s, want %.200s", what, i, got[i], want[i])
			}
		}
	}
}

// randomTraffic is frames of all kinds and sizes, and commands between and
// inside messages.
func randomTraffic(rnd *rand.Rand, n int) []byte {
	var b []byte
	sizes := []int{0, 1, 2, 100, 254, 255, 256, 257, 1000, minBuffer - 9, minBuffer, maxBuffer - 10, maxBuffer - 9, maxBuffer - 8, maxBuffer, 70000, 4 * maxBuffer, 4*maxBuffer + 1, 600000}
	for range n {
		size := sizes[rnd.IntN(10)]
		if rnd.IntN(20) == 0 {
			size = sizes[rnd.IntN(len(sizes))]
		}
		body := make([]byte, size)
		for i := range body {
			body[i] = byte(rnd.Uint32())
		}
		switch rnd.IntN(8) {
		case 0:
			b = AppendCommand(b, "PING", body[:min(size, 200)])
		case 1, 2:
			b = AppendFrame(b, FlagMore, body)
		case 3: // a short body may stand under a long head
			b = append(append(b, longHeadOf(0, uint64(size))...), body...)
		default:
			b = AppendFrame(b, 0, body)
		}
	}
	return b
}

// However the bytes are cut into reads, the same comes out.
func TestDecoderChunks(t *testing.T) {
	for seed := range uint64(30) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		b := randomTraffic(rnd, 200)
		b = b[:len(b)-rnd.IntN(min(len(b), 100))]
		for _, size := range []int{1 << 30, 100000, 5000, 200} {
			compare(t, b, &chunker{b, rnd, size}, 0, 1+rnd.IntN(100))
		}
	}
}

func TestDecoderByteByByte(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	b := randomTraffic(rnd, 60)
	compare(t, b, iotest.OneByteReader(bytes.NewReader(b)), 0, 1)
	compare(t, b, iotest.DataErrReader(bytes.NewReader(b)), 0, 1000)
	compare(t, b, iotest.HalfReader(bytes.NewReader(b)), 0, 7)
}

func TestDecoder(t *testing.T) {
	frame := func(flags byte, body string) []byte { return AppendFrame(nil, flags, []byte(body)) }
	ping := AppendCommand(nil, "PING", []byte("\x00\x00ctx"))
	tests := []struct {
		name     string
		sent     []byte
		max      int64
		messages string
		commands string
		err      error
	}{
		{"nothing", nil, 0, "", "", io.EOF},
		{"one frame", frame(0, "a"), 0, `message ["a"]`, "", io.EOF},
		{"empty frame", frame(0, ""), 0, `message [""]`, "", io.EOF},
		{"multipart", join(frame(1, "a"), frame(1, ""), frame(0, "c"), frame(0, "d")), 0, `message ["a" "" "c"];message ["d"]`, "", io.EOF},
		{"long head of a short body", join(longHeadOf(0, 1), []byte("a")), 0, `message ["a"]`, "", io.EOF},
		{"command between", join(frame(0, "a"), ping, frame(0, "b")), 0, `message ["a"];message ["b"]`, `command "PING" "\x00\x00ctx"`, io.EOF},
		{"command inside a message", join(frame(1, "a"), ping, frame(0, "b")), 0, `message ["a" "b"]`, `command "PING" "\x00\x00ctx"`, io.EOF},
		{"commands alone", join(ping, ping), 0, "", `command "PING" "\x00\x00ctx";command "PING" "\x00\x00ctx"`, io.EOF},
		{"long command", join(longHeadOf(FlagCommand, 5), []byte("\x04PONG")), 0, "", `command "PONG" ""`, io.EOF},
		{"message never ends", join(frame(0, "a"), frame(1, "b")), 0, `message ["a"]`, "", io.EOF},
		{"reserved flag 8", join(frame(0, "a"), []byte{8, 0}), 0, `message ["a"]`, "", ErrProtocol},
		{"reserved flag 0x80", []byte{0x80}, 0, "", "", ErrProtocol},
		{"reserved flag inside a message", join(frame(1, "a"), []byte{0x41}), 0, "", "", ErrProtocol},
		{"command with MORE", join(AppendFrame(nil, FlagCommand|FlagMore, []byte("\x04PING"))), 0, "", "", ErrProtocol},
		{"empty command", AppendFrame(nil, FlagCommand, nil), 0, "", "", ErrProtocol},
		{"command name cut short", AppendFrame(nil, FlagCommand, []byte("\x05PING")), 0, "", "", ErrProtocol},
		{"malformed command behind a message", join(frame(0, "a"), AppendFrame(nil, FlagCommand, nil), frame(0, "b")), 0, `message ["a"]`, "", ErrProtocol},
		{"command over 64 KiB", longHeadOf(FlagCommand, 64<<10+1), 0, "", "", ErrProtocol},
		{"command of 2^64-1", longHeadOf(FlagCommand, 1<<64-1), 0, "", "", ErrTooLarge},
		{"2^63-1", longHeadOf(0, 1<<63-1), 0, "", "", ErrTooLarge},
		{"2^63", longHeadOf(0, 1<<63), 0, "", "", ErrTooLarge},
		{"2^64-1", longHeadOf(0, 1<<64-1), 0, "", "", ErrTooLarge},
		{"2^64-1 under a limit", longHeadOf(0, 1<<64-1), 10, "", "", ErrTooLarge},
		{"at the limit", join(frame(0, "0123456789"), frame(0, "0123456789")), 10, `message ["0123456789"];message ["0123456789"]`, "", io.EOF},
		{"over the limit", join(frame(0, "a"), frame(0, "0123456789a")), 10, `message ["a"]`, "", ErrTooLarge},
		{"head over the limit", longHeadOf(0, 11), 10, "", "", ErrTooLarge},
		{"frames at the limit", join(frame(1, "01234"), frame(0, "56789")), 10, `message ["01234" "56789"]`, "", io.EOF},
		{"frames over the limit", join(frame(1, "01234"), frame(1, "56789"), frame(0, "a")), 10, "", "", ErrTooLarge},
		{"commands do not count", join(frame(1, "0123456789"), ping, frame(0, "")), 10, `message ["0123456789" ""]`, `command "PING" "\x00\x00ctx"`, io.EOF},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			for chunk, r := range map[string]io.Reader{"whole": bytes.NewReader(c.sent), "byte by byte": iotest.OneByteReader(bytes.NewReader(c.sent))} {
				messages, commands, err := decodeAll(r, c.max, 100)
				if got := strings.Join(messages, ";"); got != c.messages {
					t.Errorf("%s: messages %s, want %s", chunk, got, c.messages)
				}
				if got := strings.Join(commands, ";"); got != c.commands {
					t.Errorf("%s: commands %s, want %s", chunk, got, c.commands)
				}
				if !errors.Is(err, c.err) {
					t.Errorf("%s: error %v, want %v", chunk, err, c.err)
				}
			}
		})
	}
}

// A message of endless empty frames ends within the limit, and where there is
// none too.
func TestDecoderEndlessEmptyFrames(t *testing.T) {
	for _, c := range []struct{ max, most int }{{1 << 20, 1 << 20}, {1 << 30, 3 << 20}, {0, 3 << 20}} {
		endless := &repeat{unit: []byte{FlagMore, 0}, left: 1 << 30}
		_, _, err := decodeAll(endless, int64(c.max), 1)
		if !errors.Is(err, ErrTooLarge) {
			t.Fatalf("under %d bytes: %v", c.max, err)
		}
		if read := 1<<30 - endless.left; read > c.most {
			t.Errorf("under %d bytes: %d were read before the message was refused", c.max, read)
		}
	}
}

// As many frames as may be are a message, whatever is between them.
func TestDecoderMostFrames(t *testing.T) {
	for _, between := range [][]byte{nil, AppendCommand(nil, "PING", []byte("\x00\x00"))} {
		unit := join([]byte{FlagMore, 1, 'x'}, between)
		b := append(bytes.Repeat(unit, MaxFrames-1), 0, 1, 'y')
		run, err := NewDecoder(bytes.NewReader(b), 0, nil).Read(1)
		if err != nil || run.Len() != 1 {
			t.Fatalf("%d messages, %v", run.Len(), err)
		}
		frames := run.Messages()[0].Frames
		if len(frames) != MaxFrames || string(bytes.Join(frames, nil)) != strings.Repeat("x", MaxFrames-1)+"y" {
			t.Errorf("%d frames, want %d", len(frames), MaxFrames)
		}
	}
}

// What is held of a message that does not end is about what came of it, and
// nothing of the commands in it.
func TestDecoderUnfinishedMemory(t *testing.T) {
	ping := AppendCommand(nil, "PING", []byte("\x00\x00"))
	const sent = 16 << 20
	tests := []struct {
		name string
		unit []byte
		sent int
		most uint64
	}{
		{"empty frames", []byte{FlagMore, 0}, 2 * MaxFrames, 6 << 20},
		{"empty frames and commands", join([]byte{FlagMore, 0}, ping), 11 * MaxFrames, 6 << 20},
		{"short frames", AppendFrame(nil, FlagMore, make([]byte, 100)), sent, 2 * sent},
		{"large frames", AppendFrame(nil, FlagMore, make([]byte, 1<<20)), sent, 2 * sent},
		{"short frames among commands", join(AppendFrame(nil, FlagMore, nil), bytes.Repeat(ping, 30000)), sent, 2 << 20},
		{"commands alone", ping, sent, 2 << 20},
		{"messages and commands", join(AppendFrame(nil, 0, nil), bytes.Repeat(ping, 30000)), sent, 2 << 20},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			before := heldMemory()
			d := NewDecoder(&repeat{unit: c.unit, left: c.sent}, 0, func(string, []byte) error { return nil })
			var err error
			for err == nil {
				_, err = d.Read(1)
				for _, b := range d.Retired(nil) {
					b.Free()
				}
			}
			if !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			if held := heldMemory() - min(before, heldMemory()); held > c.most {
				t.Errorf("%d KiB are held after %d KiB, at most %d are right", held>>10, c.sent>>10, c.most>>10)
			}
			runtime.KeepAlive(d)
		})
	}
}

// heldMemory is what is in use on the heap, once what is free of it has gone.
func heldMemory() uint64 {
	var stats runtime.MemStats
	for range 3 { // the pools keep blocks for a while
		runtime.GC()
	}
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// A repeat reads as unit, again and again, left bytes in all.
type repeat struct {
	unit []byte
	at   int
	left int
}

func (r *repeat) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	p = p[:min(len(p), r.left)]
	for n := 0; n < len(p); {
		m := copy(p[n:], r.unit[r.at:])
		n += m
		r.at = (r.at + m) % len(r.unit)
	}
	r.left -= len(p)
	return len(p), nil
}

// Memory follows the bytes that came, not those that were announced.
func TestDecoderMemory(t *testing.T) {
	tests := []struct {
		name string
		sent []byte
		most uint64
	}{
		{"2^40 announced, nothing sent", longHeadOf(0, 1<<40), 1 << 20},
		{"2^62 announced, nothing sent", longHeadOf(0, 1<<62), 1 << 20},
		{"2^40 announced, 1 MiB sent", join(longHeadOf(FlagMore, 1<<40), make([]byte, 1<<20)), 8 << 20},
		{"many frames announced", bytes.Repeat(join(longHeadOf(FlagMore, 1)), 1), 1 << 20},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, _, err := decodeAll(bytes.NewReader(c.sent), 0, 1)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, io.EOF) {
				t.Fatalf("%v", err)
			}
			if took := after.TotalAlloc - before.TotalAlloc; took > c.most {
				t.Errorf("%d bytes were allocated, at most %d are right", took, c.most)
			}
		})
	}
}

// What was read and decoded is never overwritten by what comes later.
func TestDecoderBuffersStay(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	var b []byte
	var want [][]byte
	for range 5000 {
		body := make([]byte, rnd.IntN(300))
		for i := range body {
			body[i] = byte(rnd.Uint32())
		}
		want = append(want, body)
		b = AppendFrame(b, 0, body)
	}
	d := NewDecoder(&chunker{b, rnd, 3000}, 0, nil)
	var got []zmq4.Msg
	for {
		var err error
		if got, err = d.decode(got, 50); err != nil {
			break
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d messages, want %d", len(got), len(want))
	}
	for i := range got {
		if !bytes.Equal(got[i].Frames[0], want[i]) {
			t.Fatalf("message %d was overwritten", i)
		}
		// Nor by who appends to a frame it was given.
		_ = append(got[i].Frames[0], "overwritten"...)
		_ = append(got[i].Frames, []byte("overwritten"))
	}
	for i := range got {
		if !bytes.Equal(got[i].Frames[0], want[i]) || len(got[i].Frames) != 1 {
			t.Fatalf("message %d was overwritten by an append to another", i)
		}
	}
}

// Decode gives what one read brought, up to its limit; Buffered gives the rest
// without another read.
func TestDecoderLimitAndBuffered(t *testing.T) {
	var b []byte
	for i := range 10 {
		b = AppendFrame(b, 0, []byte{byte(i)})
	}
	b = append(b, FlagMore) // and half a head
	r := &countedReads{r: bytes.NewReader(b)}
	d := NewDecoder(r, 0, nil)
	first, err := d.decode(make([]zmq4.Msg, 2), 3)
	if err != nil || len(first) != 5 {
		t.Fatalf("%d, %v", len(first), err)
	}
	rest, err := d.rest(nil)
	if err != nil || len(rest) != 7 || rest[0].Frames[0][0] != 3 {
		t.Fatalf("%d, %v", len(rest), err)
	}
	if r.reads != 1 {
		t.Errorf("%d reads", r.reads)
	}
}

type countedReads struct {
	r     io.Reader
	reads int
}

func (c *countedReads) Read(p []byte) (int, error) {
	c.reads++
	return c.r.Read(p)
}

// The good messages before a bad byte are given before the error, which stays.
func TestDecoderErrorStays(t *testing.T) {
	b := append(AppendFrame(AppendFrame(nil, 0, []byte("a")), 0, []byte("b")), 0xf0)
	d := NewDecoder(bytes.NewReader(b), 0, nil)
	if got, err := d.decode(nil, 10); len(got) != 2 || err != nil {
		t.Fatalf("%d, %v", len(got), err)
	}
	for range 3 {
		if got, err := d.decode(nil, 10); len(got) != 0 || !errors.Is(err, ErrProtocol) {
			t.Fatalf("%d, %v", len(got), err)
		}
	}
}

// An error of the command's reader ends the connection, after the messages
// before it.
func TestDecoderCommandError(t *testing.T) {
	stop := errors.New("stop")
	b := AppendCommand(AppendFrame(nil, 0, []byte("a")), "PING", nil)
	b = AppendFrame(b, 0, []byte("b"))
	d := NewDecoder(bytes.NewReader(b), 0, func(string, []byte) error { return stop })
	got, err := d.decode(nil, 10)
	if len(got) != 1 {
		t.Fatalf("%d messages before the command", len(got))
	}
	if err == nil {
		_, err = d.decode(nil, 10)
	}
	if !errors.Is(err, stop) {
		t.Errorf("%v: the error is lost", err)
	}
}

// A reader that gives nothing and no error does not spin.
func TestDecoderNoProgress(t *testing.T) {
	d := NewDecoder(iotest.ErrReader(nil), 0, nil)
	if _, err := d.decode(nil, 1); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("%v", err)
	}
}
