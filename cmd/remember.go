package cmd

import (
	"path/filepath"
	"strings"
	"sync"

	"fogmq/internal/patterns"
)

// remember returns, for each endpoint of a socket that is worth it, what puts it
// among the recent ones, once.
func (c socketConfig) remember(e *env) map[string]func() {
	used := make(map[string]func())
	for _, ep := range c.endpoints {
		if text := lasting(ep.Endpoint); text != "" {
			used[ep.String()] = sync.OnceFunc(func() { e.history.Note(text) })
		}
	}
	return used
}

// lasting is how an endpoint can be given again, from any folder; "" where it
// can't, as the system chose it or nobody outside the process reaches it.
func lasting(ep patterns.Endpoint) string {
	switch {
	case ep.Transport == patterns.TransportInproc || isEphemeral(ep):
		return ""
	case ep.Transport == patterns.TransportIPC && !strings.HasPrefix(ep.Address, "@"):
		path, err := filepath.Abs(ep.Address)
		if err != nil {
			return ""
		}
		return patterns.Endpoint{Transport: ep.Transport, Address: path}.String()
	}
	return ep.String()
}
