package zmtp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
)

// mend changes a good command as a fuzzer has it: bits flipped, and its end cut off
// or replaced.
func mend(good, flip []byte, cut uint16, tail []byte) []byte {
	b := bytes.Clone(good)
	for i, x := range flip {
		if i < len(b) {
			b[i] ^= x
		}
	}
	return append(b[:len(b)-min(len(b), int(cut))], tail...)
}

// checkText holds errors to one line that is safe to print.
func checkText(t *testing.T, err error) {
	t.Helper()
	if err != nil && (len(err.Error()) > 500 || strings.ContainsAny(err.Error(), "\x1b\n\x00") || strings.Contains(err.Error(), "runtime error")) {
		t.Errorf("an error is no short line: %q", err)
	}
}

// fuzzKeys are the same in every run.
func fuzzKeys(f *testing.F) (ours, theirs CurveKeys) { return handKeys(f), handKeys(f) }

// FuzzCurveServer gives a server any HELLO and INITIATE: good ones changed on the
// wire, and ones sealed with the right keys whose insides are changed. It lets in
// nobody but who has the secret key to a public one and keeps to RFC 26.
func FuzzCurveServer(f *testing.F) {
	ours, theirs := fuzzKeys(f)
	none := []byte{}
	f.Add(none, none, uint16(0), none, none, uint16(0), none, uint16(0), none)
	f.Add(none, []byte{1}, uint16(0), none, none, uint16(0), none, uint16(0), none)
	f.Add([]byte{1}, none, uint16(1), []byte("x"), none, uint16(0), none, uint16(0), none)
	f.Add(none, none, uint16(0), none, []byte{1}, uint16(0), none, uint16(0), none)
	f.Add(none, none, uint16(0), none, none, uint16(3), []byte("abc"), uint16(0), none)
	f.Add(none, none, uint16(0), none, none, uint16(0), none, uint16(60), []byte("\x01a\xff\xff\xff\xff"))
	f.Add(none, none, uint16(0), none, none, uint16(0), none, uint16(160), []byte("short"))
	f.Fuzz(func(t *testing.T, helloFlip, signed []byte, helloCut uint16, helloTail, initFlip []byte, initCut uint16, insideFlip []byte, insideCut uint16, insideTail []byte) {
		h := newHandClient(t, theirs, ours.Public)
		for i, x := range signed {
			if i < len(h.signed) {
				h.signed[i] ^= x
			}
		}
		good := h.hello()
		hello := mend(good, helloFlip, helloCut, helloTail)
		s := CurveServer(ours, onlyKey(theirs.Public)).(*curve).session(t.Context()).(*curveSession)
		welcome, cookieKey, err := s.answerHello(hello)
		right := bytes.Equal(hello, good) && allZero(h.signed)
		if checkText(t, err); right != (err == nil) || err != nil && !errors.Is(err, ErrProtocol) {
			t.Fatalf("HELLO, right %v: %v", right, err)
		}
		if err != nil {
			return
		}
		if err := h.takeWelcome(welcome); err != nil {
			t.Fatal(err)
		}
		goodInside := h.inside()
		inside := mend(goodInside, insideFlip, insideCut, insideTail)
		goodWire := h.initiate(inside)
		initiate := mend(goodWire, initFlip, initCut, nil)
		client, md, err := s.openInitiate(initiate, cookieKey)
		who := keyLen + vouchLen
		right = bytes.Equal(initiate, goodWire) && len(inside) >= who && bytes.Equal(inside[:who], goodInside[:who])
		if checkText(t, err); right != (err == nil) || err != nil && !errors.Is(err, ErrProtocol) {
			t.Fatalf("INITIATE, right %v: %v", right, err)
		}
		if err == nil && (client != theirs.Public || !bytes.Equal(md, inside[who:])) {
			t.Fatalf("%x, %x", client, md)
		}
		_, err = ParseMetadata(md)
		checkText(t, err)
	})
}

