package main

import (
	"fmt"
	"io"
	"strings"
)

// writeMarkdown writes tables for the README.
func (r report) writeMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s. Medians of %s, with the least and the greatest:\n\n```sh\n%s\n```\n",
		r.machine, r.options.turns(), r.options.command())
	for _, t := range tables(r.outcomes) {
		lines := escaped(append([][]string{append([]string{t.title}, t.head[1:]...)}, t.rows...))
		widths := widths(lines)
		rules := make([]string, len(widths))
		for i, width := range widths {
			rules[i] = strings.Repeat("-", width)
		}
		b.WriteString("\n")
		for i, cells := range lines {
			fmt.Fprintf(&b, "| %s |\n", padded(cells, widths, " | "))
			if i == 0 {
				fmt.Fprintf(&b, "| %s |\n", padded(rules, widths, " | "))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// escaped makes cells that a table can hold, whatever is in them.
func escaped(lines [][]string) [][]string {
	all := make([][]string, len(lines))
	for i, cells := range lines {
		for _, cell := range cells {
			all[i] = append(all[i], strings.ReplaceAll(cell, "|", `\|`))
		}
	}
	return all
}
