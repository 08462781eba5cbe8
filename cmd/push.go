package cmd

import (
	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
)

func newPushCmd(e *env) *cobra.Command {
	kind := senderKind{typ: zmq4.Push, side: binds, feed: "number"}
	var f senderFlags
	c := &cobra.Command{
		Use:     "push [flags] [MESSAGE...]",
		GroupID: groupPipeline,
		Short:   "Share messages out among workers",
		Long: `Each MESSAGE, or each line of a piped stdin, goes to one of the PULL peers that are there, in turn;
one that has its queue full is passed over. Where nobody is there or all are full, push waits: nothing is lost.
With nothing to send, the numbers of the feed "number" are sent.`,
		Example: `# share lines out among all workers that connect
seq 1000 | fogmq push --bind :5557

# each file is one task, byte for byte
fogmq push --connect sink.local:5558 --file a.jpg --file b.jpg`,
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
