package cmd

import (
	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
)

func newSubCmd(e *env) *cobra.Command {
	kind := receiverKind{typ: zmq4.Sub, side: connects, subscribes: true}
	var f receiverFlags
	c := &cobra.Command{
		Use:     "sub [flags]",
		GroupID: groupPubSub,
		Short:   "Subscribe to messages and print them",
		Long: `Prints what publishers send under the topics asked for, until -n, -W or Ctrl-C ends it. Publishers
may come, go and come back meanwhile.`,
		Example: `# channel 2 of the publisher on this machine
fogmq sub --connect --topic 2

# be the one that many publishers connect to
fogmq sub --bind :5556 --topic 2

# the next ten messages as JSON, for at most five seconds each
fogmq sub -c 192.168.0.5:5556 -n 10 -W 5 -J | jq .frames

# run a program for each message
fogmq sub -c -t alarm -x 'logger -t alarm'`,
		Args: noArgs("an endpoint goes with --connect or --bind, as HOST:PORT or tcp://HOST:PORT, a topic with --topic"),
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := f.resolve(e, c, kind)
			if err != nil {
				return err
			}
			return runReceiver(c.Context(), e, config)
		},
	}
	f.register(c.Flags(), e, kind)
	return c
}
