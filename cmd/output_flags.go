package cmd

import (
	"io"
	"strings"

	"github.com/go-zeromq/zmq4"
	"github.com/spf13/pflag"

	"fogmq/internal/shell"
)

var formatNames = []string{"raw", "pretty", "jsonl", "frames", "hex"}

// outputFlags are how messages are shown.
type outputFlags struct {
	format string
	jsonl  bool
	exec   string
	jobs   int
	outDir string
}

func (f *outputFlags) register(fs flagSet, group string) {
	fs.group = group
	fs.add(newText(&f.format, "FORMAT", ""), "format", "F",
		"raw, pretty, jsonl, frames, hex, or a template with %t topic, %p payload, %f all frames, %n number (%06n: with zeros), "+
			"%T time, %l length, %x payload in hex, %i routing id, %% and \\n \\t \\0 \\xNN "+
			"(default pretty on a terminal, raw elsewhere)")
	fs.bool(&f.jsonl, "jsonl", "J", "short for --format jsonl")
}

// registerNull is for commands that read no records, whose -0 is about output
// alone.
func (f *outputFlags) registerNull(fs flagSet) {
	fs.group = groupReceived
	fs.bool(new(bool), "null", "0", "NUL ends a record of output, not a newline")
}

// registerExec is for commands that may hand each message to a program.
func (f *outputFlags) registerExec(fs flagSet) {
	fs.group = groupReceived
	fs.add(newText(&f.exec, "CMD", ""), "exec", "x",
		"run sh -c CMD for each message, with the message on its stdin and FOGMQ_TOPIC, FOGMQ_FRAMES and "+
			"FOGMQ_SEQ in its environment")
	registerJobs(fs, &f.jobs)
}

// registerSave is for commands that may keep each message as a file.
func (f *outputFlags) registerSave(fs flagSet) {
	fs.group = groupReceived
	fs.add(newText(&f.outDir, "DIR", ""), "out-dir", "",
		"keep each message as a file DIR/000001.EXT, with what its bytes tell for EXT (arrays: .npy); or a template "+
			"such as 'DIR/%t-%n.jpg'; nothing is printed unless --format says so")
}

// outputConfig is how messages are shown.
type outputConfig struct {
	shell.OutputOptions
	// shown: a command that only sends prints what it sent, and rep its
	// requests. It holds in pretty and wherever --format was given.
	shown bool
	exec  string // run for each message; "" prints it
	jobs  int
	save  string // keep each message as a file so named; "" prints it
}

// pretty tells whether messages are shown to people.
func (c outputConfig) pretty() bool { return c.Format == "pretty" }

// jsonlName is -J, or the variable that is the same.
func jsonlName(flags *pflag.FlagSet) string {
	if f := flags.Lookup("jsonl"); fromVariable(f) {
		return flagName(f)
	}
	return "-J"
}

// resolve chooses the format and checks it.
func (f *outputFlags) resolve(e *env, flags *pflag.FlagSet, typ zmq4.SocketType, topics []string,
	c codecPair) (outputConfig, error) {
	format := f.format
	switch {
	case f.jsonl && format != "" && format != "jsonl":
		return outputConfig{}, usagef("%s and %s %s exclude each other: give one of them", jsonlName(flags), calledBy(flags, "format"), format)
	case f.jsonl:
		format = "jsonl"
	case flags.Changed("format") && format == "":
		return outputConfig{}, usagef("--format needs a value, such as raw or '%%t: %%p'")
	case format == "" && isTerminal(e.stdout):
		format = "pretty"
	case format == "":
		format = "raw"
	}
	if err := conflict(flags, "exec", "out-dir"); err != nil {
		return outputConfig{}, err
	}
	null, err := flags.GetBool("null") // a sender's is registered with its input
	if err != nil {
		return outputConfig{}, err
	}
	out := outputConfig{
		OutputOptions: shell.OutputOptions{
			Format: format, NUL: null,
			Type: typ, Topics: topics, Codec: c.received, SentCodec: c.sent,
			Color: e.report.colorOn(e.stdout),
		},
		shown: format == "pretty" || f.jsonl || f.format != "",
		exec:  f.exec, jobs: f.jobs, save: f.outDir,
	}
	if _, err := shell.NewPrinter(io.Discard, out.OutputOptions); err != nil {
		hint := ""
		if !strings.ContainsAny(format, `%\`) {
			hint = suggest(format, formatNames)
		}
		return outputConfig{}, usagef("%s %q: %w%s", calledBy(flags, "format"), format, err, hint)
	}
	if out.save != "" {
		if _, err := shell.NewSaver(out.saveOptions()); err != nil {
			return outputConfig{}, usagef("%s %q: %w", calledBy(flags, "out-dir"), out.save, err)
		}
		out.shown = f.jsonl || f.format != ""
	} else if f := flags.Lookup("out-dir"); f != nil && f.Changed {
		return outputConfig{}, usagef("--out-dir needs a value, such as shots or 'shots/%%t-%%n.jpg'")
	}
	return out, nil
}

// saveOptions are how messages are kept as files.
func (c outputConfig) saveOptions() shell.SaveOptions {
	return shell.SaveOptions{Name: c.save, Type: c.Type, Topics: c.Topics, Codec: c.Codec, Now: c.Now}
}

// registerJobs is for the commands that have --exec.
func registerJobs(fs flagSet, jobs *int) {
	fs.add(newValue(jobs, "N", "1", atLeast(1)), "jobs", "", "how many CMDs run at a time")
}
