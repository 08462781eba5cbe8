package main

import "slices"

// A table is the report of one group of scenes: a row a figure.
type table struct {
	title string
	head  []string
	rows  [][]string
}

// tables lays out all that was measured, in the order of the scenes.
func tables(outcomes []outcome) []table {
	var all []table
	for len(outcomes) > 0 {
		n := 1
		for n < len(outcomes) && outcomes[n].group == outcomes[0].group {
			n++
		}
		all = append(all, newTable(outcomes[:n]))
		outcomes = outcomes[n:]
	}
	return all
}

func newTable(group []outcome) table {
	t := table{title: group[0].group, head: []string{"", nameFogmq}}
	others, limited := columns(group)
	if limited {
		t.head = append(t.head, "limit")
	}
	for _, name := range others {
		t.head = append(t.head, name, "fogmq ÷ "+name)
	}
	for i := range group {
		for _, m := range group[i].metrics {
			t.rows = append(t.rows, row(&group[i], m, others, limited))
		}
	}
	return t
}

// columns returns the contestants besides fogmq that have a figure to show, and
// whether fogmq's own have limits.
func columns(group []outcome) (others []string, limited bool) {
	for i := range group {
		for _, m := range group[i].metrics {
			limited = limited || m.limit.isSet()
		}
		for _, e := range group[i].entries {
			if e.name != nameFogmq && !e.absent && !slices.Contains(others, e.name) {
				others = append(others, e.name)
			}
		}
	}
	return others, limited
}

func row(o *outcome, m metric, others []string, limited bool) []string {
	title := o.title
	if m.title != "" {
		title += ", " + m.title
	}
	ours, ok := o.summaryOf(nameFogmq, m.key)
	cells := []string{title, o.cell(nameFogmq, m)}
	if limited {
		cell := ""
		if ok && m.limit.isSet() {
			cell = m.limit.verdict(ours.Median, m.unit)
		}
		cells = append(cells, cell)
	}
	for _, name := range others {
		ratio := ""
		if theirs, both := o.summaryOf(name, m.key); both && ok && theirs.Median > 0 {
			ratio = ratioCell(ours.Median/theirs.Median, m.goals[name])
		}
		cells = append(cells, o.cell(name, m), ratio)
	}
	return cells
}

func (o *outcome) summaryOf(name, key string) (summary, bool) {
	if e := o.entry(name); e != nil {
		return e.summary(key)
	}
	return summary{}, false
}

// cell shows the median of a contestant's figures, and their least and greatest.
func (o *outcome) cell(name string, m metric) string {
	e := o.entry(name)
	if e == nil || e.absent {
		return ""
	}
	s, ok := e.summary(m.key)
	switch {
	case e.err != nil:
		return "failed"
	case !ok:
		return ""
	case s.Min == s.Max:
		return m.unit(s.Median)
	default:
		return m.unit(s.Median) + " (" + span(s, m.unit) + ")"
	}
}

func ratioCell(ratio float64, g goal) string {
	if !g.isSet() {
		return times(ratio)
	}
	return times(ratio) + " (" + g.verdict(ratio, times) + ")"
}
