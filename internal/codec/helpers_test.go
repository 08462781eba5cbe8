package codec

import (
	"bytes"
	"math/big"
	"strconv"
	"testing"
)

func mustParse(t testing.TB, spec, dtype string) Codec {
	t.Helper()
	c, err := Parse(spec, Options{DType: dtype})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mustNumber(t testing.TB, text string) Number {
	t.Helper()
	n, err := ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func bigOf(n int64) *big.Int { return big.NewInt(n) }

func mustNumberText(n int) string { return strconv.Itoa(n) }

func arrayOf(t testing.TB, text, dtype string) Array {
	t.Helper()
	frames, err := mustParse(t, "ndarray", dtype).Encode([][]byte{[]byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	a, err := ParseArray(frames)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// checkMessage holds an error to its words; no words want no error.
func checkMessage(t testing.TB, what string, err error, want string) {
	t.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func frames(parts ...string) [][]byte {
	out := make([][]byte, len(parts))
	for i, part := range parts {
		out[i] = []byte(part)
	}
	return out
}

func join(parts [][]byte) string { return string(bytes.Join(parts, []byte("|"))) }
