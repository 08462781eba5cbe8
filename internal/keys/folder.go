package keys

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// folder is the certificates in a folder. Not safe for concurrent use.
type folder struct {
	path  string
	files map[string]*watched[Key] // by their names in the folder
	told  string                   // why it could not be listed, when that was last news
}

// look returns the keys in the folder now, and the errors that are new.
func (f *folder) look() (known []Key, news []error) {
	names, err := f.list()
	if err != nil {
		f.files = nil
		if err.Error() != f.told {
			f.told = err.Error()
			news = append(news, err)
		}
		return nil, news
	}
	f.told = ""
	files := make(map[string]*watched[Key], len(names))
	for _, name := range names {
		w := f.files[name]
		if w == nil {
			w = watchKey(filepath.Join(f.path, name))
		}
		k, err := w.look()
		if isGone(w.path, err) {
			continue
		}
		files[name] = w
		if err == nil {
			known = append(known, k)
		}
		if err = w.news(err); err != nil {
			news = append(news, err)
		}
	}
	f.files = files // those that were taken out are forgotten
	return known, news
}

// isGone tells whether a file that was listed a moment ago was taken out since. A
// link to nowhere was not.
func isGone(path string, err error) bool {
	if !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	info, err := os.Lstat(path)
	return err != nil || info.Mode()&fs.ModeSymlink == 0
}

// list returns the names of the public certificates in the folder, sorted.
// Hidden files are what editors leave behind, and folders hold no key.
func (f *folder) list() ([]string, error) {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return nil, inFile(f.path, err)
	}
	var names []string
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasSuffix(name, publicSuffix) && !strings.HasPrefix(name, ".") && !entry.IsDir() {
			names = append(names, name)
		}
	}
	return names, nil
}
