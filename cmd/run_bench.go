package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/bench"
	"fogmq/internal/keys"
	"fogmq/internal/patterns"
	"fogmq/internal/zmtp"
)

// runBench measures, and prints the result of each run as soon as it is there.
func runBench(ctx context.Context, e *env, c benchConfig) error {
	if c.transport == "" {
		return c.runAlone(ctx, e)
	}
	return c.runBoth(ctx, e)
}

// runAlone is one end, whose peer is another process.
func (c benchConfig) runAlone(ctx context.Context, e *env) error {
	sock, err := c.socket.open(e, nil)
	if err != nil {
		return err
	}
	err = c.measure(e, sock, func(r bench.Run) (bench.Result, error) {
		return c.alone.Run(ctx, sock.Socket, r, c.timeout)
	})
	return sock.finish(ctx, err)
}

// runBoth is both ends.
func (c benchConfig) runBoth(ctx context.Context, e *env) error {
	bound, connected, err := c.openBoth(e)
	if err != nil {
		return err
	}
	err = c.measure(e, bound, func(r bench.Run) (bench.Result, error) {
		return c.pattern.Run(ctx, bound.Socket, connected.Socket, r, c.timeout)
	})
	if err != nil {
		// What is still on its way is nobody's loss, so nothing waits for it.
		connected.tellStats()
		bound.tellStats()
		return errors.Join(err, connected.Close(), bound.Close())
	}
	return bound.finish(ctx, connected.finish(ctx, nil))
}

// inProcess are the endpoints at which ends in one process meet, by transport.
var inProcess = map[string]string{
	patterns.TransportTCP:    "tcp://127.0.0.1:*",
	patterns.TransportIPC:    "ipc://*",
	patterns.TransportInproc: "inproc://bench",
}

// openBoth opens two sockets that are each other's peer.
func (c benchConfig) openBoth(e *env) (bound, connected *running, err error) {
	server, client := &securityFlags{}, &securityFlags{}
	if c.curve {
		server, client = curveBoth()
	}
	if bound, err = c.open(e, c.pattern.Bound.Type, server); err != nil {
		return nil, nil, err
	}
	endpoint, err := bound.Bind(inProcess[c.transport])
	if err == nil {
		connected, err = c.open(e, c.pattern.Connected.Type, client)
	}
	if err != nil {
		return nil, nil, errors.Join(err, bound.Close())
	}
	if err := connected.Connect(endpoint); err != nil {
		return nil, nil, errors.Join(err, connected.Close(), bound.Close())
	}
	return bound, connected, nil
}

// curveBoth makes keys for two ends in this process.
func curveBoth() (server, client *securityFlags) {
	s, c := keys.NewPair(), keys.NewPair()
	onlyClient := func(client [32]byte) error { return verdict(client, client == c.Public) }
	return &securityFlags{loaded: &security{mechanism: zmtp.CurveServer(curveKeys(s), onlyClient)}},
		&securityFlags{loaded: &security{mechanism: zmtp.CurveClient(curveKeys(c), s.Public)}}
}

// open makes one of two sockets, which so is named in its totals.
func (c benchConfig) open(e *env, typ zmq4.SocketType, sec *securityFlags) (*running, error) {
	config := c.socket
	config.typ, config.security, config.inCompany = typ, sec, true
	sock, err := config.open(e, nil)
	if err == nil {
		sock.name = string(typ) + ": "
	}
	return sock, err
}

// measure makes all runs. sock is one whose messages show how far a run is.
func (c benchConfig) measure(e *env, sock *running, play func(bench.Run) (bench.Result, error)) error {
	printer := bench.NewPrinter(e.stdout, c.json)
	for _, r := range c.runs {
		before := bench.Moved(sock.Socket)
		title := fmt.Sprintf("%s %d bytes", c.pattern.Name, r.Size)
		wipe := e.showProgress(task{title: title, total: int64(r.Count), done: func() int64 {
			return int64(bench.Moved(sock.Socket) - before)
		}})
		result, err := play(r)
		wipe()
		if stalled, ok := errors.AsType[*bench.StalledError](err); ok {
			return &timeoutError{stalled}
		}
		if err != nil {
			return err
		}
		if result == nil { // this end has none
			continue
		}
		if err := printer.Print(result); err != nil {
			return err
		}
	}
	return nil
}
