package cmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"fogmq/internal/patterns"
)

// A readiness tells, once, that every endpoint of a command that is to be bound
// is bound and every other one was connected, handshake included. All methods may
// be called by any goroutine. A nil one, and a nil side of it, tell nothing.
type readiness struct {
	report *reporter
	fd     int    // 0 is none, 2 is stderr and stays open
	file   string // "" is none

	mu        sync.Mutex
	began     bool
	opening   int // sockets whose endpoints are not all known yet
	waiting   int // endpoints that were not connected yet
	bound     []string
	connected []string
	told      bool
	ended     bool
	made      os.FileInfo // of the file that we made
}

// begin removes what an earlier command left.
func (r *readiness) begin() error {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.began || r.file == "" {
		return nil
	}
	r.began = true
	if err := os.Remove(r.file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("the old file of --ready-file: %w", err)
	}
	return nil
}

// A readySide is the part that one socket has in a readiness; nil has none.
type readySide struct {
	*readiness
	waitingFor map[string]bool // guarded by the readiness
}

func (r *readiness) side() *readySide {
	if r == nil {
		return nil
	}
	return &readySide{r, map[string]bool{}}
}

// watch adds what the side has to hear of to a socket's monitor.
func (s *readySide) watch(monitor func(patterns.Event)) func(patterns.Event) {
	if s == nil {
		return monitor
	}
	return func(e patterns.Event) {
		monitor(e)
		if e.Kind == patterns.EventHandshakeSucceeded && !e.Accepted {
			s.isConnected(e.Endpoint)
		}
	}
}

// willConnect must be called before the socket connects to the endpoint.
func (s *readySide) willConnect(endpoint string) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.waitingFor[endpoint] {
		s.waitingFor[endpoint] = true
		s.waiting++
	}
}

func (s *readySide) isConnected(endpoint string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.waitingFor[endpoint] {
		return
	}
	delete(s.waitingFor, endpoint)
	s.waiting--
	s.connected = append(s.connected, endpoint)
	s.tellIfReady()
}

func (s *readySide) isBound(endpoint string) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bound = append(s.bound, endpoint)
}

// isOpen says that all endpoints of the socket are known.
func (s *readySide) isOpen() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opening--
	s.tellIfReady()
}

// tellIfReady holds the lock while it writes, so that an end that comes meanwhile
// finds the file.
func (r *readiness) tellIfReady() {
	if r.told || r.ended || r.opening > 0 || r.waiting > 0 {
		return
	}
	r.told = true
	list := r.bound
	if len(list) == 0 {
		list = r.connected
	}
	text := strings.Join(list, "\n") + "\n"
	if err := r.writeFile(text); err != nil {
		r.report.errorf("--ready-file: %v", err)
	}
	if err := r.writeFD(text); err != nil {
		r.report.errorf("--ready-fd: %v", err)
	}
}

func (r *readiness) writeFD(text string) error {
	switch r.fd {
	case 0:
		return nil
	case 2:
		r.report.prompt(text)
		return nil
	}
	f := os.NewFile(uintptr(r.fd), fmt.Sprintf("file descriptor %d", r.fd))
	_, err := f.WriteString(text)
	return errors.Join(err, f.Close())
}

// writeFile has the file appear under its name with all that is in it.
func (r *readiness) writeFile(text string) error {
	if r.file == "" {
		return nil
	}
	dir, base := filepath.Split(r.file)
	draft := filepath.Join(dir, fmt.Sprintf(".%s.%d", base, os.Getpid()))
	_ = os.Remove(draft) // of one that was killed and had our number
	f, err := os.OpenFile(draft, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	made, statErr := f.Stat()
	if err = errors.Join(err, statErr, f.Close()); err == nil {
		err = os.Rename(draft, r.file)
	}
	if err != nil {
		_ = os.Remove(draft) // the first error is the one to tell
		return err
	}
	r.made = made
	return nil
}

// end removes the file, unless another command has made it anew. Nothing is told
// from now on.
func (r *readiness) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
	if r.made == nil {
		return
	}
	if now, err := os.Lstat(r.file); err == nil && os.SameFile(now, r.made) {
		if err := os.Remove(r.file); err != nil {
			r.report.errorf("--ready-file: %v", err)
		}
	}
	r.made = nil
}

// end is that of the readiness.
func (s *readySide) end() {
	if s != nil {
		s.readiness.end()
	}
}
