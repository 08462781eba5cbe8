package keys

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/curve25519"
)

// Z85Length is the number of characters of a key in Z85.
const Z85Length = 40

var (
	errNoKey  = fmt.Errorf("not a key: %d characters of Z85 (RFC 32)", Z85Length)
	errZero   = errors.New("all zeros, which is no key")
	errNobody = errors.New("a key that anybody has the secret of")
)

// Key is a CURVE public key: a point of Curve25519 (RFC 26).
type Key [32]byte

// String returns the key in Z85 (RFC 32), 40 characters.
func (k Key) String() string { return encodeZ85(k[:]) }

// ParseKey reads a key in Z85. The all-zero key, and the few others with which
// every secret agrees on the same shared key, are errors: who lets such a key in
// lets everybody in. Errors never repeat s.
func ParseKey(s string) (Key, error) {
	b, err := parse32(s)
	if err != nil {
		return Key{}, err
	}
	k := Key(b)
	if k.isWeak() {
		return Key{}, errNobody
	}
	return k, nil
}

// isWeak tells whether k is a point of low order (RFC 7748, section 6.1), which
// any secret takes to zero.
func (k Key) isWeak() bool {
	var scalar [32]byte // any will do: it is clamped, and so never is zero itself
	_, err := curve25519.X25519(scalar[:], k[:])
	return err != nil
}

// Secret is a CURVE secret key. It never shows by any verb of fmt, as long as
// fmt can see its type: a struct must not hold one in an unexported field and
// be printed.
type Secret [32]byte

// hidden is what is shown of a secret.
const hidden = "(secret)"

// String returns "(secret)". Z85 returns the key.
func (s Secret) String() string { return hidden }

// GoString returns "(secret)".
func (s Secret) GoString() string { return hidden }

// Format writes "(secret)" for every verb.
func (s Secret) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, hidden) }

// MarshalText returns "(secret)", which encoders such as that of JSON then show.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Z85 returns the secret key in Z85 (RFC 32), 40 characters, for those who keep it.
func (s Secret) Z85() string { return encodeZ85(s[:]) }

// Public returns the public key that belongs to s, as crypto_scalarmult_base
// of NaCl does.
func (s Secret) Public() Key {
	var k Key
	curve25519.ScalarBaseMult((*[32]byte)(&k), (*[32]byte)(&s))
	return k
}

// parseSecret reads a secret key in Z85. Errors never repeat s.
func parseSecret(s string) (Secret, error) {
	b, err := parse32(s)
	return Secret(b), err
}

// parse32 reads the Z85 of 32 bytes that are not all zero.
func parse32(s string) (b [32]byte, err error) {
	if len(s) != Z85Length {
		return b, errNoKey
	}
	decoded, err := decodeZ85(s)
	if err != nil {
		return b, errNoKey
	}
	copy(b[:], decoded)
	if b == [32]byte{} {
		return b, errZero
	}
	return b, nil
}

// Pair is a public key and the secret key it belongs to.
type Pair struct {
	Public Key
	Secret Secret
}

// NewPair makes a pair from the system's random numbers.
func NewPair() Pair {
	var s Secret
	_, _ = rand.Read(s[:]) // it never fails: it ends the program where it would
	return Pair{s.Public(), s}
}
