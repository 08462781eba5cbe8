package main

import (
	"encoding/json"
	"io"
)

// A jsonReport is all that was measured.
type jsonReport struct {
	Machine machine     `json:"machine"`
	Command string      `json:"command"`
	Rounds  int         `json:"rounds"`
	Missing []string    `json:"missing,omitempty"`
	Scenes  []jsonScene `json:"scenes"`
}

type jsonScene struct {
	Scene       string           `json:"scene"`
	Contestants []jsonContestant `json:"contestants"`
	Goals       []jsonGoal       `json:"goals,omitempty"`
}

type jsonContestant struct {
	Name    string             `json:"name"`
	Error   string             `json:"error,omitempty"`
	Samples []sample           `json:"samples"`
	Summary map[string]summary `json:"summary,omitempty"`
}

// A jsonGoal holds the ratio of fogmq's median to another contestant's, or
// fogmq's own median where To is empty, against its goal, if there is one.
type jsonGoal struct {
	Metric  string   `json:"metric"`
	To      string   `json:"to,omitempty"`
	Value   float64  `json:"value"`
	AtLeast *float64 `json:"at_least,omitempty"`
	AtMost  *float64 `json:"at_most,omitempty"`
	Met     *bool    `json:"met,omitempty"`
}

func (r report) writeJSON(w io.Writer) error {
	all := jsonReport{Machine: r.machine, Command: r.options.command(), Rounds: r.options.rounds, Missing: r.missing}
	for i := range r.outcomes {
		all.Scenes = append(all.Scenes, newJSONScene(&r.outcomes[i]))
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(all)
}

func newJSONScene(o *outcome) jsonScene {
	s := jsonScene{Scene: o.id}
	for i := range o.entries {
		e := &o.entries[i]
		c := jsonContestant{Name: e.name, Samples: e.samples, Summary: map[string]summary{}}
		if e.err != nil {
			c.Error = e.err.Error()
		}
		for _, m := range o.metrics {
			if sum, ok := e.summary(m.key); ok {
				c.Summary[m.key] = sum
			}
		}
		s.Contestants = append(s.Contestants, c)
	}
	for _, m := range o.metrics {
		s.Goals = append(s.Goals, jsonGoals(o, m)...)
	}
	return s
}

func jsonGoals(o *outcome, m metric) []jsonGoal {
	ours, ok := o.summaryOf(nameFogmq, m.key)
	if !ok {
		return nil
	}
	var all []jsonGoal
	if m.limit.isSet() {
		all = append(all, newJSONGoal(m.key, "", ours.Median, m.limit))
	}
	for _, e := range o.entries {
		if theirs, ok := e.summary(m.key); ok && e.name != nameFogmq && theirs.Median > 0 {
			all = append(all, newJSONGoal(m.key, e.name, ours.Median/theirs.Median, m.goals[e.name]))
		}
	}
	return all
}

func newJSONGoal(key, to string, value float64, g goal) jsonGoal {
	j := jsonGoal{Metric: key, To: to, Value: value}
	if !g.isSet() {
		return j
	}
	met := g.met(value)
	j.Met, j.AtLeast = &met, &g.bound
	if g.atMost {
		j.AtLeast, j.AtMost = nil, &g.bound
	}
	return j
}
