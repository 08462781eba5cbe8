package main

import "slices"

// A summary is what many samples of one figure come to.
type summary struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// summarize needs one value at least.
func summarize(values []float64) summary {
	return summary{Median: median(values), Min: slices.Min(values), Max: slices.Max(values)}
}

// median returns the value in the middle, or the mean of both that are there.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}
