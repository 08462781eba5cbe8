package cmd

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"fogmq/cmd/internal/help"
)

// The headings that "fogmq --help" shows commands under.
const (
	groupPubSub   = "pubsub"
	groupPipeline = "pipeline"
	groupReqRep   = "reqrep"
	groupAround   = "around"
)

// execute runs one command line and returns its exit status.
func execute(e *env, args []string) int {
	ctx, stop := e.context()
	defer stop()
	defer e.history.Wait()
	root := newRoot(e, args...)
	c, err := run(ctx, root, args)
	if err == nil {
		err = e.helpErr
	}
	err = withCause(ctx, err)
	switch status := exitStatus(err); {
	case status == statusDone:
	case status == statusUsage:
		e.report.errorf("%s", usageLine(c, err))
	case status <= statusTimeout: // a signal needs no words
		e.report.errorf("%v", err)
	}
	return exitStatus(err)
}

// run finds the command, runs it and returns it with what it ended with.
func run(ctx context.Context, root *cobra.Command, args []string) (*cobra.Command, error) {
	if completes(args) {
		root.SetArgs(completionRequest(root, args))
		return root.ExecuteContextC(ctx)
	}
	c, words, known := findCommand(root, args)
	switch {
	case !known:
		return c, unknownCommand(c, args[words])
	case words == 0 && len(args) > 0 && !knowsFlag(root, args[0]):
		return root, usagef("%s stands before the command: write fogmq COMMAND %s", args[0], args[0])
	}
	root.SetArgs(prepare(c, args, words))
	return root.ExecuteContextC(ctx)
}

// knowsFlag tells whether a word is a flag of the command without a value.
func knowsFlag(c *cobra.Command, word string) bool {
	if len(word) == 2 {
		return c.Flags().ShorthandLookup(word[1:]) != nil
	}
	return c.Flags().Lookup(strings.TrimPrefix(word, "--")) != nil
}

// prepare normalises what follows the words that name the command.
func prepare(c *cobra.Command, args []string, words int) []string {
	return slices.Concat(args[:words], normalise(c.Flags(), args[words:]))
}

// Root returns the tree of commands for those who describe it, such as the
// generator of man pages. It is not for running them: see [Main].
func Root() *cobra.Command {
	return newRoot(newEnv(nil, io.Discard, io.Discard, func(string) string { return "" }, nil, func() {}))
}

// commands make the subcommands, in the order in which help shows them.
var commands = []struct {
	name string
	make func(*env) *cobra.Command
}{
	{"pub", newPubCmd}, {"sub", newSubCmd}, {"xpub", newXPubCmd}, {"xsub", newXSubCmd},
	{"push", newPushCmd}, {"pull", newPullCmd},
	{"req", newReqCmd}, {"rep", newRepCmd}, {"dealer", newDealerCmd}, {"router", newRouterCmd}, {"pair", newPairCmd},
	{"proxy", newProxyCmd}, {"record", newRecordCmd}, {"replay", newReplayCmd}, {"top", newTopCmd}, {"probe", newProbeCmd},
	{"bench", newBenchCmd}, {"demo", newDemoCmd}, {"keygen", newKeygenCmd}, {"convert", newConvertCmd},
	{"version", newVersionCmd}, {"completion", newCompletionCmd},
}

// addCommands gives root all subcommands, or only the one that args begin with: to
// make them all takes longer than all else that a one-shot does.
func addCommands(e *env, root *cobra.Command, args []string) {
	for _, c := range commands {
		if len(args) > 0 && args[0] == c.name {
			root.AddCommand(c.make(e))
			return
		}
	}
	for _, c := range commands {
		root.AddCommand(c.make(e))
	}
}

// newRoot makes the tree of commands, as far as a command line asks for it.
func newRoot(e *env, args ...string) *cobra.Command {
	root := &cobra.Command{
		Use:   "fogmq COMMAND [flags] [MESSAGE...]",
		Short: "Speak ZeroMQ from the shell",
		Long: `Each command is one ZeroMQ socket, wired to stdin, stdout and its arguments. Either end may start
first, stop and come back; either end may be the one that binds.`,
		Example: `# see it work
fogmq demo

# one terminal publishes, another one subscribes to channel 2
fogmq pub --bind :5556
fogmq sub --connect --topic 2

# a request, and somebody who answers it
fogmq req hello
fogmq rep --echo`,
		Version:               versionName(),
		SilenceErrors:         true,
		SilenceUsage:          true,
		DisableFlagsInUseLine: true,
		CompletionOptions:     cobra.CompletionOptions{DisableDefaultCmd: true},
		PersistentPreRunE:     func(c *cobra.Command, _ []string) error { return readVariables(c, e.getenv) },
		RunE:                  func(c *cobra.Command, _ []string) error { return help.Write(e.stdout, c) },
	}
	root.AddGroup(
		&cobra.Group{ID: groupPubSub, Title: "Publish and subscribe"},
		&cobra.Group{ID: groupPipeline, Title: "Share work out"},
		&cobra.Group{ID: groupReqRep, Title: "Request and reply"},
		&cobra.Group{ID: groupAround, Title: "And also"})
	addCommands(e, root, args)
	root.SetHelpCommand(newHelpCmd(e))
	root.InitDefaultHelpCmd()
	root.SetHelpFunc(func(c *cobra.Command, _ []string) {
		e.helpErr = help.Write(e.stdout, c)
	})
	root.SetFlagErrorFunc(flagError)
	root.SetOut(e.stdout)
	root.SetErr(e.report.w)
	root.SetVersionTemplate("fogmq {{.Version}}\n")
	root.Flags().Bool("version", false, "print the version")
	help.SetNoVariable(root.Flags().Lookup("version"))
	for _, c := range append(root.Commands(), root) {
		c.Flags().SortFlags = false
		c.Flags().BoolP("help", "h", false, "show this help")
		help.SetNoVariable(c.Flags().Lookup("help"))
	}
	if completes(args) {
		if err := completeAll(e, root); err != nil {
			panic("completion of a flag: " + err.Error())
		}
	}
	return root
}
