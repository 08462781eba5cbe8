package cmd

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"
	"golang.org/x/sys/unix"
)

// readyFlags say where to tell that a command is ready.
type readyFlags struct {
	fd   int // 0 is none
	file string
}

func (f *readyFlags) register(fs flagSet) {
	fs.group = groupSeeing
	fs.add(newValue(&f.fd, "N", "", atLeast(0)), "ready-fd", "",
		"when all is bound, and all else connected once, write the endpoints bound, or else those connected, to file "+
			"descriptor N, a line each, and close it; N is 2 or more, as in --ready-fd 3 3>fifo")
	fs.add(newText(&f.file, "FILE", ""), "ready-file", "",
		"likewise write them to FILE, which appears whole, and is removed at the start and at the exit")
}

// given tells whether any flag of the set was.
func (f *readyFlags) given() bool { return f.fd != 0 || f.file != "" }

// checkWritableFD refuses what is no file descriptor that is open for writing and that
// this process was started with: those that it opened itself are closed on exec.
func checkWritableFD(fd int, flag string) error {
	if fd < 2 {
		return errors.New("0 and 1 are for messages; give 2 or more")
	}
	hint := "; open it for writing, as in " + flag + " 3 3>FIFO"
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	if err != nil || flags&unix.FD_CLOEXEC != 0 {
		return errors.New("not an open file descriptor" + hint)
	}
	mode, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err != nil || mode&unix.O_ACCMODE == unix.O_RDONLY {
		return errors.New("not open for writing" + hint)
	}
	return nil
}

// resolve checks the flags and makes what tells, or nil where nothing is to be
// told. sockets is how many the command has.
func (f *readyFlags) resolve(e *env, flags *pflag.FlagSet, sockets int) (*readiness, error) {
	if flags.Changed("ready-fd") {
		if err := checkWritableFD(f.fd, "--ready-fd"); err != nil {
			return nil, usagef("%s %d: %w", calledBy(flags, "ready-fd"), f.fd, err)
		}
	}
	if flags.Changed("ready-file") {
		if err := checkReadyFile(f.file); err != nil {
			return nil, usagef("%s %q: %w", calledBy(flags, "ready-file"), f.file, err)
		}
	}
	if !f.given() {
		return nil, nil
	}
	if f.fd > 2 {
		unix.CloseOnExec(f.fd) // no child of ours holds it open
	}
	return &readiness{report: e.report, fd: f.fd, file: f.file, opening: sockets}, nil
}

// checkReadyFile refuses what can't become a file, or must not be removed.
func checkReadyFile(name string) error {
	if name == "" {
		return errors.New("empty: give the name of a file")
	}
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() && info.Mode()&fs.ModeSymlink == 0 {
		return errors.New("there is something that is no file; to a FIFO it goes as --ready-fd 3 3>FIFO")
	}
	dir := filepath.Dir(name)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return errors.New("there is no folder " + dir)
	}
	if unix.Access(dir, unix.W_OK|unix.X_OK) != nil {
		return errors.New("no file can be made in " + dir)
	}
	return nil
}
