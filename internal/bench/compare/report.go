package main

import "io"

// A report is all that there is to tell of a comparison.
type report struct {
	machine  machine
	options  options
	missing  []string // a line for each thing that this machine lacks
	outcomes []outcome
}

// write writes the report in the form that was asked for.
func (r report) write(w io.Writer) error {
	switch {
	case r.options.json:
		return r.writeJSON(w)
	case r.options.markdown:
		return r.writeMarkdown(w)
	default:
		return r.writeText(w)
	}
}
