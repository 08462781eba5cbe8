package main

import "fmt"

// A goal is a bound for a figure: for fogmq's share of another contestant's, or
// for fogmq's own. The zero goal bounds nothing.
type goal struct {
	bound  float64
	atMost bool
}

func atLeast(bound float64) goal { return goal{bound: bound} }
func atMost(bound float64) goal  { return goal{bound: bound, atMost: true} }

func (g goal) isSet() bool { return g != goal{} }

// met tells whether a figure that is not rounded keeps to the bound.
func (g goal) met(figure float64) bool {
	if g.atMost {
		return figure <= g.bound
	}
	return figure >= g.bound
}

// verdict says what the bound is, and whether figure keeps to it.
func (g goal) verdict(figure float64, show func(float64) string) string {
	sign, word := "≥", "met"
	if g.atMost {
		sign = "≤"
	}
	if !g.met(figure) {
		word = "missed"
	}
	return fmt.Sprintf("%s %s %s", sign, show(g.bound), word)
}
