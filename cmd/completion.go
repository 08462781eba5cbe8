package cmd

import (
	"io"
	"slices"

	"github.com/spf13/cobra"

	"fogmq/internal/codec"
)

// shells are those that a completion script can be made for.
var shells = []string{"bash", "zsh", "fish", "powershell"}

func newCompletionCmd(e *env) *cobra.Command {
	return &cobra.Command{
		Use:     "completion bash|zsh|fish|powershell",
		GroupID: groupAround,
		Short:   "Print a script that completes commands and flags by TAB",
		Example: `# bash, in this shell; then for every new one
source <(fogmq completion bash)
fogmq completion bash > /etc/bash_completion.d/fogmq

# zsh and fish
fogmq completion zsh > "${fpath[1]}/_fogmq"
fogmq completion fish > ~/.config/fish/completions/fogmq.fish`,
		DisableFlagsInUseLine: true,
		ValidArgs:             shells,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("name one shell: bash, zsh, fish or powershell")
			}
			if _, err := oneOf(shells...)(args[0]); err != nil {
				return usagef("shell %q: %w", args[0], err)
			}
			return WriteCompletion(e.stdout, c.Root(), args[0])
		},
	}
}

// WriteCompletion writes the completion script of a shell: bash, zsh, fish or
// powershell.
func WriteCompletion(w io.Writer, root *cobra.Command, shell string) error {
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(w, true)
	case "zsh":
		return root.GenZshCompletion(w)
	case "fish":
		return root.GenFishCompletion(w, true)
	default:
		return root.GenPowerShellCompletionWithDesc(w)
	}
}

// fileFlags are the flags after which TAB offers the names of files.
var fileFlags = []string{"file", "public", "plain-password-file",
	"curve-key", "curve-peer", "curve-allow", "plain-users"}

// completeValues makes TAB offer the values of the flags that take one of a
// few, and no file names after those that take no file.
func completeValues(c *cobra.Command) error {
	var codecs []string
	for _, spec := range codec.Specs() {
		for _, value := range spec.Values {
			codecs = append(codecs, value+"\t"+spec.Summary)
		}
	}
	words := map[string][]string{
		"format": formatNames, "input": inputNames, "source": sourceNames, "color": colorNames, "codec": codecs,
		"transport": transportNames,
	}
	for _, name := range valueFlags(c) {
		if slices.Contains(fileFlags, name) {
			continue
		}
		err := c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(words[name], cobra.ShellCompDirectiveNoFileComp))
		if err != nil {
			return err
		}
	}
	return nil
}
