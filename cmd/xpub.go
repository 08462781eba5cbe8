package cmd

import (
	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
)

func newXPubCmd(e *env) *cobra.Command {
	kind := duplexKind{typ: zmq4.XPub, side: binds}
	var f duplexFlags
	c := &cobra.Command{
		Use:     "xpub [flags] [MESSAGE...]",
		GroupID: groupPubSub,
		Short:   "Publish, and see who subscribes to what",
		Long: `Does what pub does, and prints the subscriptions of its peers meanwhile: +TOPIC when the first one
subscribes to TOPIC, -TOPIC when the last one is gone. It ends when all is sent, as pub does.`,
		Example: `# publish what is typed, and see what is wanted
fogmq xpub --bind :5556

# publish readings once somebody wants them, and keep a list of who wanted what
tail -f readings | fogmq xpub --bind :5556 --wait-subscribers 1 > wanted`,
		RunE: func(c *cobra.Command, args []string) error {
			config, err := f.resolve(e, c, args, kind)
			if err != nil {
				return err
			}
			return runDuplex(c.Context(), e, config)
		},
	}
	f.register(c.Flags(), e, kind)
	return c
}
