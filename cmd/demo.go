package cmd

import (
	"github.com/spf13/cobra"

	"fogmq/internal/demo"
)

var sceneNames = demo.Names()

// demoConfig is what runDemo plays.
type demoConfig struct {
	scenes []string // in order: pubsub, fanin, reqrep
}

func newDemoCmd(e *env) *cobra.Command {
	c := &cobra.Command{
		Use:     "demo [flags] [pubsub|fanin|reqrep]...",
		GroupID: groupAround,
		Short:   "See it work: three scenes on this machine, in a few seconds",
		Long: `Plays the scenes named, or all three: pubsub, one publisher and its subscribers; fanin, publishers
that connect to one subscriber; reqrep, a request that is an array and a worker that adds 1.

The nodes of a scene are processes of fogmq, which end with it. Each command that runs is shown first, so that you
can type it yourself. Scenes use port 5556, or another one where that is in use.`,
		Example: `# all three scenes
fogmq demo

# one of them
fogmq demo reqrep`,
		RunE: func(c *cobra.Command, args []string) error {
			config := demoConfig{scenes: args}
			if len(args) == 0 {
				config.scenes = sceneNames
			}
			for _, scene := range config.scenes {
				if _, err := oneOf(sceneNames...)(scene); err != nil {
					return usagef("scene %q: %w", scene, err)
				}
			}
			return runDemo(c.Context(), e, config)
		},
	}
	registerColor(flagSet{flags: c.Flags()}, e.report)
	return c
}
