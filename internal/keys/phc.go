package keys

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// What a hash that we make costs: 19 MiB and two passes, the least that OWASP's
// password storage advice holds for enough, for a Raspberry Pi has to pay it too.
const (
	hashMemory  = 19 << 10 // KiB
	hashPasses  = 2
	hashThreads = 1
	saltLength  = 16
	keyLength   = 32
)

// The most that a hash in a file may cost: 1 GiB, and as long as four passes
// over it take.
const (
	maxHashMemory = 1 << 20 // KiB
	maxHashWork   = 4 << 20 // KiB times passes
)

var (
	errNoHash    = errors.New("what follows the last colon is no argon2id hash: make the line with fogmq keygen --plain-user NAME")
	errHashCosts = errors.New("its hash has costs out of range: at most 1 GiB of memory, and 4 GiB times passes")
)

// phc is an argon2id hash (RFC 9106) of a password, and what it was made with.
type phc struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
	salt    []byte
	key     []byte
}

// HashPassword returns an argon2id hash (RFC 9106) of a password under a new
// salt, as a PHC string: $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH. It takes
// 19 MiB for as long as it runs.
func HashPassword(password string) string {
	h := phc{memory: hashMemory, passes: hashPasses, threads: hashThreads, salt: make([]byte, saltLength)}
	_, _ = rand.Read(h.salt) // it never fails: it ends the program where it would
	h.key = h.derive(password, keyLength)
	return h.String()
}

func (h phc) String() string {
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, h.memory, h.passes, h.threads, encode(h.salt), encode(h.key))
}

func (h phc) derive(password string, length int) []byte {
	return argon2.IDKey([]byte(password), h.salt, h.passes, h.memory, h.threads, uint32(length))
}

// matches tells whether h is the hash of a password.
func (h phc) matches(password string) bool {
	return subtle.ConstantTimeCompare(h.derive(password, len(h.key)), h.key) == 1
}

// parsePHC reads a PHC string. Errors never repeat any of it.
func parsePHC(s string) (phc, error) {
	fields := strings.Split(s, "$")
	if len(fields) != 6 || fields[0] != "" || fields[1] != "argon2id" || fields[2] != "v=19" {
		return phc{}, errNoHash
	}
	h, err := parseCosts(fields[3])
	if err != nil {
		return phc{}, err
	}
	var saltErr, keyErr error
	h.salt, saltErr = base64.RawStdEncoding.Strict().DecodeString(fields[4])
	h.key, keyErr = base64.RawStdEncoding.Strict().DecodeString(fields[5])
	switch {
	case saltErr != nil, keyErr != nil,
		strings.ContainsAny(s, "\r\n"), // which base64 passes over
		len(h.salt) < 8, len(h.salt) > 64, len(h.key) < 16, len(h.key) > 64:
		return phc{}, errNoHash
	}
	return h, nil
}

// parseCosts reads what argon2 is to be run with, such as m=19456,t=2,p=1, and
// refuses what would harm the server.
func parseCosts(s string) (h phc, err error) {
	fields := strings.Split(s, ",")
	if len(fields) != 3 {
		return h, errNoHash
	}
	var costs [3]uint64
	for i, name := range []string{"m=", "t=", "p="} {
		digits, ok := strings.CutPrefix(fields[i], name)
		if !ok {
			return h, errNoHash
		}
		if costs[i], err = strconv.ParseUint(digits, 10, 32); errors.Is(err, strconv.ErrRange) {
			return h, errHashCosts
		} else if err != nil {
			return h, errNoHash
		}
	}
	memory, passes, threads := costs[0], costs[1], costs[2]
	if passes < 1 || threads < 1 || threads > 255 || memory < 8*threads ||
		memory > maxHashMemory || memory*passes > maxHashWork {
		return h, errHashCosts
	}
	return phc{memory: uint32(memory), passes: uint32(passes), threads: uint8(threads)}, nil
}
