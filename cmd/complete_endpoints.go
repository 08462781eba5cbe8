package cmd

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"fogmq/internal/patterns"
)

// The scheme of an endpoint with what follows it.
const (
	tcpScheme    = patterns.TransportTCP + "://"
	ipcScheme    = patterns.TransportIPC + "://"
	inprocScheme = patterns.TransportInproc + "://"
)

// endpointWords are the endpoints that may be meant: those used before, and what the
// next part of one can be.
func (e *env) endpointWords(bind bool, typed string) []string {
	var words []string
	for _, text := range e.history.Endpoints() {
		if text = usable(text, bind); text != "" {
			words = append(words, shortest(text, typed)+"\tused before")
		}
	}
	switch {
	case strings.HasPrefix(typed, tcpScheme):
		words = append(words, tcpWords(bind, typed)...)
	case strings.HasPrefix(typed, ipcScheme):
		words = append(words, ipcWords(bind, typed)...)
	default:
		words = append(words, tcpScheme+"\ta host and a port", ipcScheme+"\ta Unix socket")
		if typed != "" {
			for _, w := range tcpWords(bind, tcpScheme+typed) {
				words = append(words, strings.TrimPrefix(w, tcpScheme))
			}
			words = append(words, shortest(patterns.DefaultConnect, typed)+"\tthe default port")
		}
	}
	return words
}

// usable gives an endpoint that was used before as it can be bound or connected, or
// "" where it can't.
func usable(text string, bind bool) string {
	if port, every := strings.CutPrefix(text, tcpScheme+"*:"); every && !bind {
		text = tcpScheme + "localhost:" + port
	}
	ep, err := patterns.ParseEndpoint(text, bind)
	if err != nil || bind && ep.Transport == patterns.TransportTCP && !isHere(ep.Address) {
		return ""
	}
	return text
}

// isHere tells whether HOST:PORT names a place on this machine that can be bound.
func isHere(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if slices.Contains(bindHosts(), host) {
		return true
	}
	ip := net.ParseIP(host)
	addresses, _ := net.InterfaceAddrs() // none: then there is none to offer
	return ip != nil && slices.ContainsFunc(addresses, func(a net.Addr) bool {
		n, ok := a.(*net.IPNet)
		return ok && n.IP.Equal(ip)
	})
}

// bindHosts are the hosts that can be bound by name: all, this machine, and its
// interfaces.
func bindHosts() []string {
	hosts := []string{"*", "localhost"}
	interfaces, _ := net.Interfaces()
	for _, i := range interfaces {
		if i.Flags&net.FlagUp != 0 {
			hosts = append(hosts, i.Name)
		}
	}
	return hosts
}

// shortest writes an endpoint as far as it is begun to be typed: in full, without its
// scheme, or as its port alone.
func shortest(text, typed string) string {
	short := strings.TrimPrefix(text, tcpScheme)
	port := short[strings.LastIndex(short, ":")+1:]
	switch {
	case strings.HasPrefix(text, typed) || short == text:
		return text
	case strings.HasPrefix(":"+port, typed):
		return ":" + port
	case strings.HasPrefix(port, typed):
		return port
	}
	return short
}

// tcpWords are the hosts, or of a host that is typed the ports.
func tcpWords(bind bool, typed string) (words []string) {
	address := strings.TrimPrefix(typed, tcpScheme)
	if at := strings.LastIndex(address, ":"); at >= 0 && !strings.HasPrefix(address, "[") || strings.Contains(address, "]:") {
		host := tcpScheme + address[:at+1]
		_, port, _ := net.SplitHostPort(strings.TrimPrefix(patterns.DefaultBind, tcpScheme))
		words = append(words, host+port+"\tthe default port")
		if bind {
			words = append(words, host+"*\tany free port")
		}
		return words
	}
	hosts := []string{"localhost"}
	if bind {
		hosts = bindHosts()
	}
	about := map[string]string{"*": "\tevery interface", "localhost": "\tthis machine"}
	for _, host := range hosts {
		word, found := about[host]
		if !found {
			word = "\tan interface"
		}
		words = append(words, tcpScheme+host+":"+word)
	}
	return words
}

// ipcWords are the Unix sockets that can be connected to, and folders.
func ipcWords(bind bool, typed string) (words []string) {
	address := strings.TrimPrefix(typed, ipcScheme)
	if address == "" {
		words = append(words, ipcScheme+"/\ta file", ipcScheme+"@\ta name of Linux's, without a file")
	}
	if !bind {
		for _, bound := range boundHere() {
			if strings.HasPrefix(bound, address) {
				words = append(words, ipcScheme+bound+"\tbound now")
			}
		}
	}
	if address == "" || strings.HasPrefix(address, "@") {
		return words
	}
	for _, path := range pathsLike(address, func(f os.DirEntry) bool { return f.Type() == os.ModeSocket && !bind }) {
		words = append(words, ipcScheme+path)
	}
	return words
}

// sideWords are the endpoints of a proxy's side, which > connects.
func (e *env) sideWords(typed string) (words []string) {
	sign, connects := "", strings.HasPrefix(typed, ">")
	if connects || strings.HasPrefix(typed, "@") {
		sign, typed = typed[:1], typed[1:]
	}
	for _, w := range append(e.endpointWords(!connects, typed), inprocScheme+"\tinside this process") {
		words = append(words, sign+w)
	}
	return words
}

// completeCapture offers endpoints to those who begin to type one, and files else.
func (e *env) completeCapture(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if typed != "" && (isSide(typed) || strings.Contains(typed, "://")) {
		return offer(e.sideWords)(c, args, typed)
	}
	return anyFile(c, args, typed)
}

// absolute keeps the paths and names that mean the same from everywhere.
func absolute(address string) bool { return filepath.IsAbs(address) || strings.HasPrefix(address, "@") }
