package cmd

import (
	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
)

func newPubCmd(e *env) *cobra.Command {
	kind := senderKind{typ: zmq4.Pub, side: binds, feed: "number", publishes: true}
	var f senderFlags
	c := &cobra.Command{
		Use:     "pub [flags] [MESSAGE...]",
		GroupID: groupPubSub,
		Short:   "Publish messages to every subscriber that asked for them",
		Long: `Each MESSAGE, or each line of a piped stdin, is one message. With neither, the numbers of the feed
"number" are sent: on channels 1, 2 and 3, once a second.

A publisher never waits: what nobody is subscribed to is dropped, and so is what a slow subscriber has no
room for. --wait-subscribers holds the first message back until the subscribers are there.`,
		Example: `# three channels of numbers, a round a second, for whoever connects
fogmq pub --bind :5556

# each line of a log, under the topic "log", to a subscriber that binds
tail -f app.log | fogmq pub --connect 192.168.0.9:5556 --topic log

# one message, not before somebody is there to get it
fogmq pub --wait-subscribers 1 'news hello'`,
		RunE: func(c *cobra.Command, args []string) error {
			config, err := f.resolve(e, c, args, kind)
			if err != nil {
				return err
			}
			return runSender(c.Context(), e, config)
		},
	}
	f.register(c.Flags(), e, kind)
	return c
}
