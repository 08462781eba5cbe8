package keys

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// Users is a file of those whom a PLAIN server lets in, looked at on each
// question, so that a user may be added or taken out while the server runs. Safe
// for concurrent use.
//
// A line is NAME:HASH, as [UserLine] makes it. Names may hold colons: the last one
// of the line ends the name. Empty lines and those that begin with # are passed over.
type Users struct {
	warn func(error)
	key  [sha256.Size]byte // of the digests, so that nobody can foresee them
	slot chan struct{}     // holds one while a hash is computed

	mu   sync.Mutex // guards file
	file watched[*userTable]
}

// ReadUsers reads a users file. One that can't be used is an error that names the
// file and the line, never what is in it. One that can't be used later is told to
// warn, once until that changes, and lets nobody in. A path that is no regular
// file, such as a pipe, is read once and never again.
//
// warn is called by Check, in the goroutines that call it, and may be nil.
func ReadUsers(path string, warn func(error)) (*Users, error) {
	u := &Users{
		warn: warn,
		slot: make(chan struct{}, 1),
		file: watched[*userTable]{path: path, limit: maxUsers, parse: parseUsers},
	}
	_, _ = rand.Read(u.key[:]) // it never fails: it ends the program where it would
	return u, u.file.open()
}

// Check tells whether a user of that name has that password. A name that nobody
// has takes as long as any other. Hashes are computed one at a time; who waits for
// that and sees ctx end is told no. What came out is remembered until the file
// changes, so that a client that comes again costs no hash.
func (u *Users) Check(ctx context.Context, name, password string) bool {
	d := u.digest(name, password)
	if t := u.look(); t == nil {
		return false
	} else if verdict, known := t.recall(d); known {
		return verdict
	}
	select {
	case u.slot <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	defer func() { <-u.slot }()
	t := u.look() // the file, or what is known, may have changed meanwhile
	if t == nil || ctx.Err() != nil {
		return false
	}
	if verdict, known := t.recall(d); known {
		return verdict
	}
	verdict := t.matches(name, password, u.digest(name, ""))
	t.remember(d, verdict)
	return verdict
}

// look returns the users now, and nil while the file can't be used.
func (u *Users) look() *userTable {
	u.mu.Lock()
	t, err := u.file.look()
	news := u.file.news(err)
	u.mu.Unlock()
	if news != nil && u.warn != nil {
		u.warn(news)
	}
	return t
}

// digest stands for a name and a password, and tells nobody of them.
func (u *Users) digest(name, password string) (d digest) {
	mac := hmac.New(sha256.New, u.key[:])
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(name))))
	mac.Write([]byte(name))
	mac.Write([]byte(password))
	mac.Sum(d[:0])
	return d
}

type digest [sha256.Size]byte

// maxWrong is how many wrong answers are remembered. Right ones are as many as
// users at most, so that a flood of wrong ones pushes none of them out.
const maxWrong = 4096

// userTable is the users of one state of a file, and what was found of those who
// said to be one. Safe for concurrent use.
type userTable struct {
	hashes map[string]phc
	order  []phc // in that of the file, for those who are not in it

	mu           sync.Mutex // guards all below
	right, wrong map[digest]struct{}
}

// parseUsers reads the text of a users file.
func parseUsers(text []byte) (*userTable, error) {
	t := &userTable{hashes: map[string]phc{}, right: map[digest]struct{}{}, wrong: map[digest]struct{}{}}
	text = bytes.TrimPrefix(text, []byte("\uFEFF")) // as editors on Windows put it there
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimRight(line, " \t\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if err := t.add(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if len(t.order) == 0 {
		return nil, errors.New("holds no users; fogmq keygen --plain-user NAME makes a line for one")
	}
	return t, nil
}

func (t *userTable) add(line string) error {
	colon := strings.LastIndexByte(line, ':')
	if colon < 0 {
		return errors.New("not NAME:HASH: make the line with fogmq keygen --plain-user NAME")
	}
	name := line[:colon]
	h, err := parsePHC(line[colon+1:])
	if err == nil {
		err = CheckName(name)
	}
	if err != nil {
		return err
	}
	if _, twice := t.hashes[name]; twice {
		return errors.New("a user whose name stands in a line above")
	}
	t.hashes[name] = h
	t.order = append(t.order, h)
	return nil
}

// matches computes a hash, whether or not there is such a user. For an unknown
// name it has the costs of some user, always the same one for a name, so that
// names can't be told apart by the time they take.
func (t *userTable) matches(name, password string, ofName digest) bool {
	h, known := t.hashes[name]
	if !known {
		h = t.order[binary.BigEndian.Uint64(ofName[:])%uint64(len(t.order))]
	}
	return h.matches(password) && known
}

// recall returns what was found before, and whether anything was.
func (t *userTable) recall(d digest) (verdict, known bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, right := t.right[d]
	_, wrong := t.wrong[d]
	return right, right || wrong
}

func (t *userTable) remember(d digest, verdict bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if verdict {
		t.right[d] = struct{}{}
		return
	}
	if len(t.wrong) >= maxWrong {
		for some := range t.wrong {
			delete(t.wrong, some)
			break
		}
	}
	t.wrong[d] = struct{}{}
}
