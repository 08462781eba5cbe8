package patterns

import (
	"context"
	"fmt"
	"net"
	"sync"
	"syscall"
)

// inprocHub holds the inproc endpoints of this process.
var inprocHub = hub{bound: make(map[string]*inprocListener)}

// A hub brings those who connect to a name together with who binds it, in
// either order.
type hub struct {
	mu      sync.Mutex
	bound   map[string]*inprocListener
	changed notifier // a name was bound
}

func (h *hub) listen(name string) (net.Listener, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.bound[name] != nil {
		return nil, syscall.EADDRINUSE
	}
	l := &inprocListener{hub: h, name: name, conns: make(chan net.Conn), closed: make(chan struct{})}
	h.bound[name] = l
	h.changed.notify()
	return l, nil
}

// dial waits until name is bound.
func (h *hub) dial(ctx context.Context, name string) (net.Conn, error) {
	for {
		h.mu.Lock()
		l, changed := h.bound[name], h.changed.wait()
		h.mu.Unlock()
		if l == nil {
			select {
			case <-changed:
				continue
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		ours, theirs := newMemoryConns(inprocAddr(name))
		select {
		case l.conns <- theirs:
			return ours, nil
		case <-l.closed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// An inprocListener accepts the connections of one name.
type inprocListener struct {
	hub    *hub
	name   string
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func (l *inprocListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, fmt.Errorf("accept inproc://%s: %w", l.name, net.ErrClosed)
	}
}

func (l *inprocListener) Close() error {
	l.once.Do(func() {
		l.hub.mu.Lock()
		delete(l.hub.bound, l.name)
		l.hub.mu.Unlock()
		close(l.closed)
	})
	return nil
}

func (l *inprocListener) Addr() net.Addr { return inprocAddr(l.name) }

// inprocAddr is the address of both ends of an inproc connection.
type inprocAddr string

func (inprocAddr) Network() string  { return TransportInproc }
func (a inprocAddr) String() string { return string(a) }
