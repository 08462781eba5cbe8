package cmd

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"
)

var bareSeconds = regexp.MustCompile(`^(\d+\.?\d*|\.\d+)$`)

// parseDuration reads a Go duration ("250ms", "1m30s") or bare seconds ("2",
// "0.5"), zero or more.
func parseDuration(s string) (time.Duration, error) {
	if bareSeconds.MatchString(s) {
		seconds, err := strconv.ParseFloat(s, 64)
		if err != nil || seconds*float64(time.Second) >= math.MaxInt64 {
			return 0, fmt.Errorf("too long: at most %s", time.Duration(math.MaxInt64).Truncate(time.Hour))
		}
		return time.Duration(math.Round(seconds * float64(time.Second))), nil
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, errors.New("not a duration, such as 250ms, 2s, 1m or 0.5 (seconds)")
	}
	if d < 0 {
		return 0, errors.New("a duration can't be negative")
	}
	return d, nil
}

// parseWait reads a duration that must be longer than zero.
func parseWait(s string) (time.Duration, error) {
	d, err := parseDuration(s)
	if err == nil && d == 0 {
		return 0, errors.New("must be longer than 0, such as 250ms, 2s, 1m or 0.5 (seconds)")
	}
	return d, err
}
