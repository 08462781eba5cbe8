package cmd

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fogmq/cmd/internal/help"
)

// readVariables sets the flags that the command line says nothing of from their
// variables, as FOGMQ_HWM sets --hwm. A variable counts as its flag does, but
// gives way to any flag on the line that it does not go with.
func readVariables(c *cobra.Command, getenv func(string) string) error {
	var (
		err  error
		line map[string]bool // what stands there
	)
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if err != nil || f.Changed {
			return
		}
		name := help.Variable(f)
		if name == "" {
			return
		}
		text := getenv(name)
		if text == "" {
			return
		}
		if line == nil {
			line = standing(c.Flags())
		}
		if !slices.ContainsFunc(displacing(f.Name), func(name string) bool { return line[name] }) {
			err = setFromVariable(c, f, name, text)
		}
	})
	return err
}

// standing names the flags that were given.
func standing(flags *pflag.FlagSet) map[string]bool {
	names := map[string]bool{}
	flags.Visit(func(f *pflag.Flag) {
		if stands(f) {
			names[f.Name] = true
		}
	})
	return names
}

// stands tells whether a flag was given, and not as --quiet=false.
func stands(f *pflag.Flag) bool {
	return f.Changed && (f.Value.Type() != "bool" || f.Value.String() == "true")
}

const variableAnnotation = "fogmq_variable"

// setFromVariable sets a flag, which from now on is called by the variable's name.
func setFromVariable(c *cobra.Command, f *pflag.Flag, name, text string) error {
	words := []string{text}
	switch {
	case f.Value.Type() == "bool":
		yes, err := parseYes(text)
		if err != nil {
			return usagef("%s %q: %w", name, text, err)
		}
		if !yes {
			return nil // as all of them are
		}
		words[0] = "true"
	case isRepeatable(f.Value):
		words = strings.Fields(text)
	}
	for _, word := range words {
		if f.Annotations == nil {
			f.Annotations = map[string][]string{}
		}
		f.Annotations[variableAnnotation] = []string{name}
		if err := c.Flags().Set(f.Name, word); err != nil {
			return flagError(c, err)
		}
	}
	return nil
}

// fromVariable tells whether it was its variable that set a flag.
func fromVariable(f *pflag.Flag) bool { return f.Annotations[variableAnnotation] != nil }

// onLine tells whether a flag stands on the command line, by which no variable is
// meant.
func onLine(flags *pflag.FlagSet, name string) bool {
	f := flags.Lookup(name)
	return f.Changed && !fromVariable(f)
}

func parseYes(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "1", "true", "yes", "on":
		return true, nil
	case "0", "false", "no", "off":
		return false, nil
	}
	return false, errors.New("not one of 1, true, yes, on and 0, false, no, off")
}

// isRepeatable tells whether each use of a flag adds to those before it.
func isRepeatable(v pflag.Value) bool {
	switch v.(type) {
	case *listValue, *fileValue, *endpointValue, *sideValue, *prefixValue:
		return true
	}
	return false
}

// displacedBy are the flags that a variable gives way to, besides its own: those
// that exclude its flag, that its flag would go before, and that are what it says
// in another way.
var displacedBy = map[string][]string{
	"bind": {"connect", "transport", "curve"}, "connect": {"bind", "transport", "curve"},
	"transport": {"bind", "connect"}, "curve": {"bind", "connect"},
	"size": {"sizes"}, "sizes": {"size"},
	"file": {"source", "stdin"}, "source": {"file", "stdin"}, "stdin": {"file", "source"},
	"input": {"delimiter", "null"}, "delimiter": {"input", "null"},
	"format": {"jsonl"}, "jsonl": {"format"},
	"echo": {"add", "reply", "exec"}, "add": {"echo", "reply", "exec"},
	"reply": {"echo", "add", "exec"}, "exec": {"echo", "add", "reply", "out-dir"},
	"out-dir": {"exec"},
	"verbose": {"quiet"}, "quiet": {"verbose"},

	"curve-key":           plainNames,
	"curve-peer":          append([]string{"curve-allow"}, plainNames...),
	"curve-allow":         append([]string{"curve-peer"}, plainNames...),
	"plain-user":          append([]string{"plain-users"}, curveNames...),
	"plain-password-file": append([]string{"plain-users"}, curveNames...),
	"plain-users":         append([]string{"plain-user", "plain-password-file"}, curveNames...),
}

// displacing names the flags that the variable of a flag gives way to. That of
// one side of a proxy also does to flags for all sides, which it would hide.
func displacing(name string) []string {
	for _, prefix := range []string{frontPrefix, backPrefix} {
		if own, ok := strings.CutPrefix(name, prefix); ok {
			names := slices.Clone(securityNames)
			for _, other := range displacedBy[own] {
				names = append(names, prefix+other)
			}
			return names
		}
	}
	return displacedBy[name]
}
