package cmd

import (
	"io"
	"io/fs"
	"os"
)

// stdinKind is what can be expected of stdin.
type stdinKind int

const (
	stdinNothing  stdinKind = iota // closed, or a device such as /dev/null
	stdinData                      // a pipe, a file or a socket
	stdinTerminal                  // somebody who types
)

// classifyStdin looks at stdin without reading from it. A reader that is no
// file counts as a pipe.
func classifyStdin(stdin io.Reader) stdinKind {
	if stdin == nil {
		return stdinNothing
	}
	f, ok := stdin.(*os.File)
	if !ok {
		return stdinData
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		return stdinNothing
	case isTerminal(f):
		return stdinTerminal
	case info.Mode().IsRegular(), info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket) != 0:
		return stdinData
	default:
		return stdinNothing
	}
}
