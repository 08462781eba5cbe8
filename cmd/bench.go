package cmd

import (
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fogmq/internal/bench"
)

// benchConfig is what runBench does.
type benchConfig struct {
	pattern bench.Pattern
	runs    []bench.Run // at least one, in the order of --sizes
	// transport is what both ends in this process meet over; "" when one end is
	// alone, which then is alone, at the endpoint and of the type of socket.
	transport string
	curve     bool // those two encrypt
	alone     bench.End
	socket    socketConfig
	timeout   time.Duration // the longest time in which nothing moves; 0 is no limit
	json      bool
}

func newBenchCmd(e *env) *cobra.Command {
	var f benchFlags
	c := &cobra.Command{
		Use:     "bench [flags] thr|lat",
		GroupID: groupAround,
		Short:   "Measure throughput and latency",
		Long: `Measures messages between two sockets: thr, how many a second go one way (PUSH to PULL); lat, how long
one takes there and back (REQ to REP).

Without --bind and --connect both ends are in this process. With one of them this is one end alone, and the other
is another fogmq, or one of libzmq's perf tools: thr --bind meets remote_thr and thr --connect meets local_thr,
as lat does remote_lat and local_lat. Either end may start first. Both must be given the same size and count, and
end by themselves. The end that counts (thr --bind) or times (lat --connect) prints the result.

thr has a clock that runs from the first message that the receiver gets to the last. With a count of 1 there is
nothing between them, and the rates are 0, in the table "-". lat prints the round trips that 50, 90 and 99 percent
are no longer than, and the longest, in microseconds.`,
		Example: `# this machine, over loopback TCP; then inside one process, for scripts
fogmq bench thr
fogmq bench lat --transport inproc --json

# a table of sizes
fogmq bench thr --sizes 16,64,1K,64KiB

# a link between two machines: one line there, one here
fogmq bench lat --bind :5556
fogmq bench lat --connect 192.168.0.5:5556

# what CURVE costs
fogmq bench thr --sizes 64,1K,64KiB --curve

# with libzmq at the other end: local_thr tcp://*:5556 64 100000
fogmq bench thr --connect :5556 --size 64 --count 100000`,
		RunE: func(c *cobra.Command, args []string) error {
			config, err := f.resolve(e, c.Flags(), args)
			if err != nil {
				return err
			}
			return runBench(c.Context(), e, config)
		},
	}
	f.register(c.Flags(), e)
	return c
}

// benchNames are the patterns by name.
func benchNames() []string {
	var names []string
	for _, p := range bench.Patterns() {
		names = append(names, p.Name)
	}
	return names
}

// countRules says what --count is by default.
func countRules() string {
	var rules []string
	for _, p := range bench.Patterns() {
		rules = append(rules, p.CountRule())
	}
	return strings.Join(rules, "; ")
}
