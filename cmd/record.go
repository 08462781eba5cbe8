package cmd

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fogmq/cmd/internal/help"
)

// A sideOfType is a socket type that a command may have, and what it does where neither
// --bind nor --connect is given.
type sideOfType struct {
	typ  zmq4.SocketType
	side defaultSide
}

// recordTypes are the sockets that can be listened to without an answer. A REP would
// keep its peers waiting for one, and get no second request.
var recordTypes = map[string]sideOfType{
	"sub": {zmq4.Sub, connects}, "xsub": {zmq4.XSub, connects}, "pull": {zmq4.Pull, connects},
	"dealer": {zmq4.Dealer, connects}, "router": {zmq4.Router, binds}, "pair": {zmq4.Pair, asksForSide},
}

var recordTypeNames = []string{"sub", "xsub", "pull", "dealer", "router", "pair"}

// compressedSuffix ends the name of a recording that is compressed.
const compressedSuffix = ".zst"

type recordingFlags struct {
	socketFlags
	untilFlags
	typ       string
	topics    []string
	compress  bool
	overwrite bool
}

// recordConfig is what runRecord does.
type recordConfig struct {
	socket     socketConfig
	topics     []string // to subscribe to; nil on a socket without
	file       string   // "-" is stdout
	compressed bool
	overwrite  bool
	count      int           // stop after so many messages; 0 is no limit
	timeout    time.Duration // the longest wait for one message; 0 is no limit
}

func newRecordCmd(e *env) *cobra.Command {
	var f recordingFlags
	c := &cobra.Command{
		Use:     "record [flags] FILE",
		GroupID: groupAround,
		Short:   "Keep a stream of messages in a file",
		Long: `Writes what a socket receives to FILE (- is stdout), until -n, -W or Ctrl-C ends it. FILE is jsonl, as -J prints
it: a record a line, with the time at which the message came and all its frames, byte for byte. fogmq replay plays it
back, and jq reads it.

A SUB, which is the default, an XSUB and a PULL are what they are elsewhere. A DEALER, a ROUTER and a PAIR only listen
here, and what a ROUTER receives begins with the routing id of who sent it. Without --bind and --connect a ROUTER binds
to tcp://*:5556, and all others connect to tcp://localhost:5556, but for a PAIR, which needs one of the two.

A FILE that is there is gone on with, if it is a recording. What comes is in it after a second at most. Whatever ends
fogmq, be it kill -9, what was written can be read up to the last whole record; a torn end is cut off when FILE is gone
on with. Where the disk is full, fogmq says how many messages are in FILE, and ends.

A FILE whose name ends in .zst is compressed with Zstandard. A new one is also with --zstd, and an old one is gone on
with as it is. zstd -dc prints it.

Times are those of the clock at the start and of what has passed since: setting the clock does not change the pace.`,
		Example: `# all that is published on this machine, until Ctrl-C
fogmq record stream.jsonl

# channel 2 of a sensor, compressed, for an hour at most of silence
fogmq record -c 192.168.0.5:5556 -t 2 -W 1h sensor.jsonl.zst

# the next thousand tasks of pushers who connect here
fogmq record --type pull --bind :5557 -n 1000 tasks.jsonl

# play it back, ten times as fast
fogmq replay --speed 10 stream.jsonl`,
		Args: oneFile("record to: give a FILE, or - for stdout"),
		RunE: func(c *cobra.Command, args []string) error {
			config, err := f.resolve(e, c.Flags(), args[0])
			if err != nil {
				return err
			}
			return runRecord(c.Context(), e, config)
		},
	}
	f.register(c.Flags(), e)
	return c
}

// oneFile refuses a command line that does not name exactly one. purpose says what
// for.
func oneFile(purpose string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) == 0 || args[0] == "":
			return usagef("no file to %s", purpose)
		case len(args) > 1:
			return usagef("unexpected argument %q: one FILE is enough", args[1])
		}
		return nil
	}
}

func (f *recordingFlags) register(flags *pflag.FlagSet, e *env) {
	fs := flagSet{flags, groupFile}
	f.socketFlags.register(fs, asksForSide)
	fs.group = groupReceived
	fs.add(newValue(&f.typ, "TYPE", "sub", oneOfTypes(recordTypeNames, "record")), "type", "",
		"the socket that listens: sub, xsub, pull, dealer, router or pair")
	topic := fs.add(&listValue{&f.topics, "PREFIX"}, "topic", "t",
		"with sub and xsub: subscribe to what begins with PREFIX, repeatable (default everything)")
	help.SetNoVariable(topic)
	f.registerIdentity(fs)
	fs.group = groupFile
	fs.bool(&f.compress, "zstd", "", "compress a new FILE, as one whose name ends in .zst is, and stdout")
	fs.bool(&f.overwrite, "overwrite", "", "begin anew: what is in FILE is lost")
	f.registerCount(fs, "stop after N messages")
	f.registerTimeout(fs, "give up when one wait for a message takes longer, with status 124")
	f.registerRest(fs, e)
}

// oneOfTypes is oneOf for socket types, and says of others why they are none here.
func oneOfTypes(names []string, verb string) func(string) (string, error) {
	known := oneOf(names...)
	return func(s string) (string, error) {
		typ, err := known(s)
		if err != nil && slices.Contains(socketTypes, strings.ToUpper(s)) {
			return "", fmt.Errorf("a %s can't %s: use one of %s", strings.ToUpper(s), verb, strings.Join(names, ", "))
		}
		return typ, err
	}
}

func (f *recordingFlags) resolve(e *env, flags *pflag.FlagSet, file string) (recordConfig, error) {
	kind := recordTypes[f.typ]
	f.side = kind.side
	socket, err := f.socketFlags.resolve(e, flags, kind.typ)
	if err != nil {
		return recordConfig{}, err
	}
	subscribes := kind.typ == zmq4.Sub || kind.typ == zmq4.XSub
	switch {
	case len(f.topics) > 0 && !subscribes:
		return recordConfig{}, usagef("--topic is for sub and xsub: a %s gets everything", kind.typ)
	case f.identity != "" && kind.typ != zmq4.Dealer && kind.typ != zmq4.Router:
		return recordConfig{}, usagef("%s is for dealer and router: a %s has no routing id to announce", calledBy(flags, "identity"), kind.typ)
	case f.overwrite && file == "-":
		return recordConfig{}, usagef("%s is for a FILE: stdout is what it is", calledBy(flags, "overwrite"))
	}
	topics := f.topics
	if subscribes && len(topics) == 0 {
		topics = []string{""}
	}
	return recordConfig{
		socket: socket, topics: topics, file: file,
		compressed: f.compress || strings.HasSuffix(file, compressedSuffix), overwrite: f.overwrite,
		count: f.count, timeout: f.timeout,
	}, nil
}
