package bench

import (
	"bytes"
	"slices"
	"testing"
	"time"
)

func TestPercentileIsTheNearestRank(t *testing.T) {
	var hundred, thousand []time.Duration
	for i := range 1000 {
		thousand = append(thousand, time.Duration(i+1))
		if i < 100 {
			hundred = append(hundred, time.Duration(i+1))
		}
	}
	tests := []struct {
		times []time.Duration
		p     int
		want  time.Duration
	}{
		{[]time.Duration{7}, 50, 7},
		{[]time.Duration{7}, 99, 7},
		{[]time.Duration{1, 2}, 50, 1},
		{[]time.Duration{1, 2}, 51, 2},
		{[]time.Duration{1, 2, 3}, 50, 2},
		{[]time.Duration{15, 20, 35, 40, 50}, 40, 20},
		{hundred, 50, 50},
		{hundred, 90, 90},
		{hundred, 99, 99},
		{thousand, 99, 990},
	}
	for _, tt := range tests {
		if got := percentile(tt.times, tt.p); got != tt.want {
			t.Errorf("p%d of %d times: %d, want %d", tt.p, len(tt.times), got, tt.want)
		}
	}
}

func TestResultsArePrinted(t *testing.T) {
	ms := time.Millisecond
	times := []time.Duration{4 * ms, ms, 3 * ms, 2*ms + 500}
	tests := []struct {
		name        string
		result      Result
		json, table string
	}{
		{"thr", newThroughput(Run{64, 3001}, 2*time.Second),
			`{"pattern":"thr","size":64,"count":3001,"msgs_per_s":1500,"bytes_per_s":96000}`,
			"      size      count       msgs/s         MB/s\n        64       3001         1500        0.096"},
		{"thirds", newThroughput(Run{1, 2}, 3*time.Second),
			`{"pattern":"thr","size":1,"count":2,"msgs_per_s":0.333,"bytes_per_s":0.333}`,
			"      size      count       msgs/s         MB/s\n         1          2            0        0.000"},
		{"one", newThroughput(Run{64, 1}, 0),
			`{"pattern":"thr","size":64,"count":1,"msgs_per_s":0,"bytes_per_s":0}`,
			"      size      count       msgs/s         MB/s\n        64          1            -            -"},
		{"coarse clock", newThroughput(Run{0, 2}, 0),
			`{"pattern":"thr","size":0,"count":2,"msgs_per_s":1000000000,"bytes_per_s":0}`,
			"      size      count       msgs/s         MB/s\n         0          2   1000000000        0.000"},
		{"lat", newLatency(Run{64, 4}, slices.Clone(times)),
			`{"pattern":"lat","size":64,"count":4,"p50_us":2000.5,"p90_us":4000,"p99_us":4000,"max_us":4000}`,
			"      size      count     p50_us     p90_us     p99_us     max_us\n" +
				"        64          4     2000.5     4000.0     4000.0     4000.0"},
	}
	for _, tt := range tests {
		for isJSON, want := range map[bool]string{true: tt.json, false: tt.table} {
			t.Run(tt.name, func(t *testing.T) {
				var b bytes.Buffer
				if err := NewPrinter(&b, isJSON).Print(tt.result); err != nil {
					t.Fatal(err)
				}
				if b.String() != want+"\n" {
					t.Errorf("got  %q\nwant %q", b.String(), want+"\n")
				}
			})
		}
	}
}

func TestOneHeaderForAllRows(t *testing.T) {
	var b bytes.Buffer
	p := NewPrinter(&b, false)
	for range 3 {
		if err := p.Print(newThroughput(Run{64, 1}, 0)); err != nil {
			t.Fatal(err)
		}
	}
	if got := bytes.Count(b.Bytes(), []byte("\n")); got != 4 {
		t.Errorf("%d lines: %q", got, b.String())
	}
}
