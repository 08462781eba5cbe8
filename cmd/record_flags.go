package cmd

import (
	"slices"

	"github.com/spf13/pflag"

	"fogmq/internal/shell"
)

var inputNames = []string{"lines", "null", "jsonl", "frames", "raw"}

// recordFlags are how stdin, or an argument, becomes a message.
type recordFlags struct {
	codecFlags
	input          string
	null           bool
	delimiter      []byte
	multipart      bool
	frameDelimiter []byte
	skipBad        bool
}

// register binds the flags. multipart is what --multipart does.
func (f *recordFlags) register(fs flagSet, group, multipart string) {
	fs.group = group
	f.registerSplit(fs, newValue(&f.input, "FORM", "lines", oneOf(inputNames...)),
		"how stdin splits into messages: lines, null (NUL ends each), jsonl and frames (lossless, as "+
			"--format writes them) or raw (all of it is one message)")
	fs.bool(&f.multipart, "multipart", "m", multipart)
	fs.add(newValue(&f.frameDelimiter, "STR", "", parseDelimiter), "frame-delimiter", "",
		"split a record into frames at STR instead of TAB; implies --multipart")
	f.codecFlags.register(fs, group, "how text becomes payload bytes and back")
	f.registerDType(fs, group, "--codec")
	fs.bool(&f.skipBad, "skip-bad", "", "report what the codec can't take, pass over it and go on")
}

// registerSplit binds the flags of how stdin splits.
func (f *recordFlags) registerSplit(fs flagSet, input pflag.Value, usage string) {
	fs.add(input, "input", "", usage)
	fs.bool(&f.null, "null", "0", "NUL ends a record, in and out")
	fs.add(newValue(&f.delimiter, "STR", "", parseDelimiter), "delimiter", "D",
		`STR ends a record of stdin; \n, \t, \0 and \xNN are understood`)
}

// resolve checks the flags against each other and returns what the shell
// package splits and encodes by.
func (f *recordFlags) resolve(flags *pflag.FlagSet) (shell.InputOptions, codecPair, error) {
	if err := conflict(flags, "input", "delimiter"); err != nil {
		return shell.InputOptions{}, codecPair{}, err
	}
	codecs, err := f.codecFlags.resolve(flags)
	if err != nil {
		return shell.InputOptions{}, codecPair{}, err
	}
	o := shell.InputOptions{
		Multipart:      f.splits(),
		FrameDelimiter: f.frameDelimiter,
		Codec:          codecs.sent,
	}
	if o.Multipart && len(o.FrameDelimiter) == 0 {
		o.FrameDelimiter = []byte("\t")
	}
	o.Format, o.Delimiter = f.format(flags)
	return o, codecs, nil
}

// splits tells whether records are of several frames.
func (f *recordFlags) splits() bool { return f.multipart || len(f.frameDelimiter) > 0 }

// format chooses how stdin splits: -0 is the weakest, as it also says how
// output ends.
func (f *recordFlags) format(flags *pflag.FlagSet) (shell.InputFormat, []byte) {
	switch {
	case len(f.delimiter) > 0:
		return shell.Delimited, f.delimiter
	case f.input == "null", f.null && !flags.Changed("input"):
		return shell.Delimited, []byte{0}
	}
	forms := []shell.InputFormat{shell.Lines, shell.Delimited, shell.JSONL, shell.Frames, shell.Raw}
	return forms[slices.Index(inputNames, f.input)], nil
}
