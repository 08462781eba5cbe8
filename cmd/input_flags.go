package cmd

import (
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/spf13/pflag"

	"fogmq/internal/shell"
)

var sourceNames = []string{"number", "alphabet", "matrix", "stdin"}

// inputFlags are what a sender sends.
type inputFlags struct {
	recordFlags
	files    []string
	source   string
	stdin    bool
	channels int
	interval time.Duration
}

func (f *inputFlags) register(fs flagSet) {
	fs.group = groupSent
	fs.add(&fileValue{listValue{&f.files, "FILE"}}, "file", "f",
		"send the whole file as one message, byte for byte, repeatable; DIR/*.jpg is one message a file; - is stdin")
	fs.add(newValue(&f.source, "SOURCE", "", oneOf(sourceNames...)), "source", "",
		"send one of the feeds number, alphabet and matrix, or stdin")
	fs.bool(&f.stdin, "stdin", "l", "short for --source stdin")
	fs.add(newValue(&f.channels, "N", "3", atLeast(1)), "channels", "", "channels of the feed number")
	fs.add(newValue(&f.interval, "DURATION", "", parseDuration), "interval", "i",
		"pause between messages (default 1s between the rounds of a feed, else none)")
	f.recordFlags.register(fs, groupSent,
		"messages of several frames: the arguments are the frames of one message, a record is split at TAB")
}

// origin is where a sender takes its messages from.
type origin int

const (
	fromArgs origin = iota
	fromFiles
	fromFeed
	fromStdin
)

// inputConfig is what a sender sends.
type inputConfig struct {
	origin   origin
	args     []string // fromArgs
	files    []string // fromFiles; "-" is stdin
	feed     string   // fromFeed: number, alphabet or matrix
	channels int      // fromFeed
	notice   string   // what was chosen, when nobody said so; one line for stderr

	records  shell.InputOptions
	codecs   codecPair
	interval time.Duration // between messages, or rounds of a feed
	once     bool          // the feed is sent once unless --count says more
	skipBad  bool
}

// resolve chooses what is sent, in the contract's order of precedence.
// defaultFeed is the feed that the command sends where stdin has nothing to
// say, and "" if it has none.
func (f *inputFlags) resolve(e *env, flags *pflag.FlagSet, args []string, typ zmq4.SocketType,
	defaultFeed string) (inputConfig, error) {
	if err := conflict(flags, "source", "stdin"); err != nil {
		return inputConfig{}, err
	}
	records, codecs, err := f.recordFlags.resolve(flags)
	if err != nil {
		return inputConfig{}, err
	}
	records.Type = typ
	c := inputConfig{
		args: args, files: f.files, channels: f.channels,
		records: records, codecs: codecs, interval: f.interval, skipBad: f.skipBad,
	}
	switch {
	case len(args) > 0:
		c.origin = fromArgs
	case len(f.files) > 0:
		c.origin = fromFiles
	case f.stdin || f.source == "stdin":
		c.origin = fromStdin
	case f.source != "":
		c.origin, c.feed = fromFeed, f.source
	default:
		if err := c.chooseByStdin(classifyStdin(e.stdin), defaultFeed); err != nil {
			return inputConfig{}, err
		}
	}
	if c.origin == fromFeed {
		c.once = c.feed == "matrix"
		if !flags.Changed("interval") {
			c.interval = time.Second
		}
	}
	return c, nil
}

// chooseByStdin decides for a command line that does not say what to send.
func (c *inputConfig) chooseByStdin(kind stdinKind, defaultFeed string) error {
	switch {
	case kind == stdinData:
		c.origin = fromStdin
	case defaultFeed != "":
		c.origin, c.feed = fromFeed, defaultFeed
		c.notice = "sending the feed " + defaultFeed + " (give a MESSAGE, --file, --source or -l for stdin to send something else)"
	case kind == stdinTerminal:
		c.origin = fromStdin
		c.notice = "sending what is typed, a message a line (Ctrl-D ends it; a MESSAGE, --file or --source sends something else)"
	default:
		return usagef("nothing to send: give a MESSAGE, --file FILE, --source number|alphabet|matrix, or pipe records into stdin")
	}
	return nil
}
