package patterns

import (
	"net"
	"testing"

	"golang.org/x/sys/unix"
)

// unsentBytes tells how much of what was written to a TCP connection the other
// end's kernel has not acknowledged.
func unsentBytes(t testing.TB, conn net.Conn) (n int) {
	t.Helper()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var ioctlErr error
	if err := raw.Control(func(fd uintptr) { n, ioctlErr = unix.IoctlGetInt(int(fd), unix.TIOCOUTQ) }); err != nil || ioctlErr != nil {
		t.Fatal(err, ioctlErr)
	}
	return n
}
