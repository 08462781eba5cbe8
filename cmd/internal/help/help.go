// Package help describes fogmq's commands to their readers: it groups their
// flags under headings and lays them out as the text of --help. What it knows
// of a command is what the man pages and completions are made from.
package help

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Width is the longest line of a help text, in characters.
const Width = 100

// other is the heading of the flags that were put under none.
const other = "Other"

const groupAnnotation = "fogmq_group"

// A Group is the flags of a command under one heading, in the order they were
// registered.
type Group struct {
	Heading string
	Flags   []*pflag.Flag
}

// SetGroup puts a flag under a heading.
func SetGroup(f *pflag.Flag, heading string) {
	if f.Annotations == nil {
		f.Annotations = map[string][]string{}
	}
	f.Annotations[groupAnnotation] = []string{heading}
}

// Groups returns the flags of a command by heading, in the order of their
// registration. Hidden flags are left out.
func Groups(c *cobra.Command) []Group {
	flags := c.Flags()
	var groups []Group
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		heading := other
		if set := f.Annotations[groupAnnotation]; len(set) > 0 {
			heading = set[0]
		}
		i := slices.IndexFunc(groups, func(g Group) bool { return g.Heading == heading })
		if i < 0 {
			i = len(groups)
			groups = append(groups, Group{Heading: heading})
		}
		groups[i].Flags = append(groups[i].Flags, f)
	})
	last := func(g Group) int {
		if g.Heading == other {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(groups, func(a, b Group) int { return last(a) - last(b) })
	return groups
}

// Names returns the spellings of a flag, the short ones first: "-n", "-C",
// "--count".
func Names(f *pflag.Flag) []string {
	var names []string
	if f.Shorthand != "" {
		names = append(names, "-"+f.Shorthand)
	}
	if f.Name == "count" {
		names = append(names, "-C")
	}
	return append(names, "--"+f.Name)
}

// Placeholder returns what stands for the value of a flag, such as "N" or
// "[ENDPOINT]", and "" for a flag without one.
func Placeholder(f *pflag.Flag) string {
	switch {
	case f.Value.Type() == "bool":
		return ""
	case f.NoOptDefVal != "":
		return "[" + f.Value.Type() + "]"
	default:
		return f.Value.Type()
	}
}

// Usage returns what a flag does, with its default.
func Usage(f *pflag.Flag) string {
	if f.DefValue == "" || f.Value.Type() == "bool" {
		return f.Usage
	}
	return fmt.Sprintf("%s (default %s)", f.Usage, f.DefValue)
}

// Write writes the help of a command.
func Write(w io.Writer, c *cobra.Command) error {
	var b strings.Builder
	b.WriteString(c.Short + ".\n\n")
	if c.Long != "" {
		for _, paragraph := range strings.Split(c.Long, "\n\n") {
			fmt.Fprintf(&b, "%s\n\n", strings.Join(wrap(paragraph, Width), "\n"))
		}
	}
	fmt.Fprintf(&b, "Usage:\n  %s\n", c.UseLine())
	writeCommands(&b, c)
	if c.Example != "" {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", indent(c.Example))
	}
	for _, group := range Groups(c) {
		fmt.Fprintf(&b, "\n%s:\n", group.Heading)
		writeFlags(&b, group.Flags)
	}
	if text := environment(c); text != "" {
		fmt.Fprintf(&b, "\n%s\n", text)
	}
	if c.HasSubCommands() {
		fmt.Fprintf(&b, "\n%s COMMAND --help tells more about a command.\n", c.CommandPath())
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeCommands(b *strings.Builder, c *cobra.Command) {
	for _, group := range c.Groups() {
		fmt.Fprintf(b, "\n%s:\n", group.Title)
		for _, child := range c.Commands() {
			if child.GroupID == group.ID && !child.Hidden {
				fmt.Fprintf(b, "  %-12s %s\n", child.Name(), child.Short)
			}
		}
	}
}

const flagColumn = 28

func writeFlags(b *strings.Builder, flags []*pflag.Flag) {
	for _, f := range flags {
		names := strings.Join(Names(f), ", ")
		if f.Shorthand == "" {
			names = "    " + names
		}
		head := "  " + strings.TrimRight(names+" "+Placeholder(f), " ")
		lines := wrap(Usage(f), Width-flagColumn)
		if utf8.RuneCountInString(head) > flagColumn-2 {
			fmt.Fprintln(b, head)
			head = ""
		}
		for _, line := range lines {
			fmt.Fprintf(b, "%-*s%s\n", flagColumn, head, line)
			head = ""
		}
	}
}

// wrap breaks a text between words into lines of at most width characters.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	return append(lines, line)
}

func indent(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = "  " + line
		}
	}
	return strings.Join(lines, "\n")
}
