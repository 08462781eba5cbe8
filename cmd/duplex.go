package cmd

import (
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// duplexFlags are those of the commands that send and print at the same time.
type duplexFlags struct {
	socketFlags
	inputFlags
	outputFlags
	untilFlags
	topic           string
	waitSubscribers int
	mandatory       bool
	handover        bool
	verboseSubs     bool
}

// duplexKind is how the commands that send and print at the same time differ.
type duplexKind struct {
	typ  zmq4.SocketType
	side defaultSide
	// identifies: the command has --identity.
	identifies bool
}

// routes tells whether the first frame of each message is a routing id.
func (k duplexKind) routes() bool { return k.typ == zmq4.Router }

// publishes tells whether the command goes on until all is sent, as pub does,
// and what it prints are subscriptions.
func (k duplexKind) publishes() bool { return k.typ == zmq4.XPub }

// duplexConfig is what runDuplex does.
type duplexConfig struct {
	socket          socketConfig
	input           inputConfig
	output          outputConfig
	count           int           // stop after so many messages: received, or sent where untilSent
	timeout         time.Duration // the longest wait for one message; 0 is no limit
	untilSent       bool          // stop when all is sent
	waitSubscribers int           // send nothing before so many peers subscribed
}

func (f *duplexFlags) register(flags *pflag.FlagSet, e *env, kind duplexKind) {
	fs := flagSet{flags, groupSent}
	f.socketFlags.register(fs, kind.side)
	if kind.identifies {
		f.registerIdentity(fs)
	}
	if kind.publishes() {
		registerTopic(fs, &f.topic)
	}
	f.inputFlags.register(fs)
	if kind.routes() {
		fs.bool(&f.mandatory, "mandatory", "", "make a routing id that no peer has an error; otherwise such a message is dropped")
		fs.group = groupEndpoints
		fs.bool(&f.handover, "handover", "", "give a routing id to the last peer that announces it, not to the first")
	}
	f.outputFlags.register(fs, groupReceived)
	f.registerExec(fs)
	if !kind.publishes() {
		f.registerDirections(fs)
		f.registerSave(fs) // what an XPUB receives are subscriptions
	}
	if kind.publishes() {
		fs.group = groupReceived
		fs.bool(&f.verboseSubs, "verbose-subscriptions", "", "print repeated subscriptions too, not only the first and last of a topic")
		f.registerCount(fs, "stop after N messages sent")
		registerWaitSubscribers(fs, &f.waitSubscribers)
	} else {
		f.registerCount(fs, "stop after N messages received")
		f.registerTimeout(fs, "give up when one wait for a message takes longer, with status 124")
	}
	f.registerLinger(fs)
	f.registerRest(fs, e)
}

func (f *duplexFlags) resolve(e *env, c *cobra.Command, args []string, kind duplexKind) (duplexConfig, error) {
	flags := c.Flags()
	socket, err := f.socketFlags.resolve(e, flags, kind.typ)
	if err != nil {
		return duplexConfig{}, err
	}
	socket.mandatory, socket.handover, socket.verboseSubs = f.mandatory, f.handover, f.verboseSubs
	if kind.routes() {
		f.multipart = true
	}
	input, err := f.inputFlags.resolve(e, flags, args, kind.typ, "")
	if err != nil {
		return duplexConfig{}, err
	}
	var topics []string
	if kind.publishes() && flags.Changed("topic") {
		topics = []string{f.topic}
		input.records.Topic, input.records.HasTopic = f.topic, true
	}
	output, err := f.outputFlags.resolve(e, flags, kind.typ, topics, input.codecs)
	if err != nil {
		return duplexConfig{}, err
	}
	count := f.count
	if kind.publishes() {
		count = f.countOr(input.once)
	}
	return duplexConfig{socket, input, output, count, f.timeout, kind.publishes(), f.waitSubscribers}, nil
}
