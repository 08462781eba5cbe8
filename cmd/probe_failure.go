package cmd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"fogmq/internal/patterns"
	"fogmq/internal/zmtp"
)

// failures name the kinds of errors that a probe ends with, for scripts, the first
// that fits an error.
var failures = []func(error) string{
	typed[*zmtp.RefusedError]("denied", nil),
	func(err error) string {
		e, ok := errors.AsType[*zmtp.UnansweredError](err)
		switch {
		case !ok:
			return ""
		case e.Command == "greeting":
			return "hung_up"
		}
		return "denied"
	},
	typed[*zmtp.DeniedError]("denied", nil),
	typed[*patterns.AddressError]("not_allowed", nil),
	typed[*zmtp.NotZMTPError]("not_zmtp", nil),
	wraps("protocol", zmtp.ErrProtocol),
	wraps("timeout", context.DeadlineExceeded),
	typed[*net.DNSError]("no_host", nil),
	wraps("refused", syscall.ECONNREFUSED),
	wraps("hung_up", syscall.ECONNRESET),
	wraps("no_file", syscall.ENOENT),
	wraps("forbidden", syscall.EACCES),
	wraps("unreachable", syscall.EHOSTUNREACH),
	wraps("unreachable", syscall.ENETUNREACH),
}

// failure is one word for what a probe ended with.
func failure(err error) string {
	for _, kind := range failures {
		if name := kind(err); name != "" {
			return name
		}
	}
	return "failed"
}

// reason is the same in words for people. Bytes of a peer in it are escaped.
func reason(err error, within time.Duration) string {
	dns, isDNS := errors.AsType[*net.DNSError](err)
	_, mute := errors.AsType[*zmtp.MuteError](err)
	switch kind := failure(err); {
	case kind == "timeout" && mute:
		return fmt.Sprintf("%v within %v", err, within)
	case kind == "timeout":
		return fmt.Sprintf("no connection within %v: nothing answers there", within)
	case isDNS && dns.IsNotFound:
		return fmt.Sprintf("no such host: %s", dns.Name)
	case isDNS:
		return fmt.Sprintf("the host %s can't be looked up: %s", dns.Name, dns.Err)
	case errors.Is(err, syscall.ECONNRESET):
		return "the connection was reset as soon as it was made"
	case kind == "refused":
		return "connection refused: nobody listens there"
	case kind == "no_file":
		return "no such file: nobody has bound this Unix socket"
	case kind == "forbidden":
		return "permission denied: this Unix socket may be used by others alone"
	case errors.Is(err, syscall.EHOSTUNREACH):
		return "no route to the host"
	case errors.Is(err, syscall.ENETUNREACH):
		return "the network is unreachable"
	}
	return err.Error()
}
