package cmd

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// The flags of a socket that listens, and the type SOCK_STREAM, as
// /proc/net/unix writes them; see proc(5).
const (
	unixListens = "00010000"
	unixStream  = "0001"
)

// boundHere returns the addresses of the Unix sockets that processes of this user
// listen at: paths, and @names of Linux's. It is a guess at what may be a peer, and
// says nothing where /proc says nothing.
func boundHere() (addresses []string) {
	listening := listeningSockets()
	if len(listening) == 0 {
		return nil
	}
	fds, _ := filepath.Glob("/proc/[0-9]*/fd") // the pattern is sound
	for _, dir := range fds {
		info, err := os.Stat(filepath.Dir(dir))
		if err != nil {
			continue // it has ended
		}
		if stat, ok := info.Sys().(*syscall.Stat_t); !ok || int(stat.Uid) != os.Geteuid() {
			continue
		}
		entries, _ := os.ReadDir(dir) // none where we may not look
		for _, entry := range entries {
			target, _ := os.Readlink(filepath.Join(dir, entry.Name()))
			if address := listening[target]; address != "" {
				addresses = append(addresses, address)
			}
		}
	}
	return addresses
}

// listeningSockets returns the addresses of all that listen, by what a descriptor of
// theirs is a link to.
func listeningSockets() map[string]string {
	f, err := os.Open("/proc/net/unix")
	if err != nil {
		return nil
	}
	defer f.Close()
	found := make(map[string]string)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		// Num RefCount Protocol Flags Type St Inode Path
		fields := strings.Fields(lines.Text())
		if len(fields) == 8 && fields[3] == unixListens && fields[4] == unixStream && absolute(fields[7]) {
			found[fmt.Sprintf("socket:[%s]", fields[6])] = fields[7]
		}
	}
	return found
}
