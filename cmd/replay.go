package cmd

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fogmq/cmd/internal/help"
	"fogmq/internal/recording"
)

// replayTypes are the sockets that may send whenever they like. A REQ and a REP would
// have to wait for the other side between two messages.
var replayTypes = map[string]sideOfType{
	"pub": {zmq4.Pub, binds}, "push": {zmq4.Push, binds},
	"dealer": {zmq4.Dealer, connects}, "router": {zmq4.Router, binds}, "pair": {zmq4.Pair, asksForSide},
}

var replayTypeNames = []string{"pub", "push", "dealer", "router", "pair"}

type replayFlags struct {
	socketFlags
	untilFlags
	play            recording.PlayOptions
	typ             string
	topics          []string
	loop            bool
	skipBad         bool
	waitSubscribers int
	waitPeers       int
}

// replayConfig is what runReplay does.
type replayConfig struct {
	socket          socketConfig
	files           []string // "-" is stdin
	play            recording.PlayOptions
	skipBad         bool
	count           int // stop after so many messages; 0 is no limit
	waitSubscribers int // send nothing before so many peers subscribed
	waitPeers       int // send nothing before so many peers are connected
}

func newReplayCmd(e *env) *cobra.Command {
	var f replayFlags
	c := &cobra.Command{
		Use:     "replay [flags] FILE...",
		GroupID: groupAround,
		Short:   "Play a recorded stream of messages back",
		Long: `Sends the messages of each FILE (- is stdin), one file after another, at the pace at which they came. A FILE is what
fogmq record writes, compressed or not, or any jsonl of this form: that of a proxy's --capture, or what -J prints.

Each message is due when it came after the first one, so that nothing drifts. Where replay is late, because a peer kept
it waiting or there was much at once, it catches up and leaves nothing out. A record without a time, or with one from
before the last, is sent right behind the one in front of it.

A PUB, which is the default, leaves out what a subscriber has no room for: at --speed max, give it --hwm 0, or have a
PUSH, a DEALER or a PAIR send, which wait. What a ROUTER sends begins with the routing id of whom it is for. Answers to
a DEALER, a ROUTER and a PAIR are passed over. Without --bind and --connect a PUB, a PUSH and a ROUTER bind to
tcp://*:5556, a DEALER connects to tcp://localhost:5556, and a PAIR needs one of the two.

After Ctrl-C, replay says how many records it has sent; with --skip it goes on from there. A torn end of a FILE, as a
crash leaves it, is told of and is no failure.`,
		Example: `# as it was, to whoever subscribes in time
fogmq replay --wait-subscribers 1 stream.jsonl

# ten times as fast, over and over
fogmq replay --speed 10 --loop stream.jsonl.zst

# as fast as the pullers take it
fogmq replay --type push --speed max tasks.jsonl

# from the second minute to the third, channel 2 alone
fogmq replay --from 1m --until 3m -t 2 stream.jsonl

# what happened then
fogmq replay --from 2026-11-25T10:00:00Z --max-pause 5 passed.jsonl`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("no file to play: give a FILE that fogmq record made, or - for stdin")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			config, err := f.resolve(e, c.Flags(), args)
			if err != nil {
				return err
			}
			return runReplay(c.Context(), e, config)
		},
	}
	f.register(c.Flags(), e)
	return c
}

