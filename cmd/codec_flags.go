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
	dtype string
}

// register binds --codec. does is what the codec does on this command.
func (f *codecFlags) register(fs flagSet, group, does string) {
	var specs []string
	for _, spec := range codec.Specs() {
		specs = append(specs, spec.Usage)
	}
	usage := fmt.Sprintf("%s: %s", does, strings.Join(specs, ", "))
	fs.group = group
	fs.add(newText(&f.name, "CODEC", "string"), "codec", "", usage)
}

// registerDType is for commands that encode: an array read from text has no
// type of its own.
func (f *codecFlags) registerDType(fs flagSet, group string) {
	fs.group = group
	fs.add(newText(&f.dtype, "DTYPE", ""), "dtype", "",
		"under --codec ndarray: NumPy's name of the array's type, such as int64, <f4 or bool")
}

func (f *codecFlags) resolve(flags *pflag.FlagSet) (codec.Codec, error) {
	c, err := codec.Parse(f.name, codec.Options{DType: f.dtype})
	if err != nil {
		return nil, usagef("%s: %w", calledBy(flags, "codec"), err)
	}
	return c, nil
}
