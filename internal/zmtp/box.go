package zmtp

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"sync"

	"golang.org/x/crypto/nacl/box"
)

// The lengths of what CURVE (RFC 26) is made of.
const (
	keyLen        = 32
	boxLen        = box.Overhead // more than what is in it
	shortNonceLen = 8
	longNonceLen  = 16
	nonceLen      = 24
)

// A sharedKey opens the boxes between two key pairs, in both directions.
type sharedKey [keyLen]byte

var errWeakKey = errors.New("the key is none that two can share a secret with")

// weakKey is what is shared with the few points of low order: known to all.
var weakKey = sync.OnceValue(func() (weak sharedKey) {
	var point, secret [keyLen]byte
	box.Precompute((*[keyLen]byte)(&weak), &point, &secret)
	return weak
})

func share(public, secret *[keyLen]byte) (k *sharedKey, err error) {
	k = new(sharedKey)
	box.Precompute((*[keyLen]byte)(k), public, secret)
	if weak := weakKey(); subtle.ConstantTimeCompare(k[:], weak[:]) == 1 {
		return nil, errWeakKey
	}
	return k, nil
}

// seal appends a box of message to dst, which must not overlap it.
func (k *sharedKey) seal(dst, message []byte, nonce *[nonceLen]byte) []byte {
	return box.SealAfterPrecomputation(dst, message, nonce, (*[keyLen]byte)(k))
}

// open appends what is in a box to dst, which must not overlap it. ok is false
// for a box that was not sealed with this key and nonce.
func (k *sharedKey) open(dst, sealed []byte, nonce *[nonceLen]byte) (message []byte, ok bool) {
	return box.OpenAfterPrecomputation(dst, sealed, nonce, (*[keyLen]byte)(k))
}

// wipe forgets the key.
func (k *sharedKey) wipe() { clear(k[:]) }

// newKeyPair makes the keys of one connection.
func newKeyPair() (public, secret *[keyLen]byte, err error) { return box.GenerateKey(rand.Reader) }

// shortNonce is a nonce that counts: prefix has 16 characters.
func shortNonce(prefix string, n uint64) *[nonceLen]byte {
	var nonce [nonceLen]byte
	binary.BigEndian.PutUint64(nonce[copy(nonce[:], prefix):], n)
	return &nonce
}

// longNonce is a nonce of random bytes: prefix has 8 characters.
func longNonce(prefix string, random []byte) *[nonceLen]byte {
	var nonce [nonceLen]byte
	copy(nonce[copy(nonce[:], prefix):], random)
	return &nonce
}

// newLongNonce makes one that there was never before.
func newLongNonce(prefix string) (nonce *[nonceLen]byte, random []byte) {
	random = make([]byte, longNonceLen)
	rand.Read(random) // never fails
	return longNonce(prefix, random), random
}
