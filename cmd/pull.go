package cmd

import (
	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
)

func newPullCmd(e *env) *cobra.Command {
	kind := receiverKind{typ: zmq4.Pull, side: connects}
	var f receiverFlags
	c := &cobra.Command{
		Use:     "pull [flags]",
		GroupID: groupPipeline,
		Short:   "Take messages off the hands of pushers and print them",
		Long: `Prints what PUSH peers send, one message of each in turn, until -n, -W or Ctrl-C ends it. Several
that pull from one pusher share its messages between them: each message goes to one of them.`,
		Example: `# a worker: take tasks, pass results on
fogmq pull -c :5557 | while read -r task; do echo "$task done"; done | fogmq push -c :5558

# the sink that many connect to
fogmq pull --bind :5558

# run a program for each task, four at a time
fogmq pull -c :5557 -x 'convert - out-$FOGMQ_SEQ.png' --jobs 4`,
		Args: noArgs("an endpoint goes with --connect or --bind, as HOST:PORT or tcp://HOST:PORT"),
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
