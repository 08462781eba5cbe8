package patterns

import (
	"fmt"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The transports an endpoint may name.
const (
	TransportTCP    = "tcp"
	TransportIPC    = "ipc"
	TransportInproc = "inproc"
)

// defaultPort is the port of the article and of every bare flag.
const defaultPort = "5556"

// The endpoints that a bare --bind and a bare --connect stand for.
const (
	DefaultBind    = "tcp://*:" + defaultPort
	DefaultConnect = "tcp://localhost:" + defaultPort
)

// An Endpoint is where a socket binds or connects, as zmq_tcp(7), zmq_ipc(7)
// and zmq_inproc(7) write it. The zero value names nothing.
type Endpoint struct {
	// Transport is TransportTCP, TransportIPC or TransportInproc.
	Transport string
	// Address is what follows "://": HOST:PORT, a path, @name or a name.
	Address string
}

// String gives the endpoint in its full form, such as "tcp://*:5556".
func (e Endpoint) String() string { return e.Transport + "://" + e.Address }

// foreignTransports are those that other ZeroMQ libraries know and this one
// does not: naming one is a mistake worth an answer of its own.
var foreignTransports = []string{"udp", "pgm", "epgm", "tipc", "vmci", "norm", "ws", "wss", "hyperv"}

// hostPort is HOST:PORT in a word without a scheme: a name, an IPv4 address,
// an interface, "*" or a bracketed IPv6 address, and a port or "*".
var hostPort = regexp.MustCompile(`^([A-Za-z0-9_][A-Za-z0-9_.-]*|\*|\[[0-9A-Fa-f:.%a-z*]+\]):([0-9]+|\*)$`)

// bareport is ":PORT" or "PORT".
var barePort = regexp.MustCompile(`^:?([0-9]+)$|^:\*$`)

// scheme is what stands before "://" in a URL.
var scheme = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*)://[^ ]*$`)

// messageSchemes are those of URLs that people send about as messages. Any
// other that we don't know is taken for a transport misspelt.
var messageSchemes = []string{"http", "https", "ftp", "file", "data", "mailto", "ssh", "git", "mqtt", "mqtts", "coap", "rtsp", "rtmp", "s3"}

// LooksLikeEndpoint reports whether a word reads as an endpoint rather than as
// a message: a URL of a ZeroMQ transport or of nothing that is known, HOST:PORT,
// :PORT or PORT. It says nothing of whether ParseEndpoint will take it.
func LooksLikeEndpoint(word string) bool {
	if m := scheme.FindStringSubmatch(word); m != nil {
		return !slices.Contains(messageSchemes, strings.ToLower(m[1]))
	}
	return barePort.MatchString(word) || hostPort.MatchString(word)
}

// ParseEndpoint reads an endpoint in any of its written forms. A bare port
// means every interface when bind is set and localhost otherwise. The error
// is one line that names the endpoint, what is wrong with it and how to write
// it.
func ParseEndpoint(s string, bind bool) (Endpoint, error) {
	transport, address, ok := strings.Cut(s, "://")
	if !ok {
		return parseShort(s, bind)
	}
	switch {
	case transport == TransportTCP:
		return parseTCP(s, address, bind)
	case transport == TransportIPC:
		return parseIPC(s, address, bind)
	case transport == TransportInproc:
		if address == "" {
			return Endpoint{}, badEndpoint(s, "the name is missing, write inproc://name")
		}
		return Endpoint{TransportInproc, address}, nil
	case isForeign(transport):
		return Endpoint{}, badEndpoint(s, "the transport "+transport+" is not supported, use tcp, ipc or inproc")
	}
	return Endpoint{}, badEndpoint(s, fmt.Sprintf("unknown transport %q, use tcp, ipc or inproc", transport))
}

func parseShort(s string, bind bool) (Endpoint, error) {
	host := "localhost"
	if bind {
		host = "*"
	}
	switch {
	case barePort.MatchString(s):
		return parseTCP(s, host+":"+strings.TrimPrefix(s, ":"), bind)
	case strings.Contains(s, ":"):
		return parseTCP(s, s, bind)
	}
	return Endpoint{}, badEndpoint(s, "write tcp://HOST:PORT, HOST:PORT, :PORT or ipc:///path")
}

// parseTCP checks HOST:PORT, and for a connect also libzmq's SOURCE;HOST:PORT.
func parseTCP(s, address string, bind bool) (Endpoint, error) {
	target := address
	if source, dest, ok := strings.Cut(address, ";"); ok {
		if bind {
			return Endpoint{}, badEndpoint(s, "only a connect has a source address")
		}
		if err := checkHostPort(source, true); err != nil {
			return Endpoint{}, badEndpoint(s, "source address: "+err.Error())
		}
		target = dest
	}
	if err := checkHostPort(target, bind); err != nil {
		return Endpoint{}, badEndpoint(s, err.Error())
	}
	return Endpoint{TransportTCP, address}, nil
}

func checkHostPort(address string, bind bool) error {
	host, port, err := net.SplitHostPort(address)
	switch {
	case err != nil && strings.Count(address, ":") > 1 && !strings.Contains(address, "["):
		return fmt.Errorf("an IPv6 address stands in brackets, as in tcp://[::1]:%s", defaultPort)
	case err != nil || port == "":
		return fmt.Errorf("the port is missing, as in tcp://localhost:%s", defaultPort)
	case host == "":
		return fmt.Errorf("the host is missing, as in tcp://localhost:%s", defaultPort)
	case strings.ContainsAny(host, " \t/\\@"):
		return fmt.Errorf("%q is not a host name", host)
	case host == "*" && !bind:
		return fmt.Errorf("* is for binding, name the host to connect to")
	case port == "*" && bind:
		return nil
	case port == "*":
		return fmt.Errorf("the port * is for binding, name the port to connect to")
	}
	n, err := strconv.ParseUint(port, 10, 32)
	switch {
	case err != nil && !isDigits(port):
		return fmt.Errorf("the port %q is not a number", port)
	case err != nil || n > 65535:
		return fmt.Errorf("the port %s is out of range 1..65535", port)
	case n == 0 && !bind:
		return fmt.Errorf("port 0 is for binding, name the port to connect to")
	}
	return nil
}

// maxUnixPath is the length of sun_path on Linux less its NUL; the kernel
// refuses more with nothing better than "invalid argument".
const maxUnixPath = 107

func parseIPC(s, address string, bind bool) (Endpoint, error) {
	switch {
	case address == "" || address == "@":
		return Endpoint{}, badEndpoint(s, "the path is missing, write ipc:///path or ipc://@name")
	case address == "*" && !bind:
		return Endpoint{}, badEndpoint(s, "ipc://* is for binding, name the path to connect to")
	case len(address) > maxUnixPath:
		return Endpoint{}, badEndpoint(s, fmt.Sprintf("the path has %d bytes, a Unix socket takes %d", len(address), maxUnixPath))
	case strings.ContainsRune(address, 0):
		return Endpoint{}, badEndpoint(s, "the path has a NUL byte")
	}
	return Endpoint{TransportIPC, address}, nil
}

func badEndpoint(s, why string) error { return fmt.Errorf("endpoint %q: %s", s, why) }

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func isForeign(t string) bool { return slices.Contains(foreignTransports, t) }
