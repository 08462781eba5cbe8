package cmd

import (
	"embed"
	"io"

	"github.com/spf13/cobra"
)

// shells are those that a completion script can be made for.
var shells = []string{"bash", "zsh", "fish", "powershell"}

func newCompletionCmd(e *env) *cobra.Command {
	return &cobra.Command{
		Use:     "completion bash|zsh|fish|powershell",
		GroupID: groupAround,
		Short:   "Print a script for TAB in your shell",
		Long: `TAB then completes commands, flags and the values of flags: formats, codecs, key files, and endpoints: the
interfaces of this machine, the Unix sockets that you have bound now, and the endpoints that were used before.

The last 50 endpoints that a command bound, or met a peer at, stand in $XDG_STATE_HOME/fogmq/endpoints, or
~/.local/state/fogmq/endpoints, one a line, for you alone to read. With FOGMQ_NO_HISTORY=1 in the environment nothing is
kept or offered; a file that is a link to /dev/null stays one.`,
		Example: `# bash, in this shell; then for every new one
source <(fogmq completion bash)
fogmq completion bash > ~/.local/share/bash-completion/completions/fogmq

# zsh and fish
fogmq completion zsh > "${fpath[1]}/_fogmq"
fogmq completion fish > ~/.config/fish/completions/fogmq.fish`,
		DisableFlagsInUseLine: true,
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

// scripts are what bash, zsh and fish run at TAB. They are ours and not cobra's:
// those hand what is typed to eval, so that TAB runs a $(...) that stands in a
// message and takes the > of a proxy's endpoint for a redirection, and the one for
// bash needs a package that not everybody has.
//
//go:embed scripts/*
var scripts embed.FS

// WriteCompletion writes the completion script of a shell: bash, zsh, fish or
// powershell.
func WriteCompletion(w io.Writer, root *cobra.Command, shell string) error {
	if shell == "powershell" {
		return root.GenPowerShellCompletionWithDesc(w)
	}
	script, err := scripts.ReadFile("scripts/fogmq." + shell)
	if err == nil {
		_, err = w.Write(script)
	}
	return err
}