// FuzzCurveClient gives a client any WELCOME and READY, changed on the wire or
// inside their boxes.
func FuzzCurveClient(f *testing.F) {
	ours, theirs := fuzzKeys(f)
	none := []byte{}
	f.Add(none, uint16(0), none, none, none, uint16(0), []byte("\x01a\x00\x00\x00\x01b"))
	f.Add([]byte{1}, uint16(0), none, none, none, uint16(0), none)
	f.Add(none, uint16(0), []byte{1}, none, none, uint16(0), none)
	f.Add(none, uint16(1), none, []byte("x"), none, uint16(0), none)
	f.Add(none, uint16(0), none, none, []byte{0, 0, 0, 0, 0, 0, 0, 1}, uint16(0), none)
	f.Add(none, uint16(0), none, none, none, uint16(1), []byte("\x01a\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, welcomeFlip []byte, welcomeCut uint16, insideFlip, insideTail, readyFlip []byte, readyCut uint16, md []byte) {
		if len(md)+len(insideTail) > maxHandshakeFrame/2 {
			return
		}
		h := newHandServer(t, theirs)
		goodInside := h.insideWelcome()
		inside := mend(goodInside, insideFlip, 0, insideTail)
		near, far := net.Pipe()
		done := make(chan struct{})
		var right bool
		go func() {
			defer close(done)
			defer far.Close()
			go far.Write(curveGreeting(1))
			io.ReadFull(far, make([]byte, greetingLen))
			_, hello, err := readCommand(far)
			if err != nil {
				return
			}
			goodWelcome := h.welcome(hello, inside)
			welcome := mend(goodWelcome, welcomeFlip, welcomeCut, nil)
			right = bytes.Equal(goodWelcome, welcome) && bytes.Equal(inside, goodInside)
			if _, err := far.Write(AppendCommand(nil, "WELCOME", welcome)); err != nil {
				return
			}
			if _, _, err := readCommand(far); err != nil {
				return
			}
			goodReady := h.ready(md)
			ready := mend(goodReady, readyFlip, readyCut, nil)
			right = right && bytes.Equal(ready, goodReady)
			far.Write(AppendCommand(nil, "READY", ready))
		}()
		peer, err := Open(t.Context(), near, Config{Type: "PUSH", Security: CurveClient(ours, theirs.Public), Timeout: handshakeTime})
		near.Close()
		<-done
		meta, bad := ParseMetadata(md)
		// A cookie is the server's own business: one that was changed shows nowhere.
		sameKey := bytes.Equal(inside[:min(len(inside), keyLen)], goodInside[:keyLen]) && len(inside) == len(goodInside)
		good := bad == nil && meta[PropertySocketType] == "PULL"
		if checkText(t, err); right && good != (err == nil) || err == nil && (!sameKey || !good || peer.Type != "PULL") {
			t.Fatalf("right %v, metadata %q: %+v, %v", right, md, peer, err)
		}
		if err != nil && !isOurs(err) {
			t.Fatalf("%T %v", err, err)
		}
	})
}

