package cmd

import (
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A completer gives what TAB offers for a word that begins with what is typed of
// it: words, each with a TAB and a description where it has one.
type completer = cobra.CompletionFunc

// completes tells whether a shell's completion script asks for words.
func completes(args []string) bool {
	return len(args) > 1 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// completionRequest puts what a completion script asks into the words that cobra
// reads as the contract does.
func completionRequest(root *cobra.Command, args []string) []string {
	typed, word := args[1:len(args)-1], args[len(args)-1]
	c, words, _ := findCommand(root, typed)
	if flag := awaiting(c.Flags(), typed[words:]); flag != "" && !strings.HasPrefix(word, "-") {
		word = "--" + flag + "=" + word
	}
	return slices.Concat(args[:1], prepare(c, typed, words), []string{word})
}

// awaiting names the flag with an optional value that ends the words, so that the
// next one may be its value; "" if there is none.
func awaiting(flags *pflag.FlagSet, words []string) string {
	const any = "tcp://any:1"
	read := normalise(flags, append(slices.Clone(words), any))
	name, found := strings.CutSuffix(read[len(read)-1], "="+any)
	if !found {
		return ""
	}
	return strings.TrimPrefix(name, "--")
}

// completeAll makes TAB offer the values of flags and the arguments of commands.
func completeAll(e *env, root *cobra.Command) error {
	for _, c := range append(root.Commands(), root) {
		if c.HasParent() && c.ValidArgsFunction == nil {
			c.ValidArgsFunction = argumentCompleter(e, c)
		}
		for _, f := range valueFlags(c) {
			if err := c.RegisterFlagCompletionFunc(f.Name, flagCompleter(e, f)); err != nil {
				return err
			}
		}
	}
	return nil
}

// valueFlags are the flags of a command that take a value.
func valueFlags(c *cobra.Command) (flags []*pflag.Flag) {
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if f.NoOptDefVal == "" || isOptional(f) {
			flags = append(flags, f)
		}
	})
	return flags
}

// flagCompleter finds the completer of a flag by its name, or else by what stands
// for its value in help.
func flagCompleter(e *env, f *pflag.Flag) completer {
	name := f.Name
	for _, side := range []string{"frontend-", "backend-"} { // of a proxy
		name = strings.TrimPrefix(name, side)
	}
	if complete := valueCompleters[name]; complete != nil {
		return complete
	}
	switch v := f.Value.(type) {
	case *endpointValue:
		return offer(func(word string) []string { return e.endpointWords(v.bind, word) })
	case *sideValue:
		return offer(e.sideWords)
	}
	switch kind := f.Value.Type(); {
	case kind == "FILE|ENDPOINT":
		return e.completeCapture
	case strings.Contains(kind, "FILE"), strings.Contains(kind, "DIR"), kind == "CMD":
		return anyFile
	}
	return nothing
}

// argumentCompleter finds the completer of a command's arguments by its name, or
// else by what stands for them in help.
func argumentCompleter(e *env, c *cobra.Command) completer {
	switch complete := argumentCompleters[c.Name()]; {
	case complete != nil:
		return complete
	case strings.Contains(c.Use, " FILE"):
		return anyFile
	case strings.Contains(c.Use, " ENDPOINT..."):
		return othersThan(offer(func(word string) []string { return e.endpointWords(false, word) }))
	}
	return nothing
}

// nothing is the completer of what nobody can guess, such as a message.
func nothing(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveNoFileComp
}

// anyFile leaves it to the shell to offer the names of files.
func anyFile(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

// offer makes a completer of what gives words, which need not all fit.
func offer(words func(typed string) []string) completer {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return fitting(words(typed), typed)
	}
}

// choices makes a completer of a few words.
func choices(words ...string) completer {
	return offer(func(string) []string { return words })
}

// atFirst offers something for the first argument alone.
func atFirst(complete completer) completer {
	return func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nothing(c, args, typed)
		}
		return complete(c, args, typed)
	}
}

// othersThan offers what is not among the arguments yet.
func othersThan(complete completer) completer {
	return func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		words, directive := complete(c, args, typed)
		return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(args, bare(w)) }), directive
	}
}

// fitting returns the words that begin as typed, each once. A word that ends as only
// a part does is left open: no space follows it. Words that can't stand in a line, or
// that a terminal would obey, are left out.
func fitting(words []string, typed string) ([]string, cobra.ShellCompDirective) {
	var fit []string
	directive := cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	seen, open := map[string]bool{}, true
	for _, w := range words {
		name := bare(w)
		if !strings.HasPrefix(name, typed) || seen[name] || strings.TrimSpace(name) != name || !isPrintable(name) {
			continue
		}
		seen[name] = true
		fit = append(fit, w)
		open = open && strings.HasSuffix(name, ":") || open && strings.HasSuffix(name, "/")
	}
	if open && len(fit) > 0 {
		directive |= cobra.ShellCompDirectiveNoSpace
	}
	return fit, directive
}

// bare is a word without its description.
func bare(word string) string {
	name, _, _ := strings.Cut(word, "\t")
	return name
}

func isPrintable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}
