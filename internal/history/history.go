// Package history keeps the endpoints that were used of late on this machine, so
// that TAB can offer them.
//
// They stand in one small text file, an endpoint a line, the newest first, as the
// XDG Base Directory Specification places what a program has done:
// $XDG_STATE_HOME/fogmq/endpoints, or ~/.local/state/fogmq/endpoints. The list is a
// comfort: whatever stands in its way is no error of anybody's.
package history

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// Most is how many endpoints are kept.
const Most = 50

// OptOut is the environment variable that, set to anything, keeps and offers none.
const OptOut = "FOGMQ_NO_HISTORY"

// Of a file that grew beyond all that is ever written, this much is read; and no
// endpoint is longer.
const (
	maxFile     = 64 << 10
	maxEndpoint = 512
)

// A List is the endpoints of one user. Its methods may be called concurrently, and
// by several processes at a time.
type List struct {
	path     string        // "" keeps none
	patience time.Duration // with other processes that write it
	wg       sync.WaitGroup
	mu       sync.Mutex // one write at a time
}

// Open returns the list that the environment names. It touches no file.
func Open(getenv func(string) string) *List {
	return &List{path: place(getenv), patience: lockPatience}
}

func place(getenv func(string) string) string {
	if getenv(OptOut) != "" {
		return ""
	}
	// The specification has relative paths ignored.
	if state := getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return filepath.Join(state, "fogmq", "endpoints")
	}
	home := getenv("HOME")
	if !filepath.IsAbs(home) {
		return ""
	}
	if _, err := os.Stat(home); err != nil { // a home is not ours to make
		return ""
	}
	return filepath.Join(home, ".local", "state", "fogmq", "endpoints")
}

// Endpoints returns what is kept, the newest first; nothing where there is no list
// or it can't be read.
func (l *List) Endpoints() []string {
	if l.path == "" {
		return nil
	}
	// A list that somebody made a pipe would be waited for.
	if info, err := os.Stat(l.path); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	f, err := os.Open(l.path)
	if err != nil {
		return nil
	}
	defer f.Close()
	content, _ := io.ReadAll(io.LimitReader(f, maxFile)) // what was read before an error is as good
	var endpoints []string
	for line := range bytes.Lines(content) {
		endpoint := strings.TrimSpace(string(line))
		if isSound(endpoint) && !slices.Contains(endpoints, endpoint) && len(endpoints) < Most {
			endpoints = append(endpoints, endpoint)
		}
	}
	return endpoints
}

// Note puts an endpoint first. It returns at once: see Wait.
func (l *List) Note(endpoint string) {
	if l.path == "" || !isSound(endpoint) {
		return
	}
	l.wg.Go(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		_ = l.put(endpoint) // nobody needs the list
	})
}

// Wait returns when all that was noted is in the file, as far as it ever will be.
func (l *List) Wait() { l.wg.Wait() }

// isSound tells whether an endpoint can stand in a line and on a terminal.
func isSound(endpoint string) bool {
	return strings.Contains(endpoint, "://") && len(endpoint) <= maxEndpoint && utf8.ValidString(endpoint) &&
		strings.IndexFunc(endpoint, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}
