package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Exit statuses, besides 128+N for signal N.
const (
	statusDone    = 0
	statusFailed  = 1
	statusUsage   = 2
	statusTimeout = 124
)

// usageError is a command line that can't be obeyed.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// timeoutError is the end of a command whose --timeout ran out.
type timeoutError struct{ err error }

func (e *timeoutError) Error() string { return e.err.Error() }
func (e *timeoutError) Unwrap() error { return e.err }

func timeoutf(format string, args ...any) error {
	return &timeoutError{fmt.Errorf(format, args...)}
}

// signalError is the end of a command by a signal. It is the cause of the
// context that commands run under, and is never printed.
type signalError struct{ signal os.Signal }

func (e *signalError) Error() string { return "ended by signal: " + e.signal.String() }

// status is what a shell shows for a process that the signal killed.
func (e *signalError) status() int {
	if n, ok := e.signal.(syscall.Signal); ok {
		return 128 + int(n)
	}
	return statusFailed
}

// exitStatus maps what a command ended with to its exit status.
func exitStatus(err error) int {
	var (
		usage   *usageError
		timeout *timeoutError
		signal  *signalError
	)
	switch {
	case err == nil:
		return statusDone
	case errors.As(err, &signal):
		return signal.status()
	case errors.As(err, &usage):
		return statusUsage
	case errors.As(err, &timeout):
		return statusTimeout
	default:
		return statusFailed
	}
}

// withCause puts the signal that ended ctx in the place of the plain
// context.Canceled that a wait returned for it.
func withCause(ctx context.Context, err error) error {
	var signal *signalError
	if errors.Is(err, context.Canceled) && errors.As(context.Cause(ctx), &signal) {
		return signal
	}
	return err
}

// usageLine is the one line that a usage error is told in.
func usageLine(c *cobra.Command, err error) string {
	message, stop := err.Error(), ";"
	if strings.HasSuffix(message, "?") {
		stop = ""
	}
	return fmt.Sprintf("%s%s see %s --help", message, stop, c.CommandPath())
}

// flagError puts the errors of pflag into our words.
func flagError(c *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		missing *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
	)
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		hint := ""
		if strings.Trim(unknown.GetSpecifiedShortnames(), "0123456789.") == "" {
			hint = " (-- ends the flags: what follows it is a message)"
		}
		return usagef("unknown flag -%s%s", unknown.GetSpecifiedName(), hint)
	case errors.As(err, &unknown):
		name := "--" + unknown.GetSpecifiedName()
		return usagef("unknown flag %s%s", name, suggest(name, flagNames(c)))
	case errors.As(err, &missing):
		return usagef("%s needs a value: %s", flagName(missing.GetFlag()), missing.GetFlag().Value.Type())
	case errors.As(err, &invalid) && isOptional(invalid.GetFlag()): // names the endpoint itself
		return usagef("%s: %w", flagName(invalid.GetFlag()), invalid.Unwrap())
	case errors.As(err, &invalid):
		return usagef("%s %q: %w", flagName(invalid.GetFlag()), invalid.GetValue(), invalid.Unwrap())
	default:
		return &usageError{err}
	}
}

// flagName is what the user called a flag by: its own name or its variable's.
func flagName(f *pflag.Flag) string {
	if name := f.Annotations[variableAnnotation]; name != nil {
		return name[0]
	}
	return "--" + f.Name
}

// calledBy is flagName for a flag by its name.
func calledBy(flags *pflag.FlagSet, name string) string { return flagName(flags.Lookup(name)) }

func flagNames(c *cobra.Command) []string {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, flagName(f))
		}
	})
	return names
}

// conflict is a usage error when more than one of the named flags was given.
func conflict(flags *pflag.FlagSet, names ...string) error {
	var given []string
	for _, name := range names {
		if f := flags.Lookup(name); f != nil && stands(f) {
			given = append(given, flagName(f))
		}
	}
	if len(given) > 1 {
		return usagef("%s exclude each other: give one of them", strings.Join(given, " and "))
	}
	return nil
}
