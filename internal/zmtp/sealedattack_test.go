package zmtp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
)

// given reads all that an opener gives before it ends.
func given(wire []byte, pair sealPair, max int64) ([]byte, error) {
	return io.ReadAll(readerOf(pair.reading(bytes.NewReader(wire), max)))
}

// Whatever bit of a sealed frame is changed, the frames before it are given and
// nothing else, and the error stays.
func TestSealedEveryBitFlipped(t *testing.T) {
	frames := [][]byte{AppendFrame(nil, 0, []byte("before")), AppendFrame(nil, FlagMore, []byte("sealed")), AppendFrame(nil, 0, []byte("behind"))}
	wire := sealAll(t, newSealPair().w, frames)
	whole := join(wire...)
	for at := len(wire[0]); at < len(wire[0])+len(wire[1]); at++ {
		for bit := range 8 {
			bad := bytes.Clone(whole)
			bad[at] ^= 1 << bit
			pair := newSealPair()
			got, err := given(bad, pair, 1<<20)
			// A length that became larger may wait for what never comes.
			ended := errors.Is(err, ErrProtocol) || errors.Is(err, ErrTooLarge) || err == nil && isLengthOf(at-len(wire[0]))
			if !ended || !bytes.Equal(got, frames[0]) {
				t.Fatalf("bit %d of byte %d: %q, %v", bit, at-len(wire[0]), got, err)
			}
			if n, again := pair.r.read(make([]byte, 100)); err != nil && (n != 0 || again != err) {
				t.Fatalf("bit %d of byte %d: read on after %v: %d, %v", bit, at-len(wire[0]), err, n, again)
			}
		}
	}
}

func isLengthOf(at int) bool { return at == 0 || at == 1 }

// A long frame's head, nonce and tag, bit by bit.
func TestSealedEveryBitOfALongHeadFlipped(t *testing.T) {
	frame := AppendFrame(nil, 0, bytes.Repeat([]byte("x"), 300))
	wire := sealAll(t, newSealPair().w, [][]byte{frame})[0]
	for at := range longHead + len(messageName) + shortNonceLen + boxLen + 8 {
		for bit := range 8 {
			bad := bytes.Clone(wire)
			bad[at] ^= 1 << bit
			got, err := given(bad, newSealPair(), 1<<20)
			ended := errors.Is(err, ErrProtocol) || errors.Is(err, ErrTooLarge) || err == nil && at < longHead
			if !ended || len(got) > 0 {
				t.Fatalf("bit %d of byte %d: %q, %v", bit, at, got, err)
			}
		}
	}
}

// A frame that is left out, the first one too, or comes twice or too early ends it.
func TestSealedFramesOutOfOrder(t *testing.T) {
	var frames [][]byte
	for i := range 4 {
		frames = append(frames, AppendFrame(nil, 0, []byte{byte('a' + i)}))
	}
	for name, order := range map[string][]int{
		"the first left out": {1, 2, 3}, "one left out": {0, 2, 3}, "two left out": {0, 3}, "doubled": {0, 0, 1}, "doubled later": {0, 1, 2, 0},
		"swapped": {0, 2, 1, 3}, "the first two swapped": {1, 0}, "from the start again": {0, 1, 0, 1},
	} {
		wire := sealAll(t, newSealPair().w, frames)
		var sent, want []byte
		for i, n := range order {
			sent = append(sent, wire[n]...)
			if n == i && len(want) == i*len(frames[0]) {
				want = append(want, frames[n]...)
			}
		}
		if got, err := given(sent, newSealPair(), 0); !bytes.Equal(got, want) || !errors.Is(err, ErrProtocol) {
			t.Errorf("%s: %q, %v, want %q", name, got, err, want)
		}
	}
}

// sealRaw seals any bytes as a MESSAGE.
func sealRaw(key *sharedKey, prefix string, n uint64, inside []byte) []byte {
	body := binary.BigEndian.AppendUint64([]byte(messageName), n)
	return AppendFrame(nil, 0, key.seal(body, inside, shortNonce(prefix, n)))
}

