package cmd

import (
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fogmq/internal/shell"
)

type reqFlags struct {
	socketFlags
	inputFlags
	outputFlags
	untilFlags
	retries int
}

// reqConfig is what runReq does.
type reqConfig struct {
	socket  socketConfig
	input   inputConfig
	output  outputConfig
	count   int           // stop after so many exchanges; 0 is no limit
	timeout time.Duration // of one attempt; 0 is no limit
	retries int           // attempts after the first; shell.UntilReplied where nothing was said
}

func newReqCmd(e *env) *cobra.Command {
	var f reqFlags
	c := &cobra.Command{
		Use:     "req [flags] [MESSAGE...]",
		GroupID: groupReqRep,
		Short:   "Send requests and print the reply to each",
		Long: `Each MESSAGE, or each line of stdin, is one request; the next is sent when the reply to the last is
there. A request waits until somebody is there to answer it. With --multipart and nothing to send, the request is
an array of NumPy's: [[0 1 2] [2 1 0]], as the three frames dtype, shape and data.`,
		Example: `# ask the server on this machine, for two seconds and three times at most
fogmq req --connect -W 2 --retries 2 'what time is it?'

# the other way round: wait for a worker to connect, hand it an array
fogmq req --bind :5556 --multipart

# any array, from a file
fogmq req -c --codec ndarray --file image.npy`,
		RunE: func(c *cobra.Command, args []string) error {
			config, err := f.resolve(e, c, args)
			if err != nil {
				return err
			}
			return runReq(c.Context(), e, config)
		},
	}
	f.register(c.Flags(), e)
	return c
}

func (f *reqFlags) register(flags *pflag.FlagSet, e *env) {
	fs := flagSet{flags, groupUntil}
	f.socketFlags.register(fs, binds)
	f.registerIdentity(fs)
	f.inputFlags.register(fs)
	f.outputFlags.register(fs, groupReceived)
	f.registerExec(fs)
	f.registerSave(fs)
	f.registerDirections(fs)
	f.registerCount(fs, "stop after N exchanges")
	f.registerTimeout(fs, "give up when a reply takes longer, with status 124")
	f.retries = shell.UntilReplied
	fs.add(newValue(&f.retries, "N", "", atLeast(0)), "retries", "",
		"send a request again, on a fresh connection, N times at most, when its --timeout ran out or its peer "+
			"went away (default: again only when the peer went away, as long as --timeout lasts)")
	f.registerLinger(fs)
	f.registerRest(fs, e)
}

func (f *reqFlags) resolve(e *env, c *cobra.Command, args []string) (reqConfig, error) {
	flags := c.Flags()
	socket, err := f.socketFlags.resolve(e, flags, zmq4.Req)
	if err != nil {
		return reqConfig{}, err
	}
	feed := ""
	if f.splits() {
		feed = "matrix"
	}
	input, err := f.inputFlags.resolve(e, flags, args, zmq4.Req, feed)
	if err != nil {
		return reqConfig{}, err
	}
	output, err := f.outputFlags.resolve(e, flags, zmq4.Req, nil, input.codecs)
	if err != nil {
		return reqConfig{}, err
	}
	return reqConfig{socket, input, output, f.countOr(input.once), f.timeout, f.retries}, nil
}
