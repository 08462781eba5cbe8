package keys

import (
	"crypto/subtle"
	"os"
	"sync"
)

// Allowed is whom a CURVE server lets in, by their public keys. Files and
// folders are looked at on each question, so that a key may be added or taken
// out while the server runs. Safe for concurrent use.
type Allowed struct {
	any  bool
	warn func(error)

	mu      sync.Mutex // guards all below
	given   []Key
	files   []*watched[Key]
	folders []*folder
}

// AllowAny lets every key in.
func AllowAny() *Allowed { return &Allowed{any: true} }

// ReadAllowed lets the keys in that stand in certificates. paths are those of
// certificates, public or secret, and of folders, of which all files count whose
// names end in .key and begin with no dot. A file or folder that can't be used is
// an error that names it. One that can't be used later is told to warn, once until
// that changes, and lets nobody in. A path that is no regular file, such as a
// pipe, is read once and never again.
//
// warn is called by Allows and Which, in the goroutines that call them, and may be
// nil.
func ReadAllowed(paths []string, warn func(error)) (*Allowed, error) {
	a := &Allowed{warn: warn}
	for _, path := range paths {
		if err := a.addPath(path); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *Allowed) addPath(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return inFile(path, err)
	}
	if info.IsDir() {
		f := &folder{path: path}
		a.folders = append(a.folders, f)
		if _, news := f.look(); len(news) > 0 {
			return news[0]
		}
		return nil
	}
	f := watchKey(path)
	a.files = append(a.files, f)
	return f.open()
}

// Add lets a key in for as long as the server runs.
func (a *Allowed) Add(k Key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.given = append(a.given, k)
}

// Allows tells whether k is let in. How long that takes says nothing of how
// near k comes to a key that is.
func (a *Allowed) Allows(k Key) bool { return a.Which([]Key{k})[0] }

// Which is Allows for each of ks, at the cost of one look at the files.
func (a *Allowed) Which(ks []Key) []bool {
	allowed := make([]bool, len(ks))
	if a.any {
		for i := range allowed {
			allowed[i] = true
		}
		return allowed
	}
	known, news := a.look()
	for _, err := range news {
		if a.warn != nil {
			a.warn(err)
		}
	}
	for i := range ks {
		found := 0
		for j := range known {
			found |= subtle.ConstantTimeCompare(known[j][:], ks[i][:])
		}
		allowed[i] = found == 1
	}
	return allowed
}

// look returns all keys that are let in now, and the errors that are new.
func (a *Allowed) look() (known []Key, news []error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	known = append(known, a.given...)
	for _, f := range a.files {
		k, err := f.look()
		if err == nil {
			known = append(known, k)
		}
		if err = f.news(err); err != nil {
			news = append(news, err)
		}
	}
	for _, f := range a.folders {
		inside, found := f.look()
		known, news = append(known, inside...), append(news, found...)
	}
	return known, news
}

func watchKey(path string) *watched[Key] {
	return &watched[Key]{path: path, limit: maxCertificate, parse: parsePublic}
}
