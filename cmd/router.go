package cmd

import (
	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
)

func newRouterCmd(e *env) *cobra.Command {
	kind := duplexKind{typ: zmq4.Router, side: binds, identifies: true}
	var f duplexFlags
	c := &cobra.Command{
		Use:     "router [flags] [ID FRAME...]",
		GroupID: groupReqRep,
		Short:   "Talk to many peers, each by its routing id",
		Long: `The first frame of every message, in both directions, is the routing id of the peer: as text where it
is printable, else as 0x and hex. A peer that announces no id has one made up for it. Frames are separated by TAB, as
with -m; a REQ has an empty frame between its id and its request, and wants one in the reply. A message for an id that
nobody has is dropped, or with --mandatory an error. The end of stdin does not end it: -n, -W and Ctrl-C do.`,
		Example: `# see who sends what
fogmq router --bind :5556 --format '%i: %p'

# answer every peer with what it sent
mkfifo back; fogmq router --bind :5556 -l <back | tee back`,
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
