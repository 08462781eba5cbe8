package cmd

import "github.com/spf13/pflag"

var colorNames = []string{"auto", "always", "never"}

// registerSeeing registers what is said besides messages. The flags go
// straight into the reporter, which every error passes through.
func registerSeeing(fs flagSet, r *reporter) {
	fs.group = groupSeeing
	fs.bool(&r.verbose, "verbose", "v", "tell of connections made, lost and retried, with reasons, on stderr")
	registerQuiet(fs, r)
	fs.bool(&r.stats, "stats", "", "print totals at the end: messages, bytes, drops, seconds")
	registerColor(fs, r)
}

func registerQuiet(fs flagSet, r *reporter) {
	fs.bool(&r.quiet, "quiet", "q", "say nothing on stderr but errors")
}

func registerColor(fs flagSet, r *reporter) {
	fs.group = groupSeeing
	fs.add(newValue(&r.color, "WHEN", "auto", oneOf(colorNames...)), "color", "",
		"colours: auto (on a terminal, unless NO_COLOR is set), always or never")
}

func checkSeeing(flags *pflag.FlagSet) error { return conflict(flags, "verbose", "quiet") }
