package cmd

import (
	"fmt"
	"math"
	"strconv"
)

// atLeast gives the parser of a whole decimal number that is min or more.
func atLeast(min int) func(string) (int, error) {
	return func(s string) (int, error) {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || n < int64(min) || n > math.MaxInt {
			return 0, fmt.Errorf("not a whole number of %d or more", min)
		}
		return int(n), nil
	}
}
