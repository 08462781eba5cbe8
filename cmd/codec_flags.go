package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"fogmq/internal/codec"
)

// codecFlags are how text becomes payload bytes and back.
type codecFlags struct {
	name  string
	in    string
	out   string
	dtype string
}

// codecPair is what payloads are made and read by.
type codecPair struct{ sent, received codec.Codec }

// codecUsages are the forms of all codecs, for help.
func codecUsages() string {
	var usages []string
	for _, spec := range codec.Specs() {
		usages = append(usages, spec.Usage)
	}
	return strings.Join(usages, ", ")
}

// register binds --codec. does is what the codec does on this command.
func (f *codecFlags) register(fs flagSet, group, does string) {
	fs.group = group
	fs.add(newText(&f.name, "CODEC", "string"), "codec", "", fmt.Sprintf("%s: %s", does, codecUsages()))
}

// registerDirections is for commands that send and receive payloads.
func (f *codecFlags) registerDirections(fs flagSet) {
	fs.group = groupSent
	fs.add(newText(&f.out, "CODEC", ""), "out-codec", "", "the codec of what goes out (default that of --codec)")
	fs.group = groupReceived
	fs.add(newText(&f.in, "CODEC", ""), "in-codec", "", "the codec of what comes in (default that of --codec)")
}

// registerDType is for commands that encode: an array read from text has no
// type of its own.
func (f *codecFlags) registerDType(fs flagSet, group, codec string) {
	fs.group = group
	fs.add(newText(&f.dtype, "DTYPE", ""), "dtype", "",
		"under "+codec+" ndarray or ndarray:header: NumPy's name of the array's type, such as int64, <f4 or bool")
}

func (f *codecFlags) resolve(flags *pflag.FlagSet) (codecPair, error) {
	sent, err := parseCodec(flags, f.out, "out-codec", f.name, f.dtype)
	if err != nil {
		return codecPair{}, err
	}
	if f.in == "" && f.out == "" {
		return codecPair{sent, sent}, nil
	}
	received, err := parseCodec(flags, f.in, "in-codec", f.name, "")
	return codecPair{sent, received}, err
}

// parseCodec opens the codec that a flag names, or else that of --codec.
func parseCodec(flags *pflag.FlagSet, spec, flag, fallback, dtype string) (codec.Codec, error) {
	if spec == "" {
		spec, flag = fallback, "codec"
	}
	return openCodec(flags, flag, spec, dtype)
}

// openCodec opens the codec that a flag names.
func openCodec(flags *pflag.FlagSet, flag, spec, dtype string) (codec.Codec, error) {
	c, err := codec.Parse(spec, codec.Options{DType: dtype})
	if err != nil {
		return nil, usagef("%s: %w", calledBy(flags, flag), err)
	}
	return c, nil
}
