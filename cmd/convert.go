package cmd

import (
	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fogmq/internal/codec"
	"fogmq/internal/shell"
)

// convertFlags are those of convert: what it reads is under one codec, what it
// writes under another.
type convertFlags struct {
	inputFlags
	outputFlags
	untilFlags
	from string
	to   string
}

// convertConfig is what runConvert does.
type convertConfig struct {
	input      inputConfig
	output     outputConfig
	conversion codec.Conversion
	bare       bool // nothing stands between the records that are written
	count      int  // stop after so many; 0 is no limit
}

func newConvertCmd(e *env) *cobra.Command {
	var f convertFlags
	c := &cobra.Command{
		Use:     "convert [flags] [MESSAGE...]",
		GroupID: groupAround,
		Short:   "Turn payloads of one codec into those of another",
		Long: `Reads payloads under the codec --from and writes them under the codec --to. Each MESSAGE, or else each
FILE of --file, is one payload. Of stdin, unless --input says how it splits, each line is one under string, hex and
base64; values follow one another under json, msgpack, cbor, pickle, int, uint and float; and all of it is one under
the others.

Text is written with a newline behind it, anything else with nothing between, so that it is what it says in a file.
--format jsonl and frames keep records apart whatever they are. Under hex and base64 it is the digits that are read or
written.`,
		Example: `# what is in a pickle, without running it
fogmq convert --from pickle --file model.pkl | jq .

# JSON lines into MessagePack, and back
fogmq convert --from json --to msgpack < readings.json > readings.msgpack
fogmq convert --from msgpack --to json < readings.msgpack

# an array of NumPy's as nested lists
fogmq convert --from ndarray --to json --file image.npy

# the other way round
fogmq convert --to ndarray '[[0, 1, 2], [2, 1, 0]]' > matrix.npy`,
		RunE: func(c *cobra.Command, args []string) error {
			config, err := f.resolve(e, c, args)
			if err != nil {
				return err
			}
			return runConvert(c.Context(), e, config)
		},
	}
	f.register(c.Flags(), e)
	return c
}

func (f *convertFlags) register(flags *pflag.FlagSet, e *env) {
	fs := flagSet{flags, groupRead}
	fs.add(newText(&f.from, "CODEC", "string"), "from", "", "the codec of what is read: "+codecUsages())
	fs.add(&fileValue{listValue{&f.files, "FILE"}}, "file", "f",
		"read the whole file as one payload, repeatable; DIR/*.npy is one payload a file; - is stdin")
	f.input = "lines"
	f.registerSplit(fs, newValue(&f.input, "FORM", "", oneOf(inputNames...)),
		"how stdin splits: lines, null (NUL ends each), jsonl and frames (lossless, as --format writes them) or raw "+
			"(default as --from needs it)")
	fs.bool(&f.skipBad, "skip-bad", "", "report what a codec can't take, pass over it and go on")
	fs.group = groupWritten
	fs.add(newText(&f.to, "CODEC", "string"), "to", "", "the codec of what is written")
	f.registerDType(fs, groupWritten, "--to")
	f.outputFlags.register(fs, groupWritten)
	f.registerCount(fs, "stop after N records")
	fs.group = groupSeeing
	registerQuiet(fs, e.report)
	registerColor(fs, e.report)
}

func (f *convertFlags) resolve(e *env, c *cobra.Command, args []string) (convertConfig, error) {
	flags := c.Flags()
	from, err := openCodec(flags, "from", f.from, "")
	if err != nil {
		return convertConfig{}, err
	}
	to, err := openCodec(flags, "to", f.to, f.dtype)
	if err != nil {
		return convertConfig{}, err
	}
	input, err := f.readFrom(e, flags, args)
	if err != nil {
		return convertConfig{}, err
	}
	if !flags.Changed("input") && !flags.Changed("delimiter") && !f.null {
		input.records.Format, input.records.First, input.records.Text = splitFor(from)
	}
	output, err := f.outputFlags.resolve(e, flags, zmq4.Pair, nil, input.codecs)
	if err != nil {
		return convertConfig{}, err
	}
	bare := !codec.IsText(to) && !f.null && f.format == "" && !f.jsonl
	if !flags.Changed("format") && !f.jsonl {
		output.Format = "raw"
	}
	return convertConfig{input, output, codec.NewConversion(from, to), bare, f.count}, nil
}

// readFrom says where payloads come from.
func (f *convertFlags) readFrom(e *env, flags *pflag.FlagSet, args []string) (inputConfig, error) {
	kind := stdinData
	if len(args)+len(f.files) == 0 {
		kind = classifyStdin(e.stdin)
	}
	if kind == stdinNothing {
		return inputConfig{}, usagef("nothing to convert: give a MESSAGE or --file FILE, or pipe payloads into stdin")
	}
	read := f.inputFlags
	read.codecFlags = codecFlags{name: "string"} // payloads are read as they are
	read.stdin = true
	input, err := read.resolve(e, flags, args, zmq4.Pair, "")
	if kind == stdinTerminal {
		input.notice = "reading what is typed (Ctrl-D ends it)"
	}
	return input, err
}

// splitFor tells how a stream of payloads under a codec splits, where nobody says.
func splitFor(c codec.Codec) (format shell.InputFormat, first func([]byte) (int, error), text bool) {
	sequence, ok := c.(codec.Sequence)
	switch {
	case ok:
		return shell.Values, sequence.First, codec.IsText(c)
	case codec.IsText(c):
		return shell.Lines, nil, false
	}
	return shell.Raw, nil, false
}
