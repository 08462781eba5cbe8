package cmd

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fogmq/cmd/internal/help"
)

// eachCommand calls f for every command in a subtest of its name.
func eachCommand(t *testing.T, f func(*testing.T, *cobra.Command)) {
	root := Root()
	for _, c := range append(root.Commands(), root) {
		t.Run(c.Name(), func(t *testing.T) { f(t, c) })
	}
}

func TestHelpFitsInAHundredColumns(t *testing.T) {
	eachCommand(t, func(t *testing.T, c *cobra.Command) {
		var b strings.Builder
		if err := help.Write(&b, c); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(b.String(), "\n") {
			if n := utf8.RuneCountInString(line); n > help.Width {
				t.Errorf("%d columns: %s", n, line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Errorf("spaces at the end of %q", line)
			}
		}
		if !strings.Contains(b.String(), "\nExamples:\n") {
			t.Error("no Examples section")
		}
	})
}

func TestExamplesAreValidCommandLines(t *testing.T) {
	eachCommand(t, func(t *testing.T, c *cobra.Command) {
		for _, line := range strings.Split(c.Example, "\n") {
			for _, part := range strings.Split(line, "|") {
				words := strings.Fields(part)
				for i := range words {
					words[i] = strings.Trim(words[i], "'")
				}
				if len(words) == 0 || words[0] != "fogmq" {
					continue
				}
				root := Root()
				target, n, known := findCommand(root, words[1:])
				if !known || target == root && len(words) > 1 {
					t.Errorf("%s: no such command", line)
					continue
				}
				if err := target.ParseFlags(normalise(target.Flags(), words[n+1:])); err != nil {
					t.Errorf("%s: %v", line, err)
				}
			}
		}
	})
}

func TestEveryFlagStandsUnderAHeading(t *testing.T) {
	eachCommand(t, func(t *testing.T, c *cobra.Command) {
		for _, group := range help.Groups(c) {
			for _, f := range group.Flags {
				if group.Heading == "Other" && f.Name != "help" && f.Name != "version" {
					t.Errorf("--%s stands under no heading", f.Name)
				}
				if f.Usage == "" || strings.HasSuffix(f.Usage, ".") {
					t.Errorf("--%s: usage %q", f.Name, f.Usage)
				}
			}
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			placeholder := strings.TrimSuffix(f.Value.Type(), "|"+anyKey) // a word to be typed as it stands
			if f.NoOptDefVal == "" && placeholder != strings.ToUpper(placeholder) {
				t.Errorf("--%s: placeholder %q", f.Name, f.Value.Type())
			}
		})
	})
}
