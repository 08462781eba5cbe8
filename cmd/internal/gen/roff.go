package main

import (
	"fmt"
	"strings"
)

// roff collects a page in the man(7) macros.
type roff struct{ strings.Builder }

// text characters that roff would read as something else, or typeset as a
// sign that can't be pasted into a shell.
var roffText = strings.NewReplacer(
	`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`, `"`, `\(dq`)

// escape makes text stand for itself in the middle of a line.
func escape(s string) string { return roffText.Replace(s) }

// line makes text stand for itself as a line of its own.
func line(s string) string {
	s = escape(s)
	if strings.HasPrefix(s, ".") {
		return `\&` + s
	}
	return s
}

func bold(s string) string   { return `\fB` + escape(s) + `\fR` }
func italic(s string) string { return `\fI` + escape(s) + `\fR` }

// macro writes a line that begins with a macro; its arguments are quoted.
func (r *roff) macro(name string, args ...string) {
	r.WriteString("." + name)
	for _, arg := range args {
		fmt.Fprintf(r, ` "%s"`, escape(arg))
	}
	r.WriteByte('\n')
}

// sourceWidth is what mandoc(1) likes a line of text to have at most, in bytes.
const sourceWidth = 80

// prose writes one filled paragraph.
func (r *roff) prose(text string) {
	var written string
	for word := range strings.FieldsSeq(text) {
		switch longer := written + " " + escape(word); {
		case written == "":
			written = line(word)
		case len(longer) <= sourceWidth:
			written = longer
		default:
			r.WriteString(written + "\n")
			written = line(word)
		}
	}
	r.WriteString(written + "\n")
}

// item writes a term and what is said of it. term holds roff already.
func (r *roff) item(term, text string) {
	r.macro("TP")
	r.WriteString(term + "\n")
	r.prose(text)
}

// facts writes a list of terms as they are typed.
func (r *roff) facts(list []fact) {
	for _, f := range list {
		r.item(bold(f.term), f.meaning)
	}
}

// verbatim writes lines that are neither filled nor joined.
func (r *roff) verbatim(text string) {
	r.macro("EX")
	for _, l := range strings.Split(strings.TrimSpace(text), "\n") {
		r.WriteString(line(l) + "\n")
	}
	r.macro("EE")
}
