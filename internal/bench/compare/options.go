package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// options are what the command line says.
type options struct {
	rounds   int
	only     []*regexp.Regexp
	scale    float64 // of the numbers of messages
	markdown bool
	json     bool
	list     bool
	fogmq    string
	deadline time.Duration
	args     []string // all of it, to be run again
}

// quickScale leaves runs of a fifth of a second.
const quickScale = 0.1

func parseOptions(args []string, stderr io.Writer) (options, error) {
	o := options{args: args, scale: 1}
	flags := pflag.NewFlagSet("compare", pflag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.SortFlags = false
	flags.IntVar(&o.rounds, "rounds", 5, "how often each contestant has its turn")
	flags.Usage = func() {
		fmt.Fprintf(stderr, "Takes fogmq, libzmq and others in turn on this machine and compares them.\n\n%s", flags.FlagUsages())
	}
	only := flags.StringSlice("only", nil, "regular expressions; only scenes that one of them is found in")
	quick := flags.Bool("quick", false, "a tenth of the messages: to see that all works, not how fast")
	flags.BoolVar(&o.markdown, "markdown", false, "print Markdown tables")
	flags.BoolVar(&o.json, "json", false, "print all samples as one JSON object")
	flags.BoolVar(&o.list, "list", false, "print the names of the scenes")
	flags.StringVar(&o.fogmq, "fogmq", "", "compare this `binary` (default: build the module's)")
	flags.DurationVar(&o.deadline, "deadline", time.Minute, "how long one turn may take")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if *quick {
		o.scale = quickScale
	}
	return o, o.check(flags.Args(), *only)
}

func (o *options) check(rest, only []string) error {
	if len(rest) > 0 {
		return fmt.Errorf("%q: there are no arguments, only flags; see --help", rest[0])
	}
	if o.rounds < 1 {
		return fmt.Errorf("--rounds %d: there must be one at least", o.rounds)
	}
	for _, expression := range only {
		re, err := regexp.Compile(expression)
		if err != nil {
			return fmt.Errorf("--only: %w", err)
		}
		o.only = append(o.only, re)
	}
	return nil
}

// scaled gives the number of messages for what would be count in a whole run.
func (o options) scaled(count int) int { return max(int(float64(count)*o.scale), 2) }

// wants tells whether a scene was asked for.
func (o options) wants(id string) bool {
	for _, re := range o.only {
		if re.MatchString(id) {
			return true
		}
	}
	return len(o.only) == 0
}

// command is what runs this comparison again.
func (o options) command() string {
	words := []string{"go run ./internal/bench/compare"}
	for _, word := range o.args {
		words = append(words, quoted(word))
	}
	return strings.Join(words, " ")
}

var plainWord = regexp.MustCompile(`^[\w./:,=@%+-]+$`)

// quoted writes a word for a shell.
func quoted(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// turns says how many rounds there are.
func (o options) turns() string {
	if o.rounds == 1 {
		return "1 round"
	}
	return fmt.Sprintf("%d rounds", o.rounds)
}
