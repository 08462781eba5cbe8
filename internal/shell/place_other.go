//go:build !linux

package shell

// place gives the file temp the name path, in one step, if no file has it; else the error is fs.ErrExist.
func place(temp, path string) error { return placeByLink(temp, path) }
