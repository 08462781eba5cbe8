package codec

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

const quoteMax = 40

// quote shows s in an error: on one line, with nothing that a terminal would obey, shortened.
func quote[T string | []byte](s T) string {
	if len(s) <= quoteMax {
		return strconv.Quote(string(s))
	}
	cut := quoteMax
	for i := 0; i < utf8.UTFMax-1 && !utf8.RuneStart(s[cut]); i++ {
		cut--
	}
	return strconv.Quote(string(s[:cut])) + "…"
}

// shorten is quote for a token that is known to be a number.
func shorten[T string | []byte](s T) string {
	if len(s) <= quoteMax {
		return string(s)
	}
	return string(s[:quoteMax]) + "…"
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func orList(numbers []int) string {
	var b strings.Builder
	for i, n := range numbers {
		switch {
		case i > 0 && i == len(numbers)-1:
			b.WriteString(" or ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

// didYouMean returns a hint for a name that nearly is one of names, else nothing.
func didYouMean(name string, names []string) string {
	best, distance := "", 3
	if len(name) < 4 {
		distance = 2
	}
	if len(name) > quoteMax {
		return ""
	}
	for _, candidate := range names {
		if d := editDistance(strings.ToLower(name), strings.ToLower(candidate)); d < distance {
			best, distance = candidate, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", best)
}

// editDistance counts the letters to insert, delete, replace or swap with their neighbour to get from a to b.
func editDistance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

func trimSpace(text []byte) []byte { return bytes.Trim(text, " \t\r\n") }
