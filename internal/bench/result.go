package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"time"
)

// A Result is what a run came to: a *Throughput or a *Latency. As JSON it is an
// object of plain numbers.
type Result interface {
	header() string
	row() string
}

// A Throughput is the result of thr at the end that receives.
type Throughput struct {
	Pattern string `json:"pattern"` // "thr"
	Size    int    `json:"size"`
	Count   int    `json:"count"`
	// The rates are of the messages that came while the clock ran, which are all
	// but the first. They are 0 where that is none.
	MsgsPerSecond  float64 `json:"msgs_per_s"`
	BytesPerSecond float64 `json:"bytes_per_s"`
}

// newThroughput is the result of a run whose last message came so long after its
// first.
func newThroughput(r Run, elapsed time.Duration) *Throughput {
	t := &Throughput{Pattern: "thr", Size: r.Size, Count: r.Count}
	if timed := r.Count - 1; timed > 0 {
		// A clock that is too coarse to see a short run has seen its own step at most.
		rate := float64(timed) / max(elapsed, 1).Seconds()
		t.MsgsPerSecond, t.BytesPerSecond = round(rate), round(rate*float64(r.Size))
	}
	return t
}

func (t *Throughput) header() string {
	return fmt.Sprintf("%10s %10s %12s %12s", "size", "count", "msgs/s", "MB/s")
}

func (t *Throughput) row() string {
	if t.Count == 1 {
		return fmt.Sprintf("%10d %10d %12s %12s", t.Size, t.Count, "-", "-")
	}
	return fmt.Sprintf("%10d %10d %12.0f %12.3f", t.Size, t.Count, t.MsgsPerSecond, t.BytesPerSecond/1e6)
}

// A Latency is the result of lat at the end that asks: how many microseconds
// round trips took.
type Latency struct {
	Pattern string  `json:"pattern"` // "lat"
	Size    int     `json:"size"`
	Count   int     `json:"count"`
	P50     float64 `json:"p50_us"`
	P90     float64 `json:"p90_us"`
	P99     float64 `json:"p99_us"`
	Max     float64 `json:"max_us"`
}

// newLatency is the result of a run whose round trips took so long each. It
// sorts them.
func newLatency(r Run, times []time.Duration) *Latency {
	slices.Sort(times)
	return &Latency{
		Pattern: "lat", Size: r.Size, Count: r.Count,
		P50: micros(percentile(times, 50)), P90: micros(percentile(times, 90)),
		P99: micros(percentile(times, 99)), Max: micros(times[len(times)-1]),
	}
}

// percentile is the shortest of the sorted times that p percent of them are not
// longer than: the nearest rank.
func percentile(times []time.Duration, p int) time.Duration {
	rank := (len(times)*p + 99) / 100
	return times[max(rank, 1)-1]
}

func micros(d time.Duration) float64 { return round(d.Seconds() * 1e6) }

func (l *Latency) header() string {
	return fmt.Sprintf("%10s %10s %10s %10s %10s %10s", "size", "count", "p50_us", "p90_us", "p99_us", "max_us")
}

func (l *Latency) row() string {
	return fmt.Sprintf("%10d %10d %10.1f %10.1f %10.1f %10.1f", l.Size, l.Count, l.P50, l.P90, l.P99, l.Max)
}

// round keeps three decimals, which is nanoseconds of microseconds.
func round(x float64) float64 { return math.Round(x*1e3) / 1e3 }

// A Printer writes results as rows of a table, or as one JSON object a line.
type Printer struct {
	w     io.Writer
	json  bool
	begun bool
}

// NewPrinter returns a Printer. All its results are to be of one Pattern.
func NewPrinter(w io.Writer, json bool) *Printer { return &Printer{w: w, json: json} }

// Print writes a result at once; the first row comes under a header.
func (p *Printer) Print(r Result) error {
	text := r.row()
	switch {
	case p.json:
		object, err := json.Marshal(r)
		if err != nil {
			return err
		}
		text = string(object)
	case !p.begun:
		text = r.header() + "\n" + text
	}
	p.begun = true
	_, err := fmt.Fprintln(p.w, text)
	return err
}
