package recording

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Options say how Open goes about it.
type Options struct {
	// Compressed makes a new file a compressed one. An old one is gone on with as it is,
	// but is refused if it is not compressed and should be.
	Compressed bool
	// Overwrite throws away what is in the file.
	Overwrite bool
	// Failed, if it is not nil, is called once by another goroutine when the file takes
	// no more.
	Failed func(error)
}

// Open returns a Writer that makes a file or goes on with a recording. A torn end, as
// a crash leaves it, is cut off first; what is no recording is refused. Only one
// Writer at a time has a file.
func Open(name string, o Options) (*Writer, error) {
	flags := os.O_CREATE | os.O_RDWR
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		flags = os.O_WRONLY // a FIFO or a device
	}
	file, err := os.OpenFile(name, flags, 0o644)
	if err != nil {
		return nil, err
	}
	w, err := openFile(file, o)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), file.Close())
	}
	return w, nil
}

func openFile(file *os.File, o Options) (*Writer, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		w := NewWriter(file, o.Compressed, o.Failed)
		w.close = file.Close
		return w, nil
	}
	// Where a file system has no locks, it is left to who records.
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); errors.Is(err, unix.EWOULDBLOCK) {
		return nil, errors.New("another command records there: choose another FILE")
	}
	r := resumed{compressed: o.Compressed}
	if o.Overwrite {
		err = file.Truncate(0)
	} else {
		r, err = resume(file, o.Compressed)
	}
	if err != nil {
		return nil, err
	}
	s, err := newSink(file, r.end, r.compressed)
	if err != nil {
		return nil, err
	}
	if r.open {
		if _, err := s.write([]byte{'\n'}); err != nil {
			return nil, err
		}
	}
	w := startWriter(s, file.Close, o.Failed)
	w.repaired = r.repaired
	return w, nil
}
