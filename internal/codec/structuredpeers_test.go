package codec

import (
	"encoding/hex"
	"strings"
	"testing"

	"fogmq/internal/peertest"
)

// What Python's own library writes is printed as it should be; the codec sends what it printed, and Python reads that.
func TestStructuredAgainstPython(t *testing.T) {
	for _, peer := range []struct{ spec, module, debian string }{
		{"msgpack", "msgpack", "python3-msgpack"}, {"cbor", "cbor2", "python3-cbor2"},
	} {
		t.Run(peer.spec, func(t *testing.T) {
			t.Parallel()
			peertest.Module(t, peer.module, peer.debian)
			c := mustParse(t, peer.spec, "")
			maker := peertest.Start(t, "testdata/structured.py", peer.spec, "make")
			taker := peertest.Start(t, "testdata/structured.py", peer.spec, "take")
			var sent []string
			for line := maker.Line(); line != "end"; line = maker.Line() {
				digits, want, _ := strings.Cut(line, " ")
				payload, err := hex.DecodeString(digits)
				if err != nil {
					t.Fatal(err)
				}
				text, err := c.Decode([][]byte{payload})
				if err != nil || join(text) != want {
					t.Errorf("%.60s is printed as %.60s (%v), want %.60s", digits, join(text), err, want)
					continue
				}
				payload = sendAgain(t, c, text)
				sent = append(sent, hex.EncodeToString(payload)+" "+printed(t, c, payload))
				taker.Tell(sent[len(sent)-1])
			}
			for _, line := range sent {
				if said := taker.Line(); said != "right" {
					t.Errorf("%.100s is not what Python reads or sends: it %.100s", line, said)
				}
			}
			maker.End()
			taker.End()
		})
	}
}

// sendAgain returns the payload of a text that the codec has printed.
func sendAgain(t *testing.T, c Codec, text [][]byte) []byte {
	t.Helper()
	payload, err := c.Encode(text)
	if err != nil {
		t.Fatalf("%.60s is not sent: %v", join(text), err)
	}
	return payload[0]
}

func printed(t *testing.T, c Codec, payload []byte) string {
	t.Helper()
	text, err := c.Decode([][]byte{payload})
	if err != nil {
		t.Fatalf("%.60x is not printed: %v", payload, err)
	}
	return join(text)
}
