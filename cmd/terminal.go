package cmd

import "golang.org/x/sys/unix"

// hideTyping makes a terminal show nothing of what is typed, from when it returns
// until the function that it returns is called, which also drops what was typed
// and not read. term.ReadPassword does both by itself, which leaves no moment at
// which it is sure that a signal finds the terminal as it has to be put back.
func hideTyping(fd int) (restore func() error, err error) {
	before, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return nil, err
	}
	hidden := *before
	hidden.Lflag &^= unix.ECHO
	hidden.Lflag |= unix.ICANON | unix.ISIG
	hidden.Iflag |= unix.ICRNL
	if err := unix.IoctlSetTermios(fd, setTermios, &hidden); err != nil {
		return nil, err
	}
	return func() error { return unix.IoctlSetTermios(fd, setTermiosFlush, before) }, nil
}
