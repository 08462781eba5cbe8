package keys

import (
	"crypto/sha256"
	"io/fs"
	"os"
	"time"
)

// racy is how young a change can be without its time telling it from the next
// one: file systems count in steps, the coarsest of them in two seconds.
const racy = 2 * time.Second

// watched is a file that is read again when it changes, and what it says. Not
// safe for concurrent use.
type watched[T any] struct {
	path  string
	limit int64
	parse func(text []byte) (T, error)

	value T
	err   error // why there is no value

	once    bool              // a pipe or the like, which can be read but once
	info    fs.FileInfo       // of the file when it was read; nil to read it in any case
	settled bool              // a change would show in info
	sum     [sha256.Size]byte // of the text that value and err were made of
	told    string            // the error that was last handed out as news
}

// open reads the file for the first time.
func (w *watched[T]) open() error {
	now := time.Now()
	text, info, err := load(w.path, w.limit)
	if err != nil {
		return err
	}
	w.once = !info.Mode().IsRegular()
	w.take(text, info, now)
	return w.err
}

// look returns what the file says now, and the zero T with an error where that can't
// be used.
func (w *watched[T]) look() (T, error) {
	if w.once {
		return w.value, w.err
	}
	info, err := os.Stat(w.path)
	if err == nil && w.info != nil && w.settled && sameState(w.info, info) {
		return w.value, w.err
	}
	now := time.Now()
	text, info, err := loadRegular(w.path, w.limit)
	if err != nil {
		var none T
		w.value, w.err, w.info = none, err, nil
		return none, err
	}
	w.take(text, info, now)
	return w.value, w.err
}

// take makes the value of a text that was read after now. The same text keeps the
// value it has, and so what the value has come to know.
func (w *watched[T]) take(text []byte, info fs.FileInfo, now time.Time) {
	sum := sha256.Sum256(text)
	if w.info == nil || sum != w.sum {
		w.value, w.err = w.parse(text)
		if w.err != nil {
			w.err = inFile(w.path, w.err)
		}
	}
	w.info, w.sum = info, sum
	w.settled = now.Sub(info.ModTime()) > racy
}

// news returns err the first time, and nil while it stays the same.
func (w *watched[T]) news(err error) error {
	if err == nil {
		w.told = ""
		return nil
	}
	if err.Error() == w.told {
		return nil
	}
	w.told = err.Error()
	return err
}

// sameState tells whether nothing shows that a file was changed in between.
func sameState(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}
