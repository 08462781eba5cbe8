package cmd

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/patterns"
)

// afterSignal is what a command that a signal or --timeout ended gives its peers to take
// what is still queued.
const afterSignal = 200 * time.Millisecond

// A running is the socket of a command at work.
type running struct {
	*patterns.Socket
	e       *env
	linger  time.Duration
	ready   *readySide
	events  *eventLog
	metrics *metrics
	drops   *dropWatch // nil where nobody wants to know
	began   time.Time
	wipe    func() // ends the progress that is shown
	name    string // in front of its totals, where a command has several
	used    map[string]func()
	left    int // once finished: messages that no peer took
}

// open makes the socket that the command line describes, bound and connecting.
// prefixes are subscribed to first.
func (c socketConfig) open(e *env, prefixes []string) (r *running, err error) {
	defer func() {
		if err != nil {
			c.events.end()
			c.metrics.end()
		}
	}()
	if !c.inCompany && !writesToMany(c.typ) {
		e.shareCores()
	}
	l, used := c.limits, c.remember(e)
	sec, err := c.security.load(e.report)
	if err != nil {
		return nil, err
	}
	if err := c.ready.begin(); err != nil {
		return nil, err
	}
	ready := c.ready.side()
	var failures *failureCounter
	if c.metrics != nil {
		failures = &failureCounter{}
	}
	sock := patterns.New(context.Background(), c.typ, append(sec.options(),
		patterns.WithID(zmq4.SocketIdentity(c.identity)),
		patterns.WithHWM(l.hwm),
		patterns.WithMaxMessage(l.maxMessage),
		patterns.WithHeartbeat(l.heartbeat),
		patterns.WithReconnectMax(l.reconnectMax),
		patterns.WithHandshakeTimeout(l.handshakeTimeout),
		patterns.WithMaxConnections(l.maxConnections),
		patterns.WithMandatory(c.mandatory),
		patterns.WithHandover(c.handover),
		patterns.WithVerboseSubscriptions(c.verboseSubs),
		patterns.WithBacklog(!c.passesOn),
		patterns.WithLull(c.lull),
		patterns.WithLinger(0), // finish has waited already
		patterns.WithMonitor(ready.watch(failures.watch(c.watchMet(c.events.watch(c.typ, newMonitor(e.report, used).event))))),
	)...)
	r = &running{Socket: sock, e: e, linger: c.linger, ready: ready, events: c.events, metrics: c.metrics, began: time.Now(), used: used}
	if err := r.start(c.endpoints, sec, prefixes); err != nil {
		_ = sock.Close() // the first error is the one to tell
		return nil, err
	}
	c.metrics.watch(c.side, r, failures)
	if err := c.metrics.serve(); err != nil {
		_ = sock.Close() // the first error is the one to tell
		return nil, err
	}
	r.watchDrops()
	return r, nil
}

// watchMet adds to a socket's monitor that somebody waits for the first peer.
func (c socketConfig) watchMet(monitor func(patterns.Event)) func(patterns.Event) {
	if c.met == nil {
		return monitor
	}
	return func(e patterns.Event) {
		monitor(e)
		if e.Kind == patterns.EventHandshakeSucceeded {
			select {
			case c.met <- struct{}{}:
			default:
			}
		}
	}
}

func (r *running) start(endpoints []endpoint, sec *security, prefixes []string) error {
	for _, prefix := range prefixes {
		if err := r.Subscribe(prefix); err != nil {
			return err
		}
	}
	for _, ep := range endpoints {
		sec.warnOfPlain(r.e.report, ep.Endpoint)
		if !ep.bind {
			r.ready.willConnect(ep.String())
			if err := r.Connect(ep.String()); err != nil {
				return err
			}
			continue
		}
		bound, err := r.Bind(ep.String())
		if err != nil {
			r.events.add(eventRecord{Event: "BIND_FAILED", Socket: string(r.Type()), Endpoint: ep.String(), Reason: err.Error()})
			return err
		}
		if note := r.used[ep.String()]; note != nil {
			note()
		}
		r.ready.isBound(bound)
		if isEphemeral(ep.Endpoint) {
			r.e.report.noticef("bound %s", bound)
		}
	}
	r.ready.isOpen()
	return nil
}

// isEphemeral tells whether the system chooses a part of the endpoint.
func isEphemeral(ep patterns.Endpoint) bool {
	switch ep.Transport {
	case patterns.TransportTCP:
		return strings.HasSuffix(ep.Address, ":0") || strings.HasSuffix(ep.Address, ":*")
	case patterns.TransportIPC:
		return ep.Address == "*"
	}
	return false
}

// finish waits for what is queued to be written, as --linger says, closes the
// socket, and turns how the command's loop ended into how the command ends.
func (r *running) finish(ctx context.Context, err error) error {
	left := r.Drain(r.lingering(ctx, err))
	r.left = left
	if r.wipe != nil {
		r.wipe()
	}
	r.ready.end()
	r.tellStats()
	r.drops.end()
	_ = r.Close() // nothing is left that an error could tell
	r.events.end()
	r.metrics.end()
	if left == 0 {
		return err
	}
	unsent := fmt.Errorf("%s: no peer took %s", countOf(left, "message was not sent", "messages were not sent"), pronoun(left))
	if err == nil && ctx.Err() == nil {
		return fmt.Errorf("%w within --linger %v", unsent, r.linger)
	}
	r.e.report.errorf("%v", unsent)
	if err == nil {
		err = context.Cause(ctx)
	}
	return err
}

// tellStats gives the totals of --stats.
func (r *running) tellStats() {
	if !r.e.report.stats {
		return
	}
	stats := r.Stats()
	r.e.report.line(nil, "%s%d messages in (%d bytes), %d out (%d bytes), %d dropped, %.3f seconds",
		r.name, stats.MsgsIn, stats.BytesIn, stats.MsgsOut, stats.BytesOut, stats.Dropped, time.Since(r.began).Seconds())
}

// lingering gives the context of the wait at the end: that of --linger, but for a
// command that a signal or its --timeout ended.
func (r *running) lingering(ctx context.Context, err error) context.Context {
	wait := r.linger
	switch {
	case ctx.Err() != nil:
		ctx, wait = context.Background(), afterSignal
	case exitStatus(err) == statusTimeout:
		wait = afterSignal
	case wait == untilWritten:
		return ctx
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	context.AfterFunc(ctx, cancel)
	return ctx
}

func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func pronoun(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}
