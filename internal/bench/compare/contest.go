package main

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// An outcome is what the turns of a scene gave.
type outcome struct {
	scene
	entries []entry
}

// An entry is one contestant's part of an outcome.
type entry struct {
	name    string
	samples []sample
	err     error // why it has no part, or lost it
	absent  bool  // the machine lacks what it needs
}

// contest lets the contestants of a scene have their turns: each of them one,
// as often as there are rounds. One that fails has no further turns.
func contest(ctx context.Context, k *kit, s scene, o options, progress io.Writer) outcome {
	out := outcome{scene: s, entries: make([]entry, len(s.contestants))}
	for i, c := range s.contestants {
		e := &out.entries[i]
		e.name = c.name
		e.err = k.lacks(c.needs)
		e.absent = e.err != nil
		if e.err == nil && c.check != nil {
			e.err = inTurn(ctx, k, o, c.check)
			e.tell(progress, &s, "all arrived")
		}
	}
	for range o.rounds {
		for i, c := range s.contestants {
			e := &out.entries[i]
			if e.err != nil || ctx.Err() != nil {
				continue
			}
			e.err = inTurn(ctx, k, o, func(t *turn) error { return e.take(c, t) })
			e.tell(progress, &s, e.latest(s.metrics))
		}
	}
	return out
}

// inTurn gives f a turn.
func inTurn(ctx context.Context, k *kit, o options, f func(*turn) error) error {
	t := newTurn(ctx, k, o.deadline)
	defer t.end()
	return f(t)
}

// take adds the sample of one turn.
func (e *entry) take(c contestant, t *turn) error {
	got, err := c.run(t)
	if err == nil {
		e.samples = append(e.samples, got)
	}
	return err
}

// tell says how a turn ended.
func (e *entry) tell(progress io.Writer, s *scene, word string) {
	if e.err != nil {
		word = "failed: " + e.err.Error()
	}
	fmt.Fprintf(progress, "%s: %s: %s\n", s.id, e.name, word)
}

// latest gives the figures of the last turn.
func (e *entry) latest(metrics []metric) string {
	if len(e.samples) == 0 {
		return ""
	}
	var words []string
	for _, m := range metrics {
		words = append(words, strings.TrimSpace(m.title+" "+m.unit(e.samples[len(e.samples)-1][m.key])))
	}
	return strings.Join(words, "; ")
}

// summary sums up one figure of all samples; ok is false without one.
func (e *entry) summary(key string) (s summary, ok bool) {
	var values []float64
	for _, one := range e.samples {
		if v, ok := one[key]; ok {
			values = append(values, v)
		}
	}
	if len(values) == 0 || e.err != nil {
		return s, false
	}
	return summarize(values), true
}

// entry returns the part of a contestant, or nil if it has none.
func (o *outcome) entry(name string) *entry {
	for i := range o.entries {
		if o.entries[i].name == name {
			return &o.entries[i]
		}
	}
	return nil
}

// failures are what went wrong, a line each, what is not there apart.
func failures(outcomes []outcome) []string {
	var lines []string
	for _, o := range outcomes {
		for _, e := range o.entries {
			if e.err != nil && !e.absent {
				lines = append(lines, fmt.Sprintf("%s: %s: %v", o.id, e.name, e.err))
			}
		}
	}
	return lines
}