// What only a peer could send that has the key, or one that has not.
func TestSealedOddFrames(t *testing.T) {
	pair := newSealPair()
	key := pair.w.key
	seal := func(inside string) []byte { return sealRaw(key, messageOfClient, 3, []byte(inside)) }
	message := func(size int) []byte { return AppendFrame(nil, 0, append([]byte(messageName), make([]byte, size)...)) }
	for _, c := range []struct {
		name string
		wire []byte
		is   error
	}{
		{"a plain frame", AppendFrame(nil, 0, bytes.Repeat([]byte("plain text "), 5)), ErrProtocol},
		{"a short plain frame", AppendFrame(nil, 0, []byte("plain")), ErrProtocol},
		{"a long plain frame of which little came", join(longHeadOf(0, 1<<19), []byte("plain")), ErrProtocol},
		{"a plain frame with MORE", AppendFrame(nil, FlagMore, make([]byte, 50)), ErrProtocol},
		{"a command", AppendCommand(nil, "PING", []byte("\x00\x00")), ErrProtocol},
		{"an ERROR", AppendCommand(nil, "ERROR", []byte("\x03400")), ErrProtocol},
		{"a sealed frame as a command", AppendFrame(nil, FlagCommand, seal("\x00x")[shortHead:]), ErrProtocol},
		{"reserved bits outside", join([]byte{0x08}, seal("\x00x")[1:]), ErrProtocol},
		{"the other direction's", sealRaw(key, messageOfServer, 3, []byte("\x00x")), ErrProtocol},
		{"the handshake's nonce", sealRaw(key, messageOfClient, 2, []byte("\x00x")), ErrProtocol},
		{"nonce 0", sealRaw(key, messageOfClient, 0, []byte("\x00x")), ErrProtocol},
		{"nonce 4", sealRaw(key, messageOfClient, 4, []byte("\x00x")), ErrProtocol},
		{"another key", sealRaw(&sharedKey{9}, messageOfClient, 3, []byte("\x00x")), ErrProtocol},
		{"no flags inside", seal(""), ErrProtocol},
		{"reserved flag 4", seal("\x04x"), ErrProtocol},
		{"reserved flag 80", seal("\x80x"), ErrProtocol},
		{"all flags", seal("\xffx"), ErrProtocol},
		{"another name", bytes.Replace(seal("\x00x"), []byte("MESSAGE"), []byte("MESSAGF"), 1), ErrProtocol},
		{"0 bytes", AppendFrame(nil, 0, nil), ErrProtocol},
		{"a name only", message(0), ErrProtocol},
		{"no box", message(shortNonceLen), ErrProtocol},
		{"32 bytes", message(24), ErrProtocol},
		{"2^63-1 bytes", longHeadOf(0, 1<<63-1), ErrTooLarge},
		{"2^64-1 bytes", longHeadOf(0, 1<<64-1), ErrTooLarge},
		{"2^62+1 bytes", longHeadOf(0, 1<<62+1), ErrTooLarge},
		{"a byte too many", join(longHeadOf(0, 1<<20+uint64(sealedMore)+1)), ErrTooLarge},
		{"all that is allowed", join(longHeadOf(0, 1<<20+uint64(sealedMore))), nil},
	} {
		got, err := given(c.wire, newSealPair(), 1<<20)
		if len(got) > 0 || !errors.Is(err, c.is) || c.is == nil && err != nil {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
		if err != nil && len(err.Error()) > 120 {
			t.Errorf("%s: a long error: %v", c.name, err)
		}
	}
	for flags, want := range map[string]byte{"\x00": 0, "\x01": FlagMore, "\x02": FlagCommand, "\x03": FlagCommand | FlagMore} {
		got, err := given(seal(flags+"x"), newSealPair(), 0)
		if err != nil || !bytes.Equal(got, AppendFrame(nil, want, []byte("x"))) {
			t.Errorf("flags %x inside: %x, %v", flags, got, err)
		}
	}
}

// A long frame whose box is bad is never shown, not even in part, into whatever it
// is read.
func TestSealedTamperedIsNeverShown(t *testing.T) {
	const secret = "this must not be seen "
	frame := AppendFrame(nil, 0, bytes.Repeat([]byte(secret), 5000))
	wire := sealAll(t, newSealPair().w, [][]byte{frame})[0]
	for _, at := range []int{longHead + 20, len(wire) / 2, len(wire) - 1} {
		for _, room := range []int{1, 4096, len(frame), 2 * len(frame)} {
			bad := slices.Clone(wire)
			bad[at] ^= 1
			o := newSealPair().reading(bytes.NewReader(bad), 0)
			p := make([]byte, room)
			n, err := o.read(p)
			if n != 0 || !errors.Is(err, ErrProtocol) || bytes.Contains(p, []byte(secret)) || bytes.Contains(o.clear[:cap(o.clear)], []byte(secret)) {
				t.Errorf("byte %d, read into %d: %d bytes, %v", at, room, n, err)
			}
		}
	}
}

// The Decoder over an opener gives whole messages before the tampered one, and
// nothing of a message that it cuts.
func TestSealedDecoderGivesWholeMessages(t *testing.T) {
	var frames [][]byte
	for i := range 6 {
		frames = append(frames, AppendFrame(nil, FlagMore, fmt.Appendf(nil, "head %d", i)), AppendFrame(nil, 0, bytes.Repeat([]byte{byte(i)}, 300*i)))
	}
	wire := sealAll(t, newSealPair().w, frames)
	for bad := range wire {
		sent := slices.Clone(wire)
		sent[bad] = slices.Clone(sent[bad])
		sent[bad][len(sent[bad])-1] ^= 0x40
		d := NewDecoder(readerOf(newSealPair().reading(bytes.NewReader(join(sent...)), 0)), 0, nil)
		n := 0
		for {
			run, err := d.Read(100)
			if err != nil {
				if !errors.Is(err, ErrProtocol) {
					t.Errorf("frame %d: %v", bad, err)
				}
				break
			}
			n += run.Len()
		}
		if n != bad/2 {
			t.Errorf("frame %d is bad: %d messages came, want %d", bad, n, bad/2)
		}
	}
}
