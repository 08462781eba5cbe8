package codec

import (
	"math/big"
	"testing"

	"fogmq/internal/codec/value"
)

func FuzzMsgpack(f *testing.F) {
	addGolden(f, msgpackBothWays, msgpackOneWay)
	f.Fuzz(func(t *testing.T, payload []byte) { checkStructured(t, msgpackStructured, payload) })
}

func FuzzCBOR(f *testing.F) {
	addGolden(f, cborBothWays, cborOneWay)
	f.Fuzz(func(t *testing.T, payload []byte) { checkStructured(t, cborStructured, payload) })
}

func addGolden(f *testing.F, tables ...[]goldenPayload) {
	f.Helper()
	for _, table := range tables {
		for _, test := range table {
			if payload := test.frame(f); len(payload) < 1000 {
				f.Add(payload)
			}
		}
	}
}

// checkStructured reads any bytes, and holds what is read to being sent and read again as the same text.
func checkStructured(t *testing.T, c *structured, payload []byte) {
	t.Helper()
	before := string(payload)
	v, rest, err := c.decode(payload)
	checkError(t, err)
	if string(payload) != before {
		t.Fatal("the payload was written to")
	}
	if err != nil {
		return
	}
	text, err := value.Append(nil, v, value.Limit(len(payload)))
	if checkError(t, err); err != nil {
		return // as for keys in keys in keys, each of which is quoted
	}
	if n, err := c.First(payload); err != nil || n != len(payload)-len(rest) {
		t.Errorf("the value is of %d bytes (%v), with %d behind it", n, err, len(rest))
	}
	again, err := c.Encode([][]byte{text})
	checkError(t, err)
	if meansMore(v) {
		return
	}
	if err != nil {
		t.Fatalf("%s was printed and is not sent: %v", quote(text), err)
	}
	if got, err := c.Decode(again); err != nil || join(got) != string(text) {
		t.Errorf("%s came back as %s (%v)", text, join(got), err)
	}
}

// meansMore tells whether v has what comes back as something else: a decimal, whose text is that of a float; an integer
// of more digits than are read; a map that has the key of a form.
func meansMore(v value.Value) bool {
	switch v := v.(type) {
	case value.Number:
		return true
	case *big.Int:
		return v.BitLen() > 3*value.MaxDigits
	case value.List:
		for _, element := range v {
			if meansMore(element) {
				return true
			}
		}
	case value.Map:
		for _, entry := range v {
			switch entry.Key {
			case "base64", "ext", "simple", "tag":
				return true
			}
			if meansMore(entry.Key) || meansMore(entry.Value) {
				return true
			}
		}
	}
	return false
}
