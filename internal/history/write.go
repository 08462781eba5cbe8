package history

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Processes take turns. One that stopped in the middle is waited for this long, and
// then no more: the loss is an endpoint.
const (
	lockPatience = 200 * time.Millisecond
	lockPause    = time.Millisecond
)

// errForeign is that of a list which somebody else has a say in.
var errForeign = errors.New("not a list of ours")

// put writes the list with the endpoint in front, unless it is there already. The
// file is replaced as a whole, so that a reader sees the old list or the new one.
// It is not synced: to lose it in a power failure costs a few keystrokes.
func (l *List) put(endpoint string) error {
	path, err := l.target()
	if err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	lock, err := l.lock(dir)
	if err != nil {
		return err
	}
	defer lock.Close()
	old := l.Endpoints()
	if len(old) > 0 && old[0] == endpoint {
		return nil
	}
	list := append([]string{endpoint}, slices.DeleteFunc(old, func(e string) bool { return e == endpoint })...)
	list = list[:min(len(list), Most)]
	return replace(path, strings.Join(list, "\n")+"\n")
}

// target is the file to write: that at the end of links, for those who keep it
// elsewhere. A link to /dev/null is a way to keep no list. What belongs to somebody
// else is left alone, as where sudo kept the user's HOME.
func (l *List) target() (string, error) {
	path, err := filepath.EvalSymlinks(l.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Lstat(l.path); err == nil { // a link to nowhere
			return "", errForeign
		}
		path = l.path
	case err != nil:
		return "", err
	}
	info, err := os.Stat(path)
	if err == nil && (!info.Mode().IsRegular() || !isOurs(info)) {
		return "", errForeign
	}
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		switch {
		case err == nil && isOurs(info):
			return path, nil
		case err == nil:
			return "", errForeign
		case !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir):
			return "", err
		}
	}
}

func isOurs(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

// lock has a directory to ourselves until what it returns is closed.
func (l *List) lock(dir string) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	for began := time.Now(); ; time.Sleep(lockPause) {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) || time.Since(began) > l.patience {
			return nil, errors.Join(err, f.Close())
		}
	}
}

func replace(path, content string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".endpoints-*") // 0600
	if err != nil {
		return err
	}
	_, err = f.WriteString(content)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
