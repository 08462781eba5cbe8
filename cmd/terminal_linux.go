package cmd

import "golang.org/x/sys/unix"

// The requests of termios(3): tcgetattr, and tcsetattr with TCSANOW and TCSAFLUSH.
const (
	getTermios      = unix.TCGETS
	setTermios      = unix.TCSETS
	setTermiosFlush = unix.TCSETSF
)
