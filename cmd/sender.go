package cmd

import (
	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fogmq/cmd/internal/help"
)

// senderFlags are those of the commands that only send.
type senderFlags struct {
	socketFlags
	inputFlags
	outputFlags
	untilFlags
	topic           string
	waitSubscribers int
}

// senderKind is how the commands that only send differ.
type senderKind struct {
	typ  zmq4.SocketType
	side defaultSide
	// feed is sent where nothing was said; "" is none.
	feed string
	// publishes: the command has --topic and --wait-subscribers.
	publishes bool
}

// senderConfig is what runSender does.
type senderConfig struct {
	socket          socketConfig
	input           inputConfig
	output          outputConfig
	count           int // stop after so many messages; 0 is no limit
	waitSubscribers int // send nothing before so many peers subscribed
}

func (f *senderFlags) register(flags *pflag.FlagSet, e *env, kind senderKind) {
	fs := flagSet{flags, groupSent}
	f.socketFlags.register(fs, kind.side)
	if kind.publishes {
		registerTopic(fs, &f.topic)
	}
	f.inputFlags.register(fs)
	f.registerCount(fs, "stop after N messages")
	f.registerLinger(fs)
	if kind.publishes {
		registerWaitSubscribers(fs, &f.waitSubscribers)
	}
	f.outputFlags.register(fs, groupShown)
	f.registerRest(fs, e)
}

func (f *senderFlags) resolve(e *env, c *cobra.Command, args []string, kind senderKind) (senderConfig, error) {
	flags := c.Flags()
	socket, err := f.socketFlags.resolve(e, flags, kind.typ)
	if err != nil {
		return senderConfig{}, err
	}
	input, err := f.inputFlags.resolve(e, flags, args, kind.typ, kind.feed)
	if err != nil {
		return senderConfig{}, err
	}
	var topics []string
	if flags.Changed("topic") {
		topics = []string{f.topic}
		input.records.Topic, input.records.HasTopic = f.topic, true
	}
	output, err := f.outputFlags.resolve(e, flags, kind.typ, topics, input.codecs)
	if err != nil {
		return senderConfig{}, err
	}
	return senderConfig{socket, input, output, f.countOr(input.once), f.waitSubscribers}, nil
}

// registerTopic is for the commands that publish.
func registerTopic(fs flagSet, topic *string) {
	fs.group = groupSent
	f := fs.add(newText(topic, "TOPIC", ""), "topic", "t",
		`put TOPIC in front: "TOPIC MESSAGE" in one frame, or with -m as a first frame`)
	help.SetNoVariable(f) // FOGMQ_TOPIC tells what --exec runs of its message
}

// registerWaitSubscribers is for the commands that publish.
func registerWaitSubscribers(fs flagSet, n *int) {
	fs.group = groupUntil
	fs.add(newValue(n, "N", "", atLeast(0)), "wait-subscribers", "",
		"send nothing until N peers have subscribed to something")
}
