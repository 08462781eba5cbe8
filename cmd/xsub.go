package cmd

import (
	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
)

func newXSubCmd(e *env) *cobra.Command {
	kind := receiverKind{typ: zmq4.XSub, side: connects, subscribes: true}
	var f receiverFlags
	c := &cobra.Command{
		Use:     "xsub [flags]",
		GroupID: groupPubSub,
		Short:   "Subscribe as a proxy does, and print what comes",
		Long: `Does what sub does, with a socket of type XSUB: to a publisher it looks like a forwarder, see fogmq proxy.
To subscribe, sub does as well.`,
		Example: `# stand in for a forwarder: publishers connect, and what they send under "log" is printed
fogmq xsub --bind :5556 --topic log`,
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
