package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"fogmq/cmd/internal/help"
)

// variableRules are how variables set flags.
const variableRules = `Each long flag of a command has a variable, which is its name in capitals, with FOGMQ_ in front and _ for each hyphen:
FOGMQ_MAX_MESSAGE sets --max-message. A variable counts as if its flag were given, but flags on the command line win.
What stands there also keeps the variables of flags that it excludes, or does not go with, from counting.
With any --bind or --connect on the line, neither FOGMQ_BIND nor FOGMQ_CONNECT counts, and with flags of one security
mechanism no variable of another one does.

A flag that may be repeated takes several values, separated by white space. One that takes no value is set by 1, true,
yes or on, and left alone by 0, false, no or off. An empty variable is as one that is not set. A variable of a flag
that a command does not have means nothing to it. --topic has none: see below.`

// execRules are the variables that go the other way.
const execRules = `What --exec runs for a message finds FOGMQ_TOPIC (not where there is no topic, or one over 4 KiB or with a NUL), FOGMQ_FRAMES,
the number of frames, and FOGMQ_SEQ, which counts messages from 1. They mean nothing to fogmq itself. All other variables
are passed on as they are, but for FOGMQ_READY_FD and FOGMQ_READY_FILE.`

// otherVariables are those that set no flag.
var otherVariables = []struct{ name, meaning string }{
	{"NO_COLOR", "If it is set and not empty, nothing is coloured but with --color always."},
	{"TERM", "On a terminal that is dumb nothing is coloured and no progress is shown."},
}

// manEnvironment writes what variables a command reads. The page of fogmq has
// them all, and the rules; that of a command its own.
func manEnvironment(r *roff, c *cobra.Command) {
	names := variablesOf(c)
	if len(names) == 0 {
		return
	}
	r.macro("SH", "ENVIRONMENT")
	if c.HasParent() {
		r.prose("These set the long flags of their names; flags win. fogmq(1) has the rules.")
		r.macro("PP")
		r.prose(strings.Join(names, ",\n") + ".")
		return
	}
	for _, paragraph := range strings.Split(variableRules, "\n\n") {
		r.prose(paragraph)
		r.macro("PP")
	}
	r.prose("All that set flags:\n" + strings.Join(names, ",\n") + ".")
	r.macro("PP")
	r.prose(execRules)
	for _, v := range otherVariables {
		r.item(bold(v.name), v.meaning)
	}
}

// variablesOf names the variables of a command, or of all below it, in the order
// of the alphabet.
func variablesOf(c *cobra.Command) []string {
	names := help.Variables(c.Flags())
	for _, child := range c.Commands() {
		names = append(names, variablesOf(child)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
