package cmd

import (
	"fmt"
	"strings"
)

// oneOf gives the parser of a flag that takes one of a few words.
func oneOf(words ...string) func(string) (string, error) {
	return func(s string) (string, error) {
		for _, word := range words {
			if s == word {
				return s, nil
			}
		}
		return "", fmt.Errorf("not one of %s%s", strings.Join(words, ", "), suggest(s, words))
	}
}

// suggest returns ": did you mean X?" for the candidate that is closest to
// word, and "" where none is close enough to be what was meant.
func suggest(word string, candidates []string) string {
	best, distance := "", max(1, min(2, (len(word)-1)/2))+1
	for _, candidate := range candidates {
		d := editDistance(word, candidate)
		if len(word) > 2 && strings.HasPrefix(candidate, word) {
			d = 1
		}
		if d < distance {
			best, distance = candidate, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(": did you mean %s?", best)
}

// editDistance counts the insertions, deletions and replacements of a byte, and the
// swaps of two neighbours, that turn a into b (optimal string alignment).
func editDistance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := last[j]
			if a[i] != b[j] {
				cost = 1 + min(last[j], row[j], last[j+1])
			}
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				cost = min(cost, before[j-1]+1)
			}
			row[j+1] = cost
		}
		before, last = last, row
	}
	return last[len(b)]
}
