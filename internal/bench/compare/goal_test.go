package main

import "testing"

func TestVerdict(t *testing.T) {
	for _, test := range []struct {
		goal   goal
		figure float64
		want   string
	}{
		{atLeast(1.5), 1.5, "≥ 1.50× met"},
		{atLeast(1.5), 1.4999, "≥ 1.50× missed"},
		{atMost(0.8), 0.8, "≤ 0.80× met"},
		{atMost(0.8), 0.801, "≤ 0.80× missed"},
	} {
		if got := test.goal.verdict(test.figure, times); got != test.want {
			t.Errorf("%v: %q, want %q", test.figure, got, test.want)
		}
	}
	if (goal{}).isSet() || !atMost(1).isSet() {
		t.Error("only the zero goal bounds nothing")
	}
}
