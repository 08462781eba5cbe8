package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"fogmq/cmd/internal/help"
)

// newHelpCmd replaces cobra's, which takes an unknown command for a success.
func newHelpCmd(e *env) *cobra.Command {
	return &cobra.Command{
		Use:                   "help [COMMAND]",
		GroupID:               groupAround,
		DisableFlagsInUseLine: true,
		Short:                 "Tell about fogmq or one of its commands",
		Example:               `fogmq help sub`,
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			target, _, _ := findCommand(c.Root(), args)
			return childNames(target), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			target, words, known := findCommand(c.Root(), args)
			if !known {
				return unknownCommand(target, args[words])
			}
			return help.Write(e.stdout, target)
		},
	}
}

func childNames(c *cobra.Command) []string {
	var names []string
	for _, child := range c.Commands() {
		if !child.Hidden {
			names = append(names, child.Name())
		}
	}
	return names
}

func unknownCommand(parent *cobra.Command, word string) error {
	return usagef("unknown command %q%s", word, suggest(word, childNames(parent)))
}

// noArgs refuses arguments, with a hint at where they may belong.
func noArgs(hint string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		return &usageError{fmt.Errorf("unexpected argument %q: %s", args[0], strings.TrimSpace(hint))}
	}
}
