package main

import (
	"math"
	"strconv"
	"strings"
)

// A unit writes a figure for people, with three digits.
type unit func(float64) string

// perSecond is for rates.
func perSecond(v float64) string { return decimal(v, 1000, "", " k", " M", " G") + "/s" }

// micros is for microseconds.
func micros(v float64) string { return decimal(v, 1000, " µs", " ms", " s") }

// millis is for milliseconds.
func millis(v float64) string { return decimal(v, 1000, " ms", " s") }

// bytesOf is for sizes in memory.
func bytesOf(v float64) string { return decimal(v, 1000, " B", " kB", " MB", " GB") }

// times is for ratios.
func times(v float64) string { return digits(v) + "×" }

// messages is for rates of messages of size bytes.
func messages(size int) unit {
	return func(v float64) string {
		return perSecond(v) + ", " + bytesOf(v*float64(size)) + "/s"
	}
}

// decimal writes v with the largest of the names that leaves it at 1 or more,
// each of which stands for step times the one before.
func decimal(v, step float64, names ...string) string {
	i := 0
	for ; i < len(names)-1 && math.Abs(v) >= step*0.9995; i++ {
		v /= step
	}
	return digits(v) + names[i]
}

// digits writes three of them, or all of a greater number's whole part.
func digits(v float64) string {
	switch a := math.Abs(v); {
	case a >= 99.95:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case a >= 9.995:
		return strconv.FormatFloat(v, 'f', 1, 64)
	default:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
}

// span writes the least and the greatest of the figures as shortly as they let it.
func span(s summary, u unit) string {
	low, _, _ := strings.Cut(u(s.Min), ",")
	high, _, _ := strings.Cut(u(s.Max), ",")
	number, name, _ := strings.Cut(low, " ")
	if _, other, _ := strings.Cut(high, " "); other == name {
		low = number
	}
	return low + "–" + high
}
