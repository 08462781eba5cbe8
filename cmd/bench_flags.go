package cmd

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"fogmq/internal/bench"
	"fogmq/internal/patterns"
)

// transportNames are what both ends of a benchmark can meet over.
var transportNames = []string{patterns.TransportTCP, patterns.TransportIPC, patterns.TransportInproc}

type benchFlags struct {
	endpointFlags
	untilFlags
	limitFlags
	securityFlags
	readyFlags
	transport string
	curve     bool
	sizes     []int
	json      bool
}

func (f *benchFlags) register(flags *pflag.FlagSet, e *env) {
	fs := flagSet{flags, groupEndpoints}
	end := func(isBind bool, name, short, usage, bare string) {
		fs.add(&endpointValue{isBind, &f.list}, name, short, usage+"; without ENDPOINT: "+bare).NoOptDefVal = bare
	}
	end(true, "bind", "b", "be one end alone, listen there, and count (thr) or echo (lat)", patterns.DefaultBind)
	end(false, "connect", "c", "be one end alone, connect there, and send (thr) or ask (lat)", patterns.DefaultConnect)
	fs.add(newValue(&f.transport, "NAME", patterns.TransportTCP, oneOf(transportNames...)), "transport", "",
		"what both ends in this process meet over: tcp, ipc or inproc")
	fs.bool(&f.curve, "curve", "", "have both ends in this process encrypt with CURVE, with keys made for it")
	fs.group = groupMeasured
	fs.add(newValue(&f.sizes, "BYTES", "64", parseBenchSize), "size", "", "size of each message, such as 0, 64, 4K or 1MiB")
	fs.add(newValue(&f.sizes, "BYTES,...", "", parseBenchSizes), "sizes", "", "several sizes, one after the other")
	fs.add(newValue(&f.count, "N", "", atLeast(1)), "count", "n", "messages, or round trips, of each size (default "+countRules()+")")
	fs.group = groupShown
	fs.bool(&f.json, "json", "", "print the result as a JSON object, one line for each size")
	f.registerTimeout(fs, "give up when nothing moved for so long, with status 124")
	f.limitFlags.register(fs)
	f.securityFlags.register(fs)
	registerSeeing(fs, e.report)
	f.readyFlags.register(fs)
}

// maxBenchSize is that of what a peer takes by default.
const maxBenchSize = patterns.DefaultMaxMessage

func parseBenchSize(s string) ([]int, error) {
	n, err := parseSize(s)
	if err == nil && n > maxBenchSize {
		return nil, errors.New("at most 1GiB")
	}
	return []int{int(n)}, err
}

func parseBenchSizes(s string) ([]int, error) {
	var sizes []int
	for word := range strings.SplitSeq(s, ",") {
		size, err := parseBenchSize(strings.TrimSpace(word))
		if err != nil {
			return nil, fmt.Errorf("%q is %w", word, err)
		}
		sizes = append(sizes, size...)
	}
	return sizes, nil
}

func (f *benchFlags) resolve(e *env, flags *pflag.FlagSet, args []string) (benchConfig, error) {
	if err := checkSeeing(flags); err != nil {
		return benchConfig{}, err
	}
	pattern, err := benchPattern(args)
	if err != nil {
		return benchConfig{}, err
	}
	runs, err := f.runs(flags, pattern)
	if err != nil {
		return benchConfig{}, err
	}
	c := benchConfig{
		pattern: pattern, runs: runs, timeout: f.timeout, json: f.json,
		socket: socketConfig{linger: untilWritten, limits: f.limitFlags, security: &f.securityFlags},
	}
	if err := f.place(flags, &c); err != nil || c.transport != "" {
		return c, err
	}
	if err := f.securityFlags.check(flags); err != nil {
		return c, err
	}
	c.socket.ready, err = f.readyFlags.resolve(e, flags, 1)
	return c, err
}

func benchPattern(args []string) (bench.Pattern, error) {
	if len(args) != 1 {
		return bench.Pattern{}, usagef("name one thing to measure: thr or lat")
	}
	for _, p := range bench.Patterns() {
		if p.Name == args[0] {
			return p, nil
		}
	}
	return bench.Pattern{}, usagef("bench %q: not one of %s%s", args[0], strings.Join(benchNames(), ", "), suggest(args[0], benchNames()))
}

// runs makes a run of each size.
func (f *benchFlags) runs(flags *pflag.FlagSet, pattern bench.Pattern) ([]bench.Run, error) {
	if err := conflict(flags, "size", "sizes"); err != nil {
		return nil, err
	}
	if pattern.MaxCount > 0 && f.count > pattern.MaxCount {
		return nil, usagef("%s %d: %s remembers every round trip, %d at most", calledBy(flags, "count"), f.count, pattern.Name, pattern.MaxCount)
	}
	var runs []bench.Run
	for _, size := range f.sizes {
		if int64(size) > f.maxMessage {
			return nil, usagef("a size of %d bytes is over %s %d", size, calledBy(flags, "max-message"), f.maxMessage)
		}
		r := bench.Run{Size: size, Count: f.count}
		if r.Count == 0 {
			r.Count = pattern.Count(size)
		}
		runs = append(runs, r)
	}
	return runs, nil
}

// place says where the ends are.
func (f *benchFlags) place(flags *pflag.FlagSet, c *benchConfig) error {
	for _, pair := range [][]string{
		{"bind", "connect"}, {"transport", "bind"}, {"transport", "connect"}, {"curve", "bind"}, {"curve", "connect"},
	} {
		if err := conflict(flags, pair...); err != nil {
			return err
		}
	}
	switch {
	case len(f.list) == 0 && f.securityFlags.onLine(flags):
		return usagef("both ends are in this process: give --curve to have them encrypt")
	case len(f.list) == 0 && (onLine(flags, "ready-fd") || onLine(flags, "ready-file")):
		return usagef("both ends are in this process: --ready-fd and --ready-file go with --bind or --connect")
	case len(f.list) == 0:
		c.transport, c.curve = f.transport, f.curve
		return nil
	case len(f.list) > 1:
		return usagef("an end has one peer: give one ENDPOINT")
	case f.list[0].Transport == patterns.TransportInproc:
		return usagef("%s reaches nobody outside this process: give --transport inproc instead", f.list[0])
	}
	c.alone = c.pattern.Connected
	if f.list[0].bind {
		c.alone = c.pattern.Bound
	}
	c.socket.typ, c.socket.endpoints = c.alone.Type, f.list
	return nil
}
