package cmd

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"testing"

	"fogmq/internal/zmtp"
)

// randomMessages are messages of any bytes, and how the format frames has them.
func randomMessages(seed uint64, n int) (msgs [][][]byte, wire []byte) {
	rnd := rand.New(rand.NewPCG(seed, 0))
	sizes := []int{0, 1, 3, 40, 255, 256, 5000}
	for range n {
		msg := make([][]byte, 1+rnd.IntN(5))
		for i := range msg {
			msg[i] = make([]byte, sizes[rnd.IntN(len(sizes))])
			for j := range msg[i] {
				msg[i][j] = byte(rnd.Uint32())
			}
			var flags byte
			if i < len(msg)-1 {
				flags = zmtp.FlagMore
			}
			wire = zmtp.AppendFrame(wire, flags, msg[i])
		}
		msgs = append(msgs, msg)
	}
	return msgs, wire
}

// What comes out of a chain of commands is what went in, whatever bytes that is.
func TestChainsOfCommandsAreLossless(t *testing.T) {
	t.Parallel()
	const seed = 6
	_, wire := randomMessages(seed, 200)
	tests := []struct {
		name     string
		receives string // and prints as frames
		sends    string // what it reads as frames
	}{
		{"push and pull", "pull -n 200", "push"},
		{"pub and sub", "sub -n 200", "pub --wait-subscribers 1 --hwm 0"},
		{"pair", "pair -l -n 200", "pair -n 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			receiver := fogmq(t, append(words(tt.receives), "-b", endpoint, "-F", "frames")...)
			fogmqFrom(t, bytes.NewReader(wire), append(words(tt.sends), "-c", endpoint, "--input", "frames", "-q")...)
			if got := receiver.succeed(); got != string(wire) {
				t.Errorf("%d bytes went in, %d came out, and they differ", len(wire), len(got))
			}
		})
	}
	t.Run("req and rep", func(t *testing.T) {
		t.Parallel()
		endpoint := freeEndpoint(t)
		fogmq(t, "rep", "-b", endpoint, "--echo", "-n", "200")
		req := fogmqFrom(t, bytes.NewReader(wire), "req", "-c", endpoint, "--input", "frames", "-F", "frames")
		if got := req.succeed(); got != string(wire) {
			t.Errorf("%d bytes went in, %d came out, and they differ", len(wire), len(got))
		}
	})
	t.Run("jsonl in the middle", func(t *testing.T) {
		t.Parallel()
		first, second := freeEndpoint(t), freeEndpoint(t)
		last := fogmq(t, "pull", "-b", second, "-n", "200", "-F", "frames")
		out, in, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		launchTo(t, in, "fogmq", "pull", "-b", first, "-n", "200", "-F", "jsonl")
		fogmqFrom(t, out, "push", "-c", second, "--input", "jsonl")
		leave(out)
		fogmqFrom(t, bytes.NewReader(wire), "push", "-c", first, "--input", "frames")
		if got := last.succeed(); got != string(wire) {
			t.Errorf("%d bytes went in, %d came out, and they differ", len(wire), len(got))
		}
	})
}

// A router prints who sent in front of what a dealer sent.
func TestDealerToRouterIsLossless(t *testing.T) {
	t.Parallel()
	msgs, wire := randomMessages(7, 200)
	endpoint := freeEndpoint(t)
	router := fogmq(t, "router", "-l", "-b", endpoint, "-n", "200", "-F", "jsonl")
	fogmqFrom(t, bytes.NewReader(wire), "dealer", "-c", endpoint, "--identity", "me", "--input", "frames")
	router.succeed()
	lines := router.out.lines()
	if len(lines) != len(msgs) {
		t.Fatalf("%d messages came, want %d", len(lines), len(msgs))
	}
	for i, line := range lines {
		var got struct{ Frames []jsonFrame }
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Frames) != 1+len(msgs[i]) || string(got.Frames[0]) != "me" {
			t.Fatalf("message %d has %d frames, of %.20q", i, len(got.Frames), got.Frames[0])
		}
		for j, want := range msgs[i] {
			if !bytes.Equal(got.Frames[1+j], want) {
				t.Fatalf("message %d, frame %d differs", i, j)
			}
		}
	}
}

// A jsonFrame is a frame as jsonl has it: text, or bytes in base64.
type jsonFrame []byte

func (f *jsonFrame) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		*f = jsonFrame(text)
		return nil
	}
	var bytes struct{ Base64 []byte }
	err := json.Unmarshal(b, &bytes)
	*f = bytes.Base64
	return err
}
