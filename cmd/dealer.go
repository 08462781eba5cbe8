package cmd

import (
	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
)

func newDealerCmd(e *env) *cobra.Command {
	kind := duplexKind{typ: zmq4.Dealer, side: connects, identifies: true}
	var f duplexFlags
	c := &cobra.Command{
		Use:     "dealer [flags] [MESSAGE...]",
		GroupID: groupReqRep,
		Short:   "Send requests without waiting, print replies as they come",
		Long: `Each MESSAGE, or each line of stdin, goes to one of the peers, in turn, while what they send is
printed. The end of stdin does not end it: -n, -W and Ctrl-C do. Where the peer is a REP, a message must begin with
an empty frame, and so does the reply: with -m, a line that begins with TAB has one.`,
		Example: `# ten requests at once to whatever answers at a router, and the ten replies
seq 10 | fogmq dealer --connect :5555 -n 10

# talk to a REP: an empty frame, then the request
printf '\thello\n' | fogmq dealer -c :5556 -m -n 1`,
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
