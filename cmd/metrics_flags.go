package cmd

import (
	"errors"
	"net"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// metricsFlags say where a command's counters can be asked for.
type metricsFlags struct{ address string }

func (f *metricsFlags) register(fs flagSet) {
	fs.group = groupSeeing
	fs.add(newValue(&f.address, "ADDRESS", "", parseMetricsAddress), "metrics", "",
		"serve counters for Prometheus at http://ADDRESS/metrics; :9100 is on this machine alone, HOST:9100 and *:9100 for others too")
}

// resolve makes what serves the counters of so many sockets, or nil.
func (f *metricsFlags) resolve(e *env, _ *pflag.FlagSet, sockets int) *metrics {
	if f.address == "" {
		return nil
	}
	return newMetrics(e.report, f.address, sockets)
}

// parseMetricsAddress reads [HOST]:PORT or PORT. Without a host it is loopback: what
// a command counts is nobody's business unless somebody says so.
func parseMetricsAddress(text string) (string, error) {
	address := strings.TrimSuffix(strings.TrimPrefix(text, "http://"), "/metrics")
	if _, err := strconv.ParseUint(address, 10, 16); err == nil {
		address = ":" + address
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", errors.New("not [HOST]:PORT, such as :9100")
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", errors.New("not [HOST]:PORT with a PORT of 0 to 65535")
	}
	switch host {
	case "":
		host = "127.0.0.1"
	case "*":
		host = ""
	}
	return net.JoinHostPort(host, port), nil
}