func (f *replayFlags) register(flags *pflag.FlagSet, e *env) {
	fs := flagSet{flags, groupPlayed}
	f.socketFlags.register(fs, asksForSide)
	f.registerIdentity(fs)
	fs.group = groupPlayed
	fs.add(newValue(&f.typ, "TYPE", "pub", oneOfTypes(replayTypeNames, "replay")), "type", "",
		"the socket that sends: pub, push, dealer, router or pair")
	fs.add(newValue(&f.play.Speed, "SPEED", "1", parseSpeed), "speed", "",
		"how many times as fast as recorded, such as 10 or 0.5; max is as fast as can be")
	fs.add(newValue(&f.play.MaxPause, "DURATION", "", parseWait), "max-pause", "",
		"make the longer pauses of the recording this long (default as they are)")
	fs.bool(&f.loop, "loop", "", "begin again at the end, until -n or Ctrl-C ends it")
	fs.add(newValue(&f.play.Rounds, "N", "1", atLeast(1)), "rounds", "", "play all N times, each right behind the one before")
	fs.add(newValue(&f.play.From, "WHEN", "", parseBound), "from", "",
		"begin with the first message from this time on, as RFC 3339 has it, or so long after the first one, such as 90s")
	fs.add(newValue(&f.play.Until, "WHEN", "", parseBound), "until", "", "end in front of the first message from then on")
	fs.add(newValue(&f.play.Skip, "N", "", atLeast(0)), "skip", "", "pass over the first N records of all files together")
	topic := fs.add(&listValue{&f.topics, "PREFIX"}, "topic", "t",
		"only messages whose first frame begins with PREFIX, repeatable (default all)")
	help.SetNoVariable(topic)
	fs.bool(&f.skipBad, "skip-bad", "", "report what is no record, pass over it and go on")
	f.registerCount(fs, "stop after N messages")
	registerWaitSubscribers(fs, &f.waitSubscribers)
	fs.add(newValue(&f.waitPeers, "N", "", atLeast(0)), "wait-peers", "", "send nothing until N peers are connected")
	f.registerLinger(fs)
	f.registerRest(fs, e)
}

// parseSpeed reads a factor; max is without a bound.
func parseSpeed(s string) (float64, error) {
	if s == "max" {
		return math.Inf(1), nil
	}
	speed, err := strconv.ParseFloat(s, 64)
	if err != nil || !(speed > 0) || math.IsInf(speed, 0) {
		return 0, errors.New("not a number over 0, such as 10 or 0.5, or max")
	}
	return speed, nil
}

// parseBound reads a time, or a duration since the start.
func parseBound(s string) (recording.Bound, error) {
	if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return recording.Bound{Time: at, Set: true}, nil
	}
	after, err := parseDuration(s)
	if err != nil {
		return recording.Bound{}, errors.New("neither a time, such as 2026-11-25T10:00:00Z, nor a duration since the first message, such as 90s")
	}
	return recording.Bound{After: after, Set: true}, nil
}

func (f *replayFlags) resolve(e *env, flags *pflag.FlagSet, files []string) (replayConfig, error) {
	kind := replayTypes[f.typ]
	f.side = kind.side
	if err := conflict(flags, "loop", "rounds"); err != nil {
		return replayConfig{}, err
	}
	socket, err := f.socketFlags.resolve(e, flags, kind.typ)
	if err != nil {
		return replayConfig{}, err
	}
	switch {
	case f.waitSubscribers > 0 && kind.typ != zmq4.Pub:
		return replayConfig{}, usagef("%s is for pub: give a %s --wait-peers", calledBy(flags, "wait-subscribers"), kind.typ)
	case f.identity != "" && kind.typ != zmq4.Dealer && kind.typ != zmq4.Router:
		return replayConfig{}, usagef("%s is for dealer and router: a %s has no routing id to announce", calledBy(flags, "identity"), kind.typ)
	}
	for i, name := range files {
		switch {
		case name == "":
			return replayConfig{}, usagef("a FILE without a name: give what fogmq record made, or - for stdin")
		case name == "-" && (f.loop || f.play.Rounds > 1):
			return replayConfig{}, usagef("stdin can be played but once: give a FILE, or leave --loop and --rounds away")
		case name == "-" && slices.Contains(files[:i], name):
			return replayConfig{}, usagef("stdin can be played but once: give - once")
		case name == "-" && classifyStdin(e.stdin) != stdinData:
			return replayConfig{}, usagef("there is nothing to play on stdin: pipe a recording into it, or give a FILE")
		}
	}
	if f.loop {
		f.play.Rounds = 0
	}
	for _, topic := range f.topics {
		f.play.Topics = append(f.play.Topics, []byte(topic))
	}
	return replayConfig{
		socket: socket, files: files, play: f.play, skipBad: f.skipBad, count: f.count,
		waitSubscribers: f.waitSubscribers, waitPeers: f.waitPeers,
	}, nil
}