// FuzzPlain gives a PLAIN server any HELLO and INITIATE: it asks about the very name
// and password that came, and lets in whom it is told to.
func FuzzPlain(f *testing.F) {
	f.Add([]byte("\x02pi\x09raspberry"), metadata("PUSH", "me"), uint8(1))
	f.Add([]byte("\x00\x00"), []byte{}, uint8(200))
	f.Add([]byte("\x05pi"), []byte("\x01a\xff\xff\xff\xff"), uint8(3))
	f.Add([]byte("\xff\x01\x1b[2J"), metadata("\x1b", ""), uint8(90))
	f.Fuzz(func(t *testing.T, hello, initiate []byte, chunk uint8) {
		asked := false
		check := func(_ context.Context, name, password string) error {
			asked = true
			again := join([]byte{byte(len(name))}, []byte(name), []byte{byte(len(password))}, []byte(password))
			if !bytes.Equal(again, hello) {
				t.Errorf("%q was asked about as %q, %q", hello, name, password)
			}
			if strings.HasPrefix(name, "x") {
				return errors.New("its name begins with x")
			}
			return nil
		}
		sent := join(greeting(3, 1, "PLAIN", 0), AppendCommand(nil, "HELLO", hello), AppendCommand(nil, "INITIATE", initiate))
		var chunks [][]byte
		for n := 1 + int(chunk); len(sent) > 0; sent = sent[min(n, len(sent)):] {
			chunks = append(chunks, sent[:min(n, len(sent))])
		}
		peer, err := Open(t.Context(), newScript(false, chunks...), Config{Type: "PULL", Security: PlainServer(check)})
		if checkText(t, err); err != nil && !isOurs(err) {
			t.Fatalf("%T %v", err, err)
		}
		if err == nil && (!asked || peer.Type != "PUSH" || len(hello) < 2 || peer.User != string(hello[1:1+hello[0]])) {
			t.Fatalf("asked %v, %+v", asked, peer)
		}
	})
}

// FuzzOpener reads traffic of a peer that has the keys and says anything: plan
// parts b into pieces that are sealed or raw. What is given is what was sealed, up
// to the first piece that is wrong.
func FuzzOpener(f *testing.F) {
	f.Add([]byte("\x00hello\x01world"), []byte{4, 4}, uint64(1), uint32(10), int64(0))
	f.Add([]byte("\x02\x04PING\x00\x00x"), []byte{6}, uint64(2), uint32(1), int64(0))
	f.Add([]byte("\x04reserved"), []byte{6}, uint64(3), uint32(5), int64(0))
	f.Add(AppendFrame(nil, 0, []byte("raw")), []byte{3}, uint64(4), uint32(5), int64(0))
	f.Add(longHeadOf(0, 1<<63-1), []byte{7}, uint64(5), uint32(5), int64(0))
	f.Add(join(longHeadOf(0, 1<<40), []byte(messageName)), []byte{13}, uint64(5), uint32(5), int64(0))
	f.Add(bytes.Repeat([]byte{0}, 600), []byte{254, 2, 255}, uint64(6), uint32(300), int64(100))
	f.Fuzz(func(t *testing.T, b, plan []byte, seed uint64, chunk uint32, limit int64) {
		limit = max(0, min(limit, 1<<20))
		rnd := rand.New(rand.NewPCG(seed, 0))
		pair := newSealPair()
		var wire, want []byte
		bad := false
		n := pair.w.n
		for _, p := range plan {
			size := min(len(b), 3*int(p>>1))
			piece := b[:size]
			b = b[size:]
			if p&1 == 1 {
				wire = append(wire, piece...)
				bad = bad || size > 0
				continue
			}
			n++
			wire = append(wire, sealRaw(pair.w.key, messageOfClient, n, piece)...)
			if size == 0 || piece[0] > 3 || limit > 0 && int64(size)-1 > limit {
				bad = true
			}
			if !bad {
				want = AppendFrame(want, map[byte]byte{0: 0, 1: FlagMore, 2: FlagCommand, 3: FlagMore | FlagCommand}[piece[0]], piece[1:])
			}
		}
		o := pair.reading(&chunker{wire, rnd, 1 + int(chunk%10000)}, limit)
		var got []byte
		var err error
		for err == nil {
			p := make([]byte, 1+rnd.IntN(400))
			var m int
			m, err = o.read(p)
			got = append(got, p[:m]...)
		}
		checkText(t, err)
		if !bytes.Equal(got, want) {
			t.Fatalf("given %x, want %x (%v)", got, want, err)
		}
		if err != io.EOF && !errors.Is(err, ErrProtocol) && !errors.Is(err, ErrTooLarge) || !bad && err != io.EOF {
			t.Fatalf("%v, bad %v", err, bad)
		}
		if held := len(o.buf) + cap(o.clear); held > minBuffer+12*len(wire) {
			t.Fatalf("%d bytes came, %d are held", len(wire), held)
		}
	})
}
