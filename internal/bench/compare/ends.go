package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// ends are the command lines of both sides of a link: one binds and is there
// first, the other connects to it.
type ends struct {
	bind    []string
	connect func(endpoint string) []string
}

// with appends words to both command lines.
func (e ends) with(bind, connect []string) ends {
	return ends{
		bind:    slices.Concat(e.bind, bind),
		connect: func(endpoint string) []string { return slices.Concat(e.connect(endpoint), connect) },
	}
}

// A link is what became of two ends.
type link struct {
	bind, connect *process
	begun         time.Time // when the one that connects was started
}

// play runs both ends until they have ended. bind and connect may name files for
// stdin and stdout; their words are those of e.
func (t *turn) play(e ends, bind, connect command) (link, error) {
	var l link
	var endpoint string
	var err error
	bind.words = e.bind
	if l.bind, endpoint, err = t.bound(bind); err != nil {
		return l, err
	}
	connect.words = e.connect(endpoint)
	l.begun = time.Now()
	if l.connect, err = t.start(connect); err != nil {
		return l, err
	}
	return l, t.wait(l.connect, l.bind)
}

// figures reads the one JSON object that a process printed, and makes sure that
// it counted as many messages as there were.
func (p *process) figures(count int) (sample, error) {
	var object map[string]any
	if err := json.Unmarshal(p.out.Bytes(), &object); err != nil {
		return nil, fmt.Errorf("%s printed %q, not a JSON object: %w", p.name, p.out.String(), err)
	}
	s := sample{}
	for key, value := range object {
		if number, ok := value.(float64); ok {
			s[key] = number
		}
	}
	if s["count"] != float64(count) {
		return nil, fmt.Errorf("%s counted %v messages, not %d", p.name, object["count"], count)
	}
	return s, nil
}

// printed makes sure of what a process printed.
func (p *process) printed(want string) error {
	if got := p.out.String(); got != want {
		return fmt.Errorf("%s printed %q, not %q", p.name, got, want)
	}
	return nil
}
