package topics

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"fogmq/internal/shell"
)

const (
	// topicWidth is how wide the column of topics gets at most; the value takes what is left of the line.
	topicWidth = 32
	sparkWidth = 16
	valueWidth = 60 // where nothing bounds it
)

// Heading is the line above rows whose topics need so many columns.
func Heading(width int) string {
	return fmt.Sprintf("%s %8s %8s %8s %6s %-*s %s", pad("TOPIC", width), "MSG/S", "B/S", "TOTAL", "AGE", sparkWidth, "PAST", "LAST")
}

// TopicWidth is how many columns the topics of rows need, within bounds.
func TopicWidth(rows []Row) int {
	width := len("TOPIC")
	for _, r := range rows {
		width = max(width, uniseg.StringWidth(r.label()))
	}
	return min(width, topicWidth)
}

// Line is one row, with nothing in it that a terminal would obey; topics take width columns.
func (r Row) Line(width int, now time.Time) string {
	age := Age(now.Sub(r.Last))
	if r.Last.IsZero() {
		age = "-"
	}
	return fmt.Sprintf("%s %8s %8s %8s %6s %s %s", pad(r.label(), width), Count(r.PerSecond), Count(r.BytesPerSecond),
		Count(float64(r.Messages)), age, Sparkline(r.Past, sparkWidth), r.valueText())
}

func (r Row) label() string {
	switch {
	case r.Others:
		return fmt.Sprintf("(beyond %d topics)", MaxTopics)
	case r.Cut:
		return shell.Escape(r.Topic) + "…"
	case r.Topic == "":
		return "(none)"
	}
	return shell.Escape(r.Topic)
}

func (r Row) valueText() string {
	switch {
	case r.Size == 0:
		return ""
	case !utf8.Valid(r.Value):
		return fmt.Sprintf("%d bytes", r.Size)
	case r.Size > len(r.Value):
		return fmt.Sprintf("%s… (%d bytes)", shell.Escape(string(r.Value)), r.Size)
	}
	return shell.Escape(string(r.Value))
}

// pad makes text exactly width columns wide.
func pad(text string, width int) string {
	if uniseg.StringWidth(text) > width {
		text = Cut(text, width-1) + "…"
	}
	return text + strings.Repeat(" ", max(0, width-uniseg.StringWidth(text)))
}

// Cut returns as much of text as fits into width columns.
func Cut(text string, width int) string {
	rest, state, used, at := text, -1, 0, 0
	for len(rest) > 0 {
		var cluster string
		var wide int
		cluster, rest, wide, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if used += wide; used > width {
			return text[:at]
		}
		at += len(cluster)
	}
	return text
}

// AppendText appends rows as a table with a heading.
func AppendText(dst []byte, rows []Row, now time.Time) []byte {
	width := TopicWidth(rows)
	dst = append(append(dst, Heading(width)...), '\n')
	for _, r := range rows {
		line := r.Line(width, now)
		value := r.valueText()
		if uniseg.StringWidth(value) > valueWidth {
			line = strings.TrimSuffix(line, value) + Cut(value, valueWidth-1) + "…"
		}
		dst = append(append(dst, strings.TrimRight(line, " ")...), '\n')
	}
	return dst
}
