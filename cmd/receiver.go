package cmd

import (
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fogmq/cmd/internal/help"
)

// receiverFlags are those of the commands that only receive.
type receiverFlags struct {
	socketFlags
	outputFlags
	codecFlags
	untilFlags
	topics  []string
	skipBad bool
}

// receiverKind is how the commands that only receive differ.
type receiverKind struct {
	typ        zmq4.SocketType
	side       defaultSide
	subscribes bool // the command has --topic
}

// receiverConfig is what runReceiver does.
type receiverConfig struct {
	socket  socketConfig
	output  outputConfig
	topics  []string      // to subscribe to, at least one ("" is everything); nil on a socket without
	count   int           // stop after so many messages; 0 is no limit
	timeout time.Duration // the longest wait for one message; 0 is no limit
	skipBad bool          // report what the codec can't take and go on
}

func (f *receiverFlags) register(flags *pflag.FlagSet, e *env, kind receiverKind) {
	fs := flagSet{flags, groupReceived}
	f.socketFlags.register(fs, kind.side)
	if kind.subscribes {
		topic := fs.add(&listValue{&f.topics, "PREFIX"}, "topic", "t",
			"subscribe to what begins with PREFIX, repeatable (default everything)")
		help.SetNoVariable(topic) // FOGMQ_TOPIC tells what --exec runs of its message
	}
	f.outputFlags.register(fs, groupReceived)
	f.registerNull(fs)
	f.registerExec(fs)
	f.registerSave(fs)
	f.codecFlags.register(fs, groupReceived, "how payload bytes become text")
	fs.bool(&f.skipBad, "skip-bad", "", "report what the codec can't take, pass over it and go on")
	f.registerCount(fs, "stop after N messages")
	f.registerTimeout(fs, "give up when one wait for a message takes longer, with status 124")
	f.registerRest(fs, e)
}

func (f *receiverFlags) resolve(e *env, c *cobra.Command, kind receiverKind) (receiverConfig, error) {
	flags := c.Flags()
	socket, err := f.socketFlags.resolve(e, flags, kind.typ)
	if err != nil {
		return receiverConfig{}, err
	}
	codecs, err := f.codecFlags.resolve(flags)
	if err != nil {
		return receiverConfig{}, err
	}
	output, err := f.outputFlags.resolve(e, flags, kind.typ, f.topics, codecs)
	if err != nil {
		return receiverConfig{}, err
	}
	topics := f.topics
	if kind.subscribes && len(topics) == 0 {
		topics = []string{""}
	}
	return receiverConfig{socket, output, topics, f.count, f.timeout, f.skipBad}, nil
}
