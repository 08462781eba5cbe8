package topics

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// sparks are eighths of a line's height.
var sparks = []rune(" ▁▂▃▄▅▆▇█")

// Sparkline draws how much came in the last ticks, as wide as width: the most of them fills the line's height, and what
// is not nothing is seen.
func Sparkline(past []uint64, width int) string {
	if len(past) > width {
		past = past[len(past)-width:]
	}
	most := uint64(0)
	for _, n := range past {
		most = max(most, n)
	}
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", width-len(past)))
	for _, n := range past {
		level := 0
		if n > 0 {
			level = 1 + int(float64(n)/float64(most)*float64(len(sparks)-2))
		}
		b.WriteRune(sparks[level])
	}
	return b.String()
}

// Count is a number in four figures at most: 999, 1.23k, 12.3M.
func Count(n float64) string {
	for _, unit := range []string{"", "k", "M", "G", "T"} {
		if n < 999.5 || unit == "T" {
			return threeFigures(n, unit)
		}
		n /= 1000
	}
	return ""
}

func threeFigures(n float64, unit string) string {
	digits := 0
	switch {
	case unit == "" && n == float64(int64(n)), n >= 99.95:
	case n >= 9.995:
		digits = 1
	case unit == "":
		digits = 1
	default:
		digits = 2
	}
	return strconv.FormatFloat(n, 'f', digits, 64) + unit
}

// Age is how long ago something was, in its largest unit.
func Age(d time.Duration) string {
	switch {
	case d < 0:
		return "0s"
	case d < 10*time.Second:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0fs", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0fm", d.Minutes())
	case d < 48*time.Hour:
		return fmt.Sprintf("%.0fh", d.Hours())
	}
	return fmt.Sprintf("%.0fd", d.Hours()/24)
}
