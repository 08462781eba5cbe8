package cmd

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"fogmq/internal/patterns"
	"fogmq/internal/zmtp"
)

// errorClasses name the kinds of errors that a peer is reported for, the first
// that fits an error. The names are never printed. They hold nothing of what a
// peer sent, so that there are only so many, but for those of users and keys, who
// each are a cause of their own.
var errorClasses = []func(error) string{
	typed("mechanism", func(e *zmtp.MechanismError) string { return known(zmtpMechanisms, string(e.Peer)) }),
	typed("socket type", func(e *zmtp.IncompatibleError) string { return known(socketTypes, string(e.Peer)) }),
	typed[*zmtp.RefusedError]("refused", nil),
	typed("denied", func(e *zmtp.DeniedError) string { return e.Err.Error() }),
	typed("unanswered", func(e *zmtp.UnansweredError) string { return e.Command }),
	typed[*zmtp.RoleError]("role", nil),
	typed[*patterns.AddressError]("address", nil),
	typed[*zmtp.NotZMTPError]("not ZMTP", nil),
	wraps("too large", zmtp.ErrTooLarge),
	wraps("subscriptions", patterns.ErrSubscriptions),
	wraps("protocol", zmtp.ErrProtocol),
	wraps("connections", patterns.ErrTooManyConnections),
	wraps("displaced", patterns.ErrDisplaced),
	wraps("timeout", context.DeadlineExceeded),
	func(err error) string {
		if isOutOfFiles(err) {
			return "files"
		}
		return ""
	},
}

var (
	zmtpMechanisms = []string{"NULL", "PLAIN", "CURVE"}
	socketTypes    = []string{"PUB", "SUB", "XPUB", "XSUB", "PUSH", "PULL", "REQ", "REP", "DEALER", "ROUTER", "PAIR"}
)

// classOf names the class of an error. Of one that no class is for it is the
// type at the end of its chain.
func classOf(err error) string {
	for _, class := range errorClasses {
		if name := class(err); name != "" {
			return name
		}
	}
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	return fmt.Sprintf("%T", err)
}

// typed is the class of errors of type E; detail, which may be nil, parts it.
func typed[E error](name string, detail func(E) string) func(error) string {
	return func(err error) string {
		e, ok := errors.AsType[E](err)
		switch {
		case !ok:
			return ""
		case detail == nil:
			return name
		}
		return name + " " + detail(e)
	}
}

// wraps is the class of errors that wrap target.
func wraps(name string, target error) func(error) string {
	return func(err error) string {
		if errors.Is(err, target) {
			return name
		}
		return ""
	}
}

// known is word if it is one of words, and else nothing.
func known(words []string, word string) string {
	for _, w := range words {
		if w == word {
			return word
		}
	}
	return ""
}

// isOutOfFiles tells whether there was no file descriptor to be had.
func isOutOfFiles(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}
