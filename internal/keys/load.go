package keys

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// How much of a file is read, in bytes.
const (
	maxCertificate = 64 << 10
	maxUsers       = 16 << 20
)

// load reads a file of at most limit bytes, which is not empty. What is no
// regular file, such as a pipe, is read to its end.
func load(path string, limit int64) (text []byte, info fs.FileInfo, err error) {
	return loadFlags(path, limit, 0)
}

// loadRegular is load for regular files only. It never waits, as a named pipe
// would have it do.
func loadRegular(path string, limit int64) (text []byte, info fs.FileInfo, err error) {
	return loadFlags(path, limit, syscall.O_NONBLOCK)
}

func loadFlags(path string, limit int64, flags int) (text []byte, info fs.FileInfo, err error) {
	f, err := os.OpenFile(path, os.O_RDONLY|flags, 0)
	if err != nil {
		return nil, nil, inFile(path, err)
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return nil, nil, inFile(path, err)
	}
	switch {
	case info.IsDir():
		err = errors.New("is a folder; give a file")
	case flags != 0 && !info.Mode().IsRegular():
		err = errors.New("is no regular file, which alone can be read again")
	default:
		text, err = readAll(f, limit)
	}
	if err != nil {
		return nil, nil, inFile(path, err)
	}
	return text, info, nil
}

// readAll reads at most limit bytes, and at least one.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) == 0:
		return nil, errors.New("is empty")
	case int64(len(text)) > limit:
		return nil, fmt.Errorf("is over %d KiB, too large for what it should be", limit>>10)
	}
	return text, nil
}

// inFile puts the name of a file before the reason, once.
func inFile(path string, err error) error {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		err = pathErr.Err
	}
	return fmt.Errorf("%s: %w", path, err)
}
