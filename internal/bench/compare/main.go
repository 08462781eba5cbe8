// Compare takes fogmq and what else can do its work in turn, A B A B, on this
// machine, and prints the medians of what it measures and the ratios between
// them. It makes sure that every message arrives.
//
//	go run ./internal/bench/compare [--rounds N] [--only EXPR,...] [--quick] [--markdown | --json]
//
// The others are peers of our own in C on libzmq, in Python on pyzmq, and
// Mosquitto's clients and broker; what is not there is left out. The peers are
// in the folder peers. Plain sockets that carry the same bytes, in buffers of
// 64 KiB, show about what the kernel's loopback has to offer.
//
// It exits with 1 if a message was lost or a contestant failed; a goal that is
// missed is no failure.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"github.com/spf13/pflag"
)

func main() {
	// Where the system can end children with their parent, it takes the thread
	// that started them for the parent.
	runtime.LockOSThread()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parseOptions(args, stderr)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "compare: %v\n", err)
		return 2
	case o.list:
		for _, s := range scenes(o) {
			fmt.Fprintln(stdout, s.id)
		}
		return 0
	}
	err = compare(ctx, o, stdout, stderr)
	if err != nil {
		fmt.Fprintf(stderr, "compare: %v\n", err)
	}
	switch {
	case ctx.Err() != nil:
		return 128 + int(syscall.SIGINT)
	case err != nil:
		return 1
	}
	return 0
}

// compare builds what it needs, plays the scenes and reports on them.
func compare(ctx context.Context, o options, stdout, stderr io.Writer) (err error) {
	wanted := scenes(o)
	if len(wanted) == 0 {
		return errors.New("--only: there is no such scene; see --list")
	}
	k, err := newKit(ctx, o.fogmq)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.remove()) }()
	return k.compare(ctx, wanted, o, stdout, stderr)
}

// errFailed is the end of a comparison whose report tells of a failure.
var errFailed = errors.New("not all contestants did what they had to")

// compare plays scenes with what the kit has. What was measured when ctx ends
// is still reported.
func (k *kit) compare(ctx context.Context, wanted []scene, o options, stdout, stderr io.Writer) error {
	r := report{machine: thisMachine(ctx, k), options: o, missing: k.absences()}
	for _, line := range r.missing {
		fmt.Fprintln(stderr, line)
	}
	for _, s := range wanted {
		out := contest(ctx, k, s, o, stderr)
		if ctx.Err() != nil {
			break
		}
		r.outcomes = append(r.outcomes, out)
	}
	if len(r.outcomes) == 0 {
		return context.Cause(ctx)
	}
	if err := errors.Join(context.Cause(ctx), r.write(stdout)); err != nil {
		return err
	}
	if failed := failures(r.outcomes); len(failed) > 0 {
		fmt.Fprintln(stderr, strings.Join(failed, "\n"))
		return errFailed
	}
	return nil
}
