package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// sampleReport has what a report can have: goals met and missed, limits, a
// contestant that failed and one that is not there.
func sampleReport(o options) report {
	rate := metric{key: "rate", unit: perSecond, goals: map[string]goal{nameLibzmq: atLeast(1.5)}}
	size := metric{key: "size", title: "most", unit: bytesOf, limit: atMost(12e6)}
	samples := func(key string, values ...float64) []sample {
		var all []sample
		for _, v := range values {
			all = append(all, sample{key: v})
		}
		return all
	}
	o.rounds = 3
	return report{
		machine: machine{CPU: "A CPU", Cores: 2, Kernel: "Linux 6", Go: "go1.26", Libzmq: "4.3.4", Date: "2026-01-02"},
		options: o,
		outcomes: []outcome{
			{scene{id: "a", group: "Rates", title: "a few", metrics: []metric{rate}}, []entry{
				{name: nameFogmq, samples: samples("rate", 2e6, 3e6, 4e6)},
				{name: nameLibzmq, samples: samples("rate", 1e6, 2e6, 3e6)},
				{name: namePyzmq, err: errors.New("not there"), absent: true},
			}},
			{scene{id: "b", group: "Rates", title: "so | many", metrics: []metric{rate}}, []entry{
				{name: nameFogmq, samples: samples("rate", 2e6)},
				{name: nameLibzmq, samples: samples("rate", 2e6), err: errors.New("one was lost")},
			}},
			{scene{id: "c", group: "Memory", title: "sub", metrics: []metric{size}}, []entry{
				{name: nameFogmq, samples: samples("size", 13e6)},
			}},
		},
	}
}

func TestTextReport(t *testing.T) {
	want := `A CPU, 2 cores, Linux 6, go1.26, libzmq 4.3.4, 2026-01-02
go run ./internal/bench/compare --rounds 3
medians (least–greatest) of 3 rounds

Rates
             fogmq                     libzmq                    fogmq ÷ libzmq
  a few      3.00 M/s (2.00–4.00 M/s)  2.00 M/s (1.00–3.00 M/s)  1.50× (≥ 1.50× met)
  so | many  2.00 M/s                  failed

Memory
             fogmq    limit
  sub, most  13.0 MB  ≤ 12.0 MB missed
`
	var b strings.Builder
	if err := sampleReport(options{args: []string{"--rounds", "3"}}).write(&b); err != nil || b.String() != want {
		t.Errorf("%v\n%s\nwant\n%s", err, b.String(), want)
	}
}

func TestMarkdownReport(t *testing.T) {
	want := "A CPU, 2 cores, Linux 6, go1.26, libzmq 4.3.4, 2026-01-02. Medians of 3 rounds, with the least and the greatest:\n" + `
§sh
go run ./internal/bench/compare --markdown
§

| Rates      | fogmq                    | libzmq                   | fogmq ÷ libzmq      |
| ---------- | ------------------------ | ------------------------ | ------------------- |
| a few      | 3.00 M/s (2.00–4.00 M/s) | 2.00 M/s (1.00–3.00 M/s) | 1.50× (≥ 1.50× met) |
| so \| many | 2.00 M/s                 | failed                   |                     |

| Memory    | fogmq   | limit            |
| --------- | ------- | ---------------- |
| sub, most | 13.0 MB | ≤ 12.0 MB missed |
`
	want = strings.ReplaceAll(want, "§", "```")
	var b strings.Builder
	o := options{args: []string{"--markdown"}, markdown: true}
	if err := sampleReport(o).write(&b); err != nil || b.String() != want {
		t.Errorf("%v\n%s\nwant\n%s", err, b.String(), want)
	}
}

func TestJSONReport(t *testing.T) {
	var b strings.Builder
	if err := sampleReport(options{json: true}).write(&b); err != nil {
		t.Fatal(err)
	}
	var got jsonReport
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	first := got.Scenes[0]
	if n := len(first.Contestants[0].Samples); n != 3 || first.Contestants[2].Error != "not there" {
		t.Errorf("%+v", first)
	}
	if g := first.Goals; len(g) != 1 || g[0].Value != 1.5 || *g[0].AtLeast != 1.5 || g[0].To != nameLibzmq || !*g[0].Met {
		t.Errorf("%+v", g)
	}
	if g := got.Scenes[1].Goals; len(g) != 0 {
		t.Errorf("a ratio to one that failed: %+v", g)
	}
	if g := got.Scenes[2].Goals; len(g) != 1 || g[0].To != "" || *g[0].AtMost != 12e6 || *g[0].Met {
		t.Errorf("%+v", g)
	}
}

func TestFailures(t *testing.T) {
	got := failures(sampleReport(options{}).outcomes)
	if len(got) != 1 || got[0] != "b: libzmq: one was lost" {
		t.Errorf("%q", got)
	}
}
