package shell

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// createTemp makes a file in dir whose name begins with a dot, so that no pattern finds it.
func createTemp(dir string) (*os.File, error) {
	for try := 1; ; try++ {
		name := filepath.Join(dir, fmt.Sprintf(".fogmq-%d-%d.part", os.Getpid(), try))
		file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return file, err
		}
	}
}

// writeTemp writes chunks, each as it is, to a new file in dir and returns its name. On an error there is no file.
func writeTemp(dir string, chunks [][]byte) (name string, err error) {
	file, err := createTemp(dir)
	if err != nil {
		return "", err
	}
	for _, chunk := range chunks {
		if _, err = file.Write(chunk); err != nil {
			break
		}
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		_ = os.Remove(file.Name()) // the first error is the one to tell
		return "", err
	}
	return file.Name(), nil
}

// placeByLink gives the file temp the name path, if no file has it; else the error is fs.ErrExist.
func placeByLink(temp, path string) error {
	err := os.Link(temp, path)
	switch {
	case err == nil:
		return os.Remove(temp)
	case errors.Is(err, syscall.EPERM), errors.Is(err, errors.ErrUnsupported): // a file system without links
		if _, err := os.Lstat(path); err == nil {
			return fs.ErrExist
		}
		return os.Rename(temp, path)
	}
	return err
}

// bare returns what went wrong without the names of files that an error of package os gives.
func bare(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return link.Err
	}
	return err
}
