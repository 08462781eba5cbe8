package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// writeText writes tables for a terminal.
func (r report) writeText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\nmedians (least–greatest) of %s\n", r.machine, r.options.command(), r.options.turns())
	for _, t := range tables(r.outcomes) {
		fmt.Fprintf(&b, "\n%s\n", t.title)
		lines := append([][]string{t.head}, t.rows...)
		widths := widths(lines)
		for _, cells := range lines {
			b.WriteString(strings.TrimRight("  "+padded(cells, widths, "  "), " ") + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// widths are those of the columns.
func widths(lines [][]string) []int {
	all := make([]int, len(lines[0]))
	for _, cells := range lines {
		for i, cell := range cells {
			all[i] = max(all[i], utf8.RuneCountInString(cell))
		}
	}
	return all
}

// padded joins cells that are filled up to the widths of their columns.
func padded(cells []string, widths []int, between string) string {
	full := make([]string, len(cells))
	for i, cell := range cells {
		full[i] = cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
	}
	return strings.Join(full, between)
}
