package cmd

import (
	"context"
	"errors"
	"fmt"

	"fogmq/internal/patterns"
)

// A probed is what became of one endpoint.
type probed struct {
	endpoint patterns.Endpoint
	patterns.Probed
	err error // nil where it answered
}

// runProbe probes all endpoints at once, and tells of each as soon as those before
// it are told of.
func runProbe(ctx context.Context, e *env, c probeConfig) error {
	sec, err := c.security.load(e.report)
	if err != nil {
		return err
	}
	found := make([]chan probed, len(c.endpoints))
	for i, ep := range c.endpoints {
		sec.warnOfPlain(e.report, ep)
		found[i] = make(chan probed, 1)
		go func() { found[i] <- c.probe(ctx, ep, sec) }()
	}
	write := newProbeWriter(e, c)
	var failed, silent int
	for _, one := range found {
		p := <-one
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := write(p); err != nil {
			return err
		}
		switch {
		case p.err == nil:
			if text := lasting(p.endpoint); text != "" {
				e.history.Note(text)
			}
		case errors.Is(p.err, context.DeadlineExceeded):
			silent++
		default:
			failed++
		}
	}
	return c.verdict(failed, silent)
}

// probe probes one endpoint within its time.
func (c probeConfig) probe(ctx context.Context, ep patterns.Endpoint, sec *security) probed {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	found, err := patterns.Probe(ctx, ep, patterns.ProbeConfig{Security: sec.mechanism, Access: sec.access, Pings: c.pings})
	return probed{ep, found, err}
}

// verdict is what the command ends with.
func (c probeConfig) verdict(failed, silent int) error {
	of := "the endpoint"
	if n := len(c.endpoints); n > 1 {
		of = fmt.Sprintf("%d of %d endpoints", failed+silent, n)
	}
	switch {
	case failed > 0:
		return fmt.Errorf("%s did not answer as a ZeroMQ peer that we can talk to", of)
	case silent > 0:
		return timeoutf("%s did not answer within %v (--timeout)", of, c.timeout)
	}
	return nil
}

// newProbeWriter returns what writes results to stdout.
func newProbeWriter(e *env, c probeConfig) func(probed) error {
	if c.json {
		return func(p probed) error {
			_, err := e.stdout.Write(p.json(c.timeout))
			return err
		}
	}
	first, page := true, newProbePage(e.report.colorOn(e.stdout))
	return func(p probed) error {
		text := page.text(p, c.timeout)
		if !first {
			text = "\n" + text
		}
		first = false
		_, err := fmt.Fprint(e.stdout, text)
		return err
	}
}
