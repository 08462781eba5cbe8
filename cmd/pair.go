package cmd

import (
	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
)

func newPairCmd(e *env) *cobra.Command {
	kind := duplexKind{typ: zmq4.Pair, side: asksForSide}
	var f duplexFlags
	c := &cobra.Command{
		Use:     "pair [flags] [MESSAGE...]",
		GroupID: groupReqRep,
		Short:   "Talk both ways with one peer",
		Long: `Each MESSAGE, or each line of stdin, is sent while what the peer sends is printed. There is one peer: a
second one is turned away as long as the first is there. The end of stdin does not end it: -n, -W and Ctrl-C do.
One of --bind and --connect says which end this is.`,
		Example: `# a chat between two terminals
fogmq pair --bind :5560
fogmq pair --connect :5560`,
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
