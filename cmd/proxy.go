package cmd

import (
	"strings"

	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fogmq/internal/patterns"
)

// proxyKinds are the proxies of zmq_proxy(3) by name: what socket each side is.
var proxyKinds = map[string]struct{ front, back zmq4.SocketType }{
	"forwarder": {zmq4.XSub, zmq4.XPub},
	"queue":     {zmq4.Router, zmq4.Dealer},
	"streamer":  {zmq4.Pull, zmq4.Push},
}

var proxyNames = []string{"forwarder", "queue", "streamer"}

type proxyFlags struct {
	front, back []endpoint
	capture     string
	limits      limitFlags
	security    securityFlags // of all sides that have none of their own
	frontOnly   securityFlags
	backOnly    securityFlags
	until       socketFlags
	ready       readyFlags
	events      eventsFlags
	metrics     metricsFlags
}

// proxyConfig is what runProxy does.
type proxyConfig struct {
	front, back socketConfig
	capture     string // a file, "-", or an endpoint; "" captures nothing

	captureSecurity *securityFlags // of an endpoint
}

func newProxyCmd(e *env) *cobra.Command {
	var f proxyFlags
	c := &cobra.Command{
		Use:     "proxy [flags] forwarder|queue|streamer",
		GroupID: groupAround,
		Short:   "Stand between many and many",
		Long: `Passes messages between a frontend and a backend, until Ctrl-C. The peers of both come and go as they like.

A forwarder has publishers (PUB) at the frontend and subscribers (SUB) at the backend. Subscriptions pass through it.

A queue has those who ask (REQ, DEALER) at the frontend and those who answer (REP) at the backend, who take turns.

A streamer has pushers (PUSH) at the frontend and pullers (PULL) at the backend, who take turns.

Both sides bind. With > in front of its ENDPOINT a side connects instead; in a shell that needs quotes.

Where one side can take no more, a queue and a streamer let the other side wait; a forwarder drops what a slow
subscriber has no room for.`,
		Example: `# sensors publish to the gateway, the cloud subscribes there
fogmq proxy forwarder --frontend :5556 --backend :5557

# a gateway that connects upwards: proxies chain
fogmq proxy forwarder --frontend :5556 --backend '>tcp://cloud.example:5557'

# one address for any number of workers, with a record of all that passes
fogmq proxy queue --frontend :5555 --backend :5560 --capture requests.jsonl`,
		RunE: func(c *cobra.Command, args []string) error {
			config, err := f.resolve(e, c.Flags(), args)
			if err != nil {
				return err
			}
			return runProxy(c.Context(), e, config)
		},
	}
	f.register(c.Flags(), e)
	return c
}

func (f *proxyFlags) register(flags *pflag.FlagSet, e *env) {
	fs := flagSet{flags, groupEndpoints}
	fs.add(&sideValue{&f.front}, "frontend", "", "where publishers, those who ask or pushers connect to; repeatable; binds, but >ENDPOINT connects")
	fs.add(&sideValue{&f.back}, "backend", "", "where subscribers, those who answer or pullers connect to; repeatable; binds, but >ENDPOINT connects")
	fs.add(newText(&f.capture, "FILE|ENDPOINT", ""), "capture", "",
		"write every message that passes to FILE as jsonl (- is stdout), or publish it at ENDPOINT (binds, but >ENDPOINT connects)")
	f.until.linger = untilWritten
	f.until.registerLinger(fs)
	f.limits.register(fs)
	f.frontOnly.prefix, f.backOnly.prefix = frontPrefix, backPrefix
	for _, s := range []*securityFlags{&f.security, &f.frontOnly, &f.backOnly} {
		s.register(fs)
	}
	registerSeeing(fs, e.report)
	f.ready.register(fs)
	f.events.register(fs)
	f.metrics.register(fs)
}

func (f *proxyFlags) resolve(e *env, flags *pflag.FlagSet, args []string) (proxyConfig, error) {
	if err := checkSeeing(flags); err != nil {
		return proxyConfig{}, err
	}
	for _, s := range []*securityFlags{&f.security, &f.frontOnly, &f.backOnly} {
		if err := s.check(flags); err != nil {
			return proxyConfig{}, err
		}
	}
	if len(args) != 1 {
		return proxyConfig{}, usagef("name one kind of proxy: forwarder, queue or streamer")
	}
	if _, err := oneOf(proxyNames...)(args[0]); err != nil {
		return proxyConfig{}, usagef("proxy %q: %w", args[0], err)
	}
	if len(f.front) == 0 || len(f.back) == 0 {
		return proxyConfig{}, usagef("a proxy has two sides: give --frontend ENDPOINT and --backend ENDPOINT")
	}
	ready, err := f.ready.resolve(e, flags, 2)
	if err != nil {
		return proxyConfig{}, err
	}
	events, err := f.events.resolve(e, flags, 2)
	if err != nil {
		return proxyConfig{}, err
	}
	counters := f.metrics.resolve(e, flags, 2)
	kind := proxyKinds[args[0]]
	side := func(name string, typ zmq4.SocketType, list []endpoint, own *securityFlags) socketConfig {
		if !own.given(flags) {
			own = &f.security
		}
		return socketConfig{
			typ: typ, endpoints: list, linger: f.until.linger, limits: f.limits, security: own, inCompany: true, passesOn: true,
			ready: ready, events: events, metrics: counters, side: name,
		}
	}
	return proxyConfig{
		front: side("frontend", kind.front, f.front, &f.frontOnly), back: side("backend", kind.back, f.back, &f.backOnly),
		capture: f.capture, captureSecurity: &f.security,
	}, nil
}

// sideValue is one side of a proxy: an endpoint, bound unless CZMQ's > says
// otherwise.
type sideValue struct{ list *[]endpoint }

func (v *sideValue) Set(text string) error {
	ep, err := parseSide(text)
	if err != nil {
		return err
	}
	*v.list = append(*v.list, ep)
	return nil
}

func (v *sideValue) String() string { return "" }
func (v *sideValue) Type() string   { return "ENDPOINT" }

// GetSlice tells cobra that TAB may offer the flag again.
func (v *sideValue) GetSlice() []string { return nil }

func parseSide(text string) (endpoint, error) {
	address, connects := strings.CutPrefix(text, ">")
	if !connects {
		address = strings.TrimPrefix(text, "@")
	}
	parsed, err := patterns.ParseEndpoint(address, !connects)
	return endpoint{!connects, parsed}, err
}
