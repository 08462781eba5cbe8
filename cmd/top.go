package cmd

import (
	"slices"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fogmq/cmd/internal/help"
	"fogmq/internal/topics"
)

type topFlags struct {
	socketFlags
	codecFlags
	untilFlags
	prefixes []string
	interval time.Duration
	order    string
	reverse  bool
	once     bool
	json     bool
}

// topConfig is what runTop does.
type topConfig struct {
	socket   socketConfig
	codecs   codecPair
	topics   []string // as given
	prefixes []string // to subscribe to
	interval time.Duration
	order    topics.Order
	reverse  bool
	once     bool
	json     bool
	timeout  time.Duration // the longest wait for a first connection; 0 is no limit
}

func newTopCmd(e *env) *cobra.Command {
	var f topFlags
	c := &cobra.Command{
		Use:     "top [flags] [ENDPOINT...]",
		GroupID: groupAround,
		Short:   "Watch what comes under which topic, live",
		Long: `Subscribes to every ENDPOINT and shows a table that is drawn again each second: for each topic the
messages and bytes a second over the last five seconds, how many there were, how long ago the last one came, how the
rate went, and the last value. A topic is the first of several frames, or the first word of one.

Keys: s sorts by the next column (r, b, t, a, n: by rate, bytes, total, age, name), R turns the order around, / filters
by a part of the topic (Enter keeps it, Esc clears it), arrows and PgUp/PgDn scroll, Space holds the picture, c counts
from zero, q ends.

With --once it counts for one --interval from the first connection on, prints the table and ends; with --json as one
object.`,
		Example: `# what does the gateway publish?
fogmq top gateway:5556

# only the sensors, the busiest first, as text, after ten seconds
fogmq top gateway:5556 --topic sensor --once --interval 10

# is the fog alive? ends with 124 if nobody is there within 3 seconds
fogmq top :5556 --once --json -W 3 | jq .msgs_per_s`,
		RunE: func(c *cobra.Command, args []string) error {
			config, err := f.resolve(e, c, args)
			if err != nil {
				return err
			}
			return runTop(c.Context(), e, config)
		},
	}
	f.register(c.Flags(), e)
	return c
}

func (f *topFlags) register(flags *pflag.FlagSet, e *env) {
	fs := flagSet{flags, groupReceived}
	f.socketFlags.register(fs, connects)
	topic := fs.add(&listValue{&f.prefixes, "PREFIX"}, "topic", "t",
		"subscribe to what begins with PREFIX, repeatable (default everything)")
	help.SetNoVariable(topic) // as that of sub
	setGroup(topic, groupReceived)
	f.codecFlags.register(fs, groupReceived, "what payloads are, which decides what is topic in a single frame")
	fs.group = groupShown
	fs.add(newValue(&f.interval, "DURATION", "1s", parseWait), "interval", "i", "how often the table is drawn, and --once counts")
	fs.add(newValue(&f.order, "COLUMN", "rate", oneOf(topics.OrderNames()...)), "sort", "",
		"sort by rate, bytes, total, age or name")
	fs.bool(&f.reverse, "reverse", "r", "turn the order around")
	fs.bool(&f.once, "once", "", "count for one --interval, print the table and end")
	fs.bool(&f.json, "json", "", "with --once: print one JSON object")
	f.registerTimeout(fs, "with --once: give up when nobody is connected for longer, with status 124")
	f.registerRest(fs, e)
}

func (f *topFlags) resolve(e *env, c *cobra.Command, args []string) (topConfig, error) {
	flags := c.Flags()
	for _, arg := range args {
		if err := (&endpointValue{false, &f.list}).Set(arg); err != nil {
			return topConfig{}, usagef("%w", err)
		}
	}
	socket, err := f.socketFlags.resolve(e, flags, zmq4.Sub)
	if err != nil {
		return topConfig{}, err
	}
	codecs, err := f.codecFlags.resolve(flags)
	if err != nil {
		return topConfig{}, err
	}
	switch {
	case f.json && !f.once:
		return topConfig{}, usagef("--json is what --once prints: give --once too")
	case f.timeout > 0 && !f.once:
		return topConfig{}, usagef("--timeout goes with --once")
	case !f.once && !isTerminal(e.stdout):
		return topConfig{}, usagef("stdout is no terminal to show a live table on: --once prints it once")
	}
	prefixes := f.prefixes
	if len(prefixes) == 0 {
		prefixes = []string{""}
	}
	return topConfig{
		socket: socket, codecs: codecs, topics: f.prefixes, prefixes: prefixes, interval: f.interval,
		order: topics.Order(slices.Index(topics.OrderNames(), f.order)), reverse: f.reverse,
		once: f.once, json: f.json, timeout: f.timeout,
	}, nil
}
