package cmd

import (
	"bytes"
	"time"

	"github.com/spf13/pflag"

	"fogmq/internal/codec"
	"fogmq/internal/shell"
)

// replyFlags are how rep answers.
type replyFlags struct {
	echo  bool
	add   codec.Number
	reply string
	exec  string
	jobs  int
	delay time.Duration
}

func (f *replyFlags) register(fs flagSet) {
	fs.group = groupReply
	fs.bool(&f.echo, "echo", "", "send the request back")
	fs.add(newValue(&f.add, "NUMBER", "", codec.ParseNumber), "add", "",
		"add NUMBER to every element of an array, or to a number, as NumPy does")
	fs.add(newText(&f.reply, "TEXT", ""), "reply", "", "send TEXT")
	fs.add(newText(&f.exec, "CMD", ""), "exec", "x",
		"run sh -c CMD with the request on its stdin and send what it prints")
	registerJobs(fs, &f.jobs)
	fs.add(newValue(&f.delay, "DURATION", "", parseDuration), "delay", "", "wait before each answer (default none)")
}

// replyKind is the way that rep answers.
type replyKind int

const (
	replyFromStdin replyKind = iota // the next record
	replyEcho
	replyAdd
	replyText
	replyExec
)

// replyConfig is how rep answers.
type replyConfig struct {
	kind   replyKind
	add    codec.Number  // replyAdd
	frames [][]byte      // replyText: the reply as it is sent
	exec   string        // replyExec: a command for sh -c
	jobs   int           // so many of them at a time
	delay  time.Duration // before each answer
	notice string        // what was chosen, when nobody said so; one line for stderr
}

// resolve chooses how requests are answered. records is how stdin splits.
func (f *replyFlags) resolve(e *env, flags *pflag.FlagSet, records shell.InputOptions) (replyConfig, error) {
	if err := conflict(flags, "echo", "add", "reply", "exec"); err != nil {
		return replyConfig{}, err
	}
	if flags.Changed("jobs") && !flags.Changed("exec") {
		return replyConfig{}, usagef("--jobs is how many commands run at a time: give --exec CMD too")
	}
	c := replyConfig{add: f.add, exec: f.exec, jobs: f.jobs, delay: f.delay}
	switch {
	case f.echo:
		c.kind = replyEcho
	case flags.Changed("add"):
		c.kind = replyAdd
	case flags.Changed("exec"):
		c.kind = replyExec
	case flags.Changed("reply"):
		c.kind = replyText
		fields := [][]byte{[]byte(f.reply)}
		if records.Multipart {
			fields = bytes.Split(fields[0], records.FrameDelimiter)
		}
		frames, err := records.Codec.Encode(fields)
		if err != nil {
			return replyConfig{}, usagef("%s %q: %w", calledBy(flags, "reply"), f.reply, err)
		}
		c.frames = frames
	default:
		return f.fromStdin(e, c)
	}
	return c, nil
}

func (f *replyFlags) fromStdin(e *env, c replyConfig) (replyConfig, error) {
	switch classifyStdin(e.stdin) {
	case stdinNothing:
		return c, usagef("nothing to answer with: give --echo, --add N, --reply TEXT or --exec CMD, " +
			"or pipe replies into stdin, one per request")
	case stdinTerminal:
		c.notice = "answering with what is typed, a line per request (--echo, --add, --reply and --exec answer by themselves)"
	}
	return c, nil
}
