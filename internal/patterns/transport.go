package patterns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// listen opens an endpoint for accepting. The Endpoint it returns has the port
// or name that was really bound.
func listen(ctx context.Context, ep Endpoint) (net.Listener, Endpoint, error) {
	switch ep.Transport {
	case TransportTCP:
		return listenTCP(ctx, ep)
	case TransportIPC:
		return listenIPC(ctx, ep)
	}
	l, err := inprocHub.listen(ep.Address)
	return l, ep, err
}

func listenTCP(ctx context.Context, ep Endpoint) (net.Listener, Endpoint, error) {
	network, address, err := tcpBindAddress(ep.Address)
	if err != nil {
		return nil, ep, err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, network, address)
	if err != nil {
		return nil, ep, err
	}
	return l, Endpoint{TransportTCP, l.Addr().String()}, nil
}

// tcpBindAddress reads HOST:PORT as zmq_tcp(7) has it for binding: "*" is every
// IPv4 interface, an interface's name its first address.
func tcpBindAddress(address string) (network, real string, err error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", "", err
	}
	if port == "*" {
		port = "0"
	}
	if host == "*" {
		return "tcp4", "0.0.0.0:" + port, nil
	}
	if ip := interfaceAddress(host); ip != "" {
		host = ip
	}
	// Go would make every interface of both families of an IPv4 wildcard.
	network = "tcp"
	if net.ParseIP(host).To4() != nil {
		network = "tcp4"
	}
	return network, net.JoinHostPort(host, port), nil
}

// interfaceAddress gives the address of the interface called name, an IPv4 one
// where there is one, or "".
func interfaceAddress(name string) string {
	ifc, err := net.InterfaceByName(name)
	if err != nil {
		return ""
	}
	addrs, err := ifc.Addrs()
	if err != nil {
		return ""
	}
	var six string
	for _, a := range addrs {
		ipnet, ok := a.(*net.IPNet)
		switch {
		case !ok:
		case ipnet.IP.To4() != nil:
			return ipnet.IP.String()
		case six == "":
			six = ipnet.IP.String()
			if ipnet.IP.IsLinkLocalUnicast() {
				six += "%" + name
			}
		}
	}
	return six
}

// listenIPC binds a Unix socket. A file that nobody listens on any more is
// replaced; one that is alive is an error.
func listenIPC(ctx context.Context, ep Endpoint) (net.Listener, Endpoint, error) {
	path := ep.Address
	if path == "*" {
		return listenTemporary(ctx)
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "unix", path)
	if errors.Is(err, syscall.EADDRINUSE) && !strings.HasPrefix(path, "@") && isStale(path) {
		if err := os.Remove(path); err != nil {
			return nil, ep, err
		}
		l, err = lc.Listen(ctx, "unix", path)
	}
	return l, Endpoint{TransportIPC, path}, err
}

// listenTemporary binds a Unix socket in a folder of its own, which goes with it.
func listenTemporary(ctx context.Context) (net.Listener, Endpoint, error) {
	dir, err := os.MkdirTemp("", "fogmq-")
	if err != nil {
		return nil, Endpoint{}, err
	}
	l, ep, err := listenIPC(ctx, Endpoint{TransportIPC, dir + "/socket"})
	if err != nil {
		return nil, ep, errors.Join(err, os.Remove(dir))
	}
	return &temporaryListener{l, dir}, ep, nil
}

type temporaryListener struct {
	net.Listener
	dir string
}

func (l *temporaryListener) Close() error {
	if err := l.Listener.Close(); err != nil {
		return err
	}
	return os.Remove(l.dir)
}

// isStale reports whether path is a socket file behind which nobody listens.
func isStale(path string) bool {
	info, err := os.Stat(path)
	if err != nil || info.Mode()&os.ModeSocket == 0 {
		return false
	}
	conn, err := net.Dial("unix", path)
	if err == nil {
		conn.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}

// dial opens a connection to an endpoint.
func dial(ctx context.Context, ep Endpoint, timeout time.Duration) (net.Conn, error) {
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	return dialWith(ctx, &net.Dialer{}, ep)
}

func dialWith(ctx context.Context, d *net.Dialer, ep Endpoint) (net.Conn, error) {
	switch ep.Transport {
	case TransportTCP:
		return dialTCP(ctx, d, ep.Address)
	case TransportIPC:
		return d.DialContext(ctx, "unix", ep.Address)
	}
	return inprocHub.dial(ctx, ep.Address)
}

func dialTCP(ctx context.Context, d *net.Dialer, address string) (net.Conn, error) {
	if source, dest, ok := strings.Cut(address, ";"); ok {
		_, real, err := tcpBindAddress(source)
		if err != nil {
			return nil, err
		}
		local, err := net.ResolveTCPAddr("tcp", real)
		if err != nil {
			return nil, err
		}
		d.LocalAddr, address = local, dest
	}
	if host, port, err := net.SplitHostPort(address); err == nil && host == "*" {
		address = net.JoinHostPort("localhost", port)
	}
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	// Nobody listened, and the kernel gave us the very port we asked for.
	if conn.LocalAddr().String() == conn.RemoteAddr().String() {
		conn.Close()
		return nil, fmt.Errorf("dial tcp %s: %w", address, syscall.ECONNREFUSED)
	}
	return conn, nil
}
