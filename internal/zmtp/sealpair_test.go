package zmtp

import "io"

// A sealPair is a sealer and the opener of what it seals, behind a handshake that
// used nonces up to 2.
type sealPair struct {
	w *sealer
	r *opener
}

func newSealPair() sealPair {
	key := &sharedKey{1, 2, 3}
	return sealPair{
		w: &sealer{key: key, nonce: *shortNonce(messageOfClient, 0), n: 2},
		r: &opener{key: key, nonce: *shortNonce(messageOfClient, 0), n: 2},
	}
}

// reading has the opener read from r.
func (p sealPair) reading(r io.Reader, max int64) *opener {
	p.r.r, p.r.max = r, max
	return p.r
}
