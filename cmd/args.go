package cmd

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fogmq/internal/patterns"
)

// findCommand follows the words in front of args down the tree of commands
// and returns the command they name, how many there were, and whether a word
// is left that names nothing where a command was due.
func findCommand(root *cobra.Command, args []string) (c *cobra.Command, words int, known bool) {
	c = root
	for c.HasSubCommands() && words < len(args) && !strings.HasPrefix(args[words], "-") {
		next := childNamed(c, args[words])
		if next == nil {
			return c, words, false
		}
		c, words = next, words+1
	}
	return c, words, true
}

func childNamed(c *cobra.Command, name string) *cobra.Command {
	for _, child := range c.Commands() {
		if child.Name() == name || child.HasAlias(name) {
			return child
		}
	}
	return nil
}

// normalise rewrites a command's arguments so that pflag reads them as the
// contract does: a word after a flag whose value is optional becomes its value
// if it reads as an endpoint, and -C becomes -n. What is the value of another
// flag, or stands behind "--", is left alone. Files that a shell made of a
// pattern behind --file all become values of it.
func normalise(flags *pflag.FlagSet, args []string) []string {
	out := make([]string, 0, len(args))
	for len(args) > 0 {
		word := args[0]
		switch {
		case word == "--":
			return append(out, args...)
		case strings.HasPrefix(word, "--"):
			words, used := normaliseLong(flags, args)
			out, args = append(out, words...), args[used:]
		case strings.HasPrefix(word, "-") && word != "-":
			words, used := normaliseCluster(flags, args)
			out, args = append(out, words...), args[used:]
		default:
			out, args = append(out, word), args[1:]
		}
	}
	return out
}

// normaliseLong handles --name at the front of args. It returns the words for
// pflag and how many of args they stand for.
func normaliseLong(flags *pflag.FlagSet, args []string) (words []string, used int) {
	name, _, hasValue := strings.Cut(args[0][2:], "=")
	flag := flags.Lookup(name)
	switch {
	case flag == nil || hasValue:
		return args[:1], 1
	case isOptional(flag):
		return optionalValue(flag, args)
	case flag.NoOptDefVal == "" && len(args) > 1:
		return wordsOf(flag, args)
	default:
		return args[:1], 1
	}
}

// normaliseCluster handles one or more short flags in the word at the front of
// args, such as -v, -n5, -n=5, -c:5556 or -vc.
func normaliseCluster(flags *pflag.FlagSet, args []string) (words []string, used int) {
	for rest := args[0][1:]; rest != ""; rest = rest[1:] {
		flag := shorthand(flags, rest[0])
		switch {
		case flag == nil: // pflag tells of it
			return append(words, "-"+rest), 1
		case isOptional(flag):
			value := rest[1:]
			if value == "" {
				more, used := optionalValue(flag, args)
				return append(words, more...), used
			}
			if isEndpointValue(flags, value) {
				return append(words, "--"+flag.Name+"="+strings.TrimPrefix(value, "=")), 1
			}
			words = append(words, "--"+flag.Name)
		case flag.NoOptDefVal != "":
			if strings.HasPrefix(rest[1:], "=") {
				return append(words, "--"+flag.Name+rest[1:]), 1
			}
			words = append(words, "--"+flag.Name)
		case len(rest) > 1:
			return append(words, "--"+flag.Name+"="+strings.TrimPrefix(rest[1:], "=")), 1
		case len(args) > 1:
			more, used := wordsOf(flag, args)
			return append(words, more...), used
		default:
			return append(words, "--"+flag.Name), 1
		}
	}
	return words, 1
}

// wordsOf handles a flag that ends the word at the front of args and whose value
// is the next word, or several where they are files that a shell put there for a
// pattern.
func wordsOf(flag *pflag.Flag, args []string) (words []string, used int) {
	words, used = []string{"--" + flag.Name, args[1]}, 2
	if _, ok := flag.Value.(*fileValue); !ok {
		return words, used
	}
	for _, file := range expansion(args[1:])[1:] {
		words, used = append(words, "--"+flag.Name, file), used+1
	}
	return words, used
}

// expansion returns the first of words and those behind it that a shell can have
// made of one pattern: files that are there, and folders beside them. A lone word
// that happens to name a folder is a message.
func expansion(words []string) []string {
	if _, err := os.Stat(words[0]); err != nil {
		return words[:1]
	}
	end := 1
	for end < len(words) && !strings.HasPrefix(words[end], "-") {
		info, err := os.Stat(words[end])
		beside := filepath.Dir(words[end]) == filepath.Dir(words[end-1]) && (end > 1 || strings.Contains(words[0], "/"))
		if err != nil || !info.Mode().IsRegular() && !(info.IsDir() && beside) {
			break
		}
		end++
	}
	return words[:end]
}

// optionalValue handles a flag with an optional value that ends the word at
// the front of args: the next word is its value if it reads as an endpoint.
func optionalValue(flag *pflag.Flag, args []string) (words []string, used int) {
	if len(args) > 1 && !strings.HasPrefix(args[1], "-") && patterns.LooksLikeEndpoint(args[1]) {
		return []string{"--" + flag.Name + "=" + args[1]}, 2
	}
	return []string{"--" + flag.Name}, 1
}

// isEndpointValue tells whether what is attached to -b or -c is its value. It
// is not if it can only be meant as more short flags, as in -cv or -ct2.
func isEndpointValue(flags *pflag.FlagSet, attached string) bool {
	if attached[0] == '=' || patterns.LooksLikeEndpoint(attached) {
		return true
	}
	for i := range len(attached) {
		switch flag := shorthand(flags, attached[i]); {
		case flag == nil:
			return true
		case flag.NoOptDefVal == "": // the rest is its value
			return false
		}
	}
	return false
}

// isOptional tells whether a flag may stand with or without a value. A bool
// may too, for pflag, but never takes the next word.
func isOptional(flag *pflag.Flag) bool {
	_, ok := flag.Value.(*endpointValue)
	return ok
}

// shorthand finds a flag by its letter. -C is kcat's and mosquitto's -n.
func shorthand(flags *pflag.FlagSet, letter byte) *pflag.Flag {
	if letter == 'C' && flags.ShorthandLookup("C") == nil {
		letter = 'n'
	}
	if letter >= 0x80 { // pflag's table is one of ASCII letters
		return nil
	}
	return flags.ShorthandLookup(string(rune(letter)))
}
