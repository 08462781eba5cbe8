package cmd

import (
	"errors"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/spf13/pflag"
)

// socketFlags are those that every command with one socket has: its
// endpoints, limits and what is told of it.
type socketFlags struct {
	endpointFlags
	limitFlags
	securityFlags
	readyFlags
	eventsFlags
	metricsFlags
	identity string
	linger   time.Duration
	side     defaultSide
}

// untilWritten is the linger that waits until everything queued is written.
const untilWritten = time.Duration(-1)

// register binds the flags that stand at the top of help; registerRest those
// at its end.
func (f *socketFlags) register(fs flagSet, side defaultSide) {
	f.side, f.linger = side, untilWritten
	f.endpointFlags.register(fs, side)
}

func (f *socketFlags) registerRest(fs flagSet, e *env) {
	f.limitFlags.register(fs)
	f.securityFlags.register(fs)
	registerSeeing(fs, e.report)
	f.readyFlags.register(fs)
	f.eventsFlags.register(fs)
	f.metricsFlags.register(fs)
}

func (f *socketFlags) registerIdentity(fs flagSet) {
	fs.group = groupEndpoints
	fs.add(newValue(&f.identity, "ID", "", parseIdentity), "identity", "",
		"the routing id to announce, 1 to 255 bytes")
}

func (f *socketFlags) registerLinger(fs flagSet) {
	fs.group = groupUntil
	fs.add(newValue(&f.linger, "DURATION", "", parseDuration), "linger", "",
		"at exit, wait this long for what is queued to be written to a peer (default until it is)")
}

// parseIdentity checks a routing id by RFC 28: a first byte of zero is kept
// for ids that a ROUTER makes.
func parseIdentity(s string) (string, error) {
	if s == "" || len(s) > 255 || s[0] == 0 {
		return "", errors.New("not 1 to 255 bytes, the first of them not NUL")
	}
	return s, nil
}

// socketConfig is a socket as the command line describes it.
type socketConfig struct {
	typ       zmq4.SocketType
	endpoints []endpoint    // at least one, in the order given
	identity  string        // "" announces none
	linger    time.Duration // untilWritten: no limit
	limits    limitFlags
	security  *securityFlags
	ready     *readiness      // nil tells nobody
	events    *eventLog       // nil keeps none
	metrics   *metrics        // nil serves none
	lull      time.Duration   // as patterns.WithLull
	met       chan<- struct{} // gets one for a peer, if there is room
	side      string          // what the metrics call this socket, where a command has several

	inCompany   bool // there is another socket in this process
	passesOn    bool // a proxy's: nothing is taken that nobody is there to get
	mandatory   bool // ROUTER: an unknown routing id is an error
	handover    bool // ROUTER: the last peer to announce a routing id has it
	verboseSubs bool // XPUB: repeated subscriptions are received too
}

func (f *socketFlags) resolve(e *env, flags *pflag.FlagSet, typ zmq4.SocketType) (socketConfig, error) {
	if err := checkSeeing(flags); err != nil {
		return socketConfig{}, err
	}
	if err := f.securityFlags.check(flags); err != nil {
		return socketConfig{}, err
	}
	endpoints, err := f.endpointFlags.resolve(f.side)
	if err != nil {
		return socketConfig{}, err
	}
	ready, err := f.readyFlags.resolve(e, flags, 1)
	if err != nil {
		return socketConfig{}, err
	}
	events, err := f.eventsFlags.resolve(e, flags, 1)
	if err != nil {
		return socketConfig{}, err
	}
	return socketConfig{
		typ: typ, endpoints: endpoints, identity: f.identity, linger: f.linger, limits: f.limitFlags,
		security: &f.securityFlags, ready: ready, events: events,
		metrics: f.metricsFlags.resolve(e, flags, 1),
	}, nil
}

// untilFlags bound how long a command goes on.
type untilFlags struct {
	count   int
	timeout time.Duration
}

func (f *untilFlags) registerCount(fs flagSet, usage string) {
	fs.group = groupUntil
	fs.add(newValue(&f.count, "N", "", atLeast(1)), "count", "n", usage)
}

// countOr returns --count, or 1 where it was not given and once holds.
func (f *untilFlags) countOr(once bool) int {
	if f.count == 0 && once {
		return 1
	}
	return f.count
}

func (f *untilFlags) registerTimeout(fs flagSet, usage string) {
	fs.group = groupUntil
	fs.add(newValue(&f.timeout, "DURATION", "", parseWait), "timeout", "W", usage)
}
