package keys

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// Keys of zmq_curve(7)'s kind, made for these tests.
const (
	testPublic = "k5lzdaa}2Wa>p}rO:e(efJpKUa(f3U..bY5ChJMO"
	testSecret = "*Cd=1Uz?{lsNN442/s)>di-g7j=fKQ}<G^jaFjuM"
	zeros      = "0000000000000000000000000000000000000000"
)

func TestPublicOfASecret(t *testing.T) {
	s, err := parseSecret(testSecret)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Public().String(); got != testPublic {
		t.Errorf("%s, want %s", got, testPublic)
	}
	if got := s.Z85(); got != testSecret {
		t.Errorf("%s, want %s", got, testSecret)
	}
}

func TestNewPairsDiffer(t *testing.T) {
	a, b := NewPair(), NewPair()
	if a == b || a.Public == b.Public || a.Public != a.Secret.Public() || a.Secret == (Secret{}) {
		t.Errorf("%v, %v", a.Public, b.Public)
	}
	if k, err := ParseKey(a.Public.String()); err != nil || k != a.Public {
		t.Errorf("%v came back as %v, %v", a.Public, k, err)
	}
}

func TestSecretNeverShows(t *testing.T) {
	p := NewPair()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%08b", "%T %[1]v"} {
		for _, shown := range []any{p.Secret, &p.Secret, p, &p, []Secret{p.Secret}, map[string]Pair{"a": p}} {
			text := fmt.Sprintf(verb, shown)
			plain := fmt.Sprintf(strings.NewReplacer("q", "v").Replace(verb), [32]byte(p.Secret))
			if strings.Contains(text, p.Secret.Z85()) || strings.Contains(text, strings.Trim(plain, "[]")) || !strings.Contains(text, hidden) {
				t.Errorf("%s of %T: %s", verb, shown, text)
			}
		}
	}
	text, err := json.Marshal(p.Secret)
	if err != nil || string(text) != `"(secret)"` {
		t.Errorf("JSON: %s, %v", text, err)
	}
	if p.Secret.String() != hidden || p.Secret.GoString() != hidden {
		t.Error("String or GoString shows it")
	}
}

func TestParseKeyRefuses(t *testing.T) {
	noKey := "not a key: 40 characters of Z85 (RFC 32)"
	tests := []struct{ name, text, want string }{
		{"empty", "", noKey},
		{"short", testPublic[1:], noKey},
		{"long", testPublic + "0", noKey},
		{"a strange character", testPublic[1:] + ",", noKey},
		{"a newline", testPublic[1:] + "\n", noKey},
		{"over 2^32-1", "#####" + testPublic[5:], noKey},
		{"zero", zeros, "all zeros, which is no key"},
		{"one", encodeZ85(append([]byte{1}, make([]byte, 31)...)), "a key that anybody has the secret of"},
		{"order 8", encodeZ85(order8[:]), "a key that anybody has the secret of"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseKey(tt.text)
			wantError(t, err, tt.want)
		})
	}
}

// order8 is a point of order 8, one of those at https://cr.yp.to/ecdh.html.
var order8 = [32]byte{
	0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
	0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
}
