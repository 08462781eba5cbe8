package cmd

import (
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fogmq/internal/patterns"
)

type probeFlags struct {
	json     bool
	pings    int
	timeout  time.Duration
	security securityFlags
}

// probeConfig is what runProbe does.
type probeConfig struct {
	endpoints []patterns.Endpoint // at least one, in the order given
	json      bool
	pings     int
	timeout   time.Duration // of each endpoint
	security  *securityFlags
}

func newProbeCmd(e *env) *cobra.Command {
	var f probeFlags
	c := &cobra.Command{
		Use:     "probe [flags] ENDPOINT...",
		GroupID: groupAround,
		Short:   "Find out who is at an endpoint",
		Long: `Tells of each ENDPOINT whether it can be reached, or why not; the version of ZMTP and the security mechanism there;
type, identity and other properties of the socket, and what types it talks to; and how long it took to connect, to
shake hands, and for a PING to come back. All endpoints are probed at once and told of in the order given.

A probe takes no messages, and nobody's place. Where the mechanism is NULL a peer tells its type unasked. The
handshake is completed, for the PINGs, only as a socket that the peer has nothing to send to: that is so with PUB,
XPUB, SUB, XSUB, PULL, REP and ROUTER. PUSH, REQ, DEALER and PAIR are not pinged, nor is a peer whose ZMTP is older
than 3.1, such as fogmq's own: it may take a PING for a message.

A peer that uses CURVE or PLAIN says no more than that, unless it is given what it asks for: --curve-key and
--curve-peer, or --plain-user. Some, such as those of libzmq, then hang up on sockets of types that they don't talk
to. Of these a PUSH, REQ, DEALER or PAIR can't be told from each other, as a probe does not say that it is what
would be sent their messages.

The status is 0 where all endpoints answered: as ZeroMQ of whatever version, without keys too. It is 124 where all
that did not were silent until --timeout, and 1 where any failed in another way.`,
		Example: `# who is at port 5556 of this machine
fogmq probe :5556

# several at once, for a script: the type of each socket
fogmq probe --json :5556 ipc:///run/app.sock | jq -r '.endpoint + " " + .socket_type'

# a server of CURVE, with keys
fogmq probe --curve-key my.key_secret --curve-peer gateway.key tcp://gateway.example:5556

# wait for somebody to answer
until fogmq probe -q -W 1s gateway.example:5556 > /dev/null; do sleep 1; done`,
		RunE: func(c *cobra.Command, args []string) error {
			config, err := f.resolve(c.Flags(), args)
			if err != nil {
				return err
			}
			return runProbe(c.Context(), e, config)
		},
	}
	f.register(c.Flags(), e)
	return c
}

func (f *probeFlags) register(flags *pflag.FlagSet, e *env) {
	fs := flagSet{flags, groupShown}
	fs.bool(&f.json, "json", "", "print a JSON object for each endpoint, one a line; what is not known is null")
	fs.group = groupUntil
	fs.add(newValue(&f.pings, "N", "5", atLeast(1)), "count", "n", "time N round trips, one after the other")
	fs.add(newValue(&f.timeout, "DURATION", "3s", parseWait), "timeout", "W",
		"give up on an endpoint after so long, all its connections together, with status 124")
	f.security.register(fs)
	fs.group = groupSeeing
	registerQuiet(fs, e.report)
	registerColor(fs, e.report)
}

func (f *probeFlags) resolve(flags *pflag.FlagSet, args []string) (probeConfig, error) {
	c := probeConfig{json: f.json, pings: f.pings, timeout: f.timeout, security: &f.security}
	if len(args) == 0 {
		return c, usagef("name an ENDPOINT to probe, such as :5556 or tcp://HOST:PORT")
	}
	for _, text := range args {
		ep, err := patterns.ParseEndpoint(text, false)
		switch {
		case err != nil:
			return c, &usageError{err}
		case ep.Transport == patterns.TransportInproc:
			return c, usagef("%s reaches nobody outside this process: there is nothing to probe", ep)
		}
		c.endpoints = append(c.endpoints, ep)
	}
	return c, f.security.check(flags)
}
