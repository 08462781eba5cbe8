package cmd

import (
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fogmq/internal/codec"
	"fogmq/internal/shell"
)

type repFlags struct {
	socketFlags
	recordFlags
	outputFlags
	untilFlags
	replyFlags
}

// repConfig is what runRep does.
type repConfig struct {
	socket  socketConfig
	reply   replyConfig
	records shell.InputOptions // how stdin splits into replies, and their codec
	codecs  codecPair
	output  outputConfig
	count   int           // stop after so many exchanges; 0 is no limit
	timeout time.Duration // the longest wait for a request; 0 is no limit
	skipBad bool          // of records of stdin
}

func newRepCmd(e *env) *cobra.Command {
	var f repFlags
	c := &cobra.Command{
		Use:     "rep [flags]",
		GroupID: groupReqRep,
		Short:   "Answer requests",
		Long: `Answers each request in the way that one of --echo, --add, --reply and --exec says, or else with the
next record of stdin. A request that can't be answered so gets one frame "error: ..." for a reply, is told of on
stderr, and the next one is served.`,
		Example: `# add 1 to every element of the arrays that "fogmq req --multipart" sends
fogmq rep --add 1

# a server that many may connect to, in one line
fogmq rep --bind :5556 --exec 'tr a-z A-Z'

# the same for slow commands: four at a time
fogmq rep --bind :5556 --exec ./recognise --jobs 4

# always the same answer, a second later
fogmq rep --connect 192.168.0.5:5556 --reply OK --delay 1`,
		Args: noArgs("the text to answer with goes with --reply"),
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := f.resolve(e, c)
			if err != nil {
				return err
			}
			return runRep(c.Context(), e, config)
		},
	}
	f.register(c.Flags(), e)
	return c
}

func (f *repFlags) register(flags *pflag.FlagSet, e *env) {
	fs := flagSet{flags, groupReply}
	f.socketFlags.register(fs, connects)
	f.replyFlags.register(fs)
	f.recordFlags.register(fs, groupReply, "answers of several frames: TEXT, or a record, is split at TAB")
	f.registerDirections(fs)
	f.outputFlags.register(fs, groupShown)
	f.registerCount(fs, "stop after N exchanges")
	f.registerTimeout(fs, "give up when one wait for a request takes longer, with status 124")
	f.registerLinger(fs)
	f.registerRest(fs, e)
}

func (f *repFlags) resolve(e *env, c *cobra.Command) (repConfig, error) {
	flags := c.Flags()
	socket, err := f.socketFlags.resolve(e, flags, zmq4.Rep)
	if err != nil {
		return repConfig{}, err
	}
	records, codecs, err := f.recordFlags.resolve(flags)
	if err != nil {
		return repConfig{}, err
	}
	reply, err := f.replyFlags.resolve(e, flags, records)
	if err != nil {
		return repConfig{}, err
	}
	if reply.kind == replyAdd && (codec.IsMessage(codecs.received) || codec.IsMessage(codecs.sent)) {
		return repConfig{}, usagef("--add takes numbers and arrays, and payloads under protobuf are messages: " +
			"answer with --exec CMD, which reads and prints them as JSON")
	}
	output, err := f.outputFlags.resolve(e, flags, zmq4.Rep, nil, codecs)
	if err != nil {
		return repConfig{}, err
	}
	return repConfig{socket, reply, records, codecs, output, f.count, f.timeout, f.skipBad}, nil
}
