package shell

import (
	"errors"

	"golang.org/x/sys/unix"
)

// place gives the file temp the name path, in one step, if no file has it; else the error is fs.ErrExist.
func place(temp, path string) error {
	err := unix.Renameat2(unix.AT_FDCWD, temp, unix.AT_FDCWD, path, unix.RENAME_NOREPLACE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) { // not on this file system
		return placeByLink(temp, path)
	}
	return err
}
