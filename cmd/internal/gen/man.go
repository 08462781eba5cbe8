package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fogmq/cmd/internal/help"
	"fogmq/internal/codec"
)

// manualDate is the date that the pages carry. It is that of the manual, not
// of the day it is generated on, so that the same commands give the same pages.
const manualDate = "2026-11-25"

// A fact is a line of a table: a name or number, and what it means.
type fact struct{ term, meaning string }

// statuses are the exit statuses of a command.
func statuses(c *cobra.Command) []fact {
	list := []fact{
		{"0", "Done."},
		{"1", "Failed; one line on stderr says why."},
		{"2", "Wrong usage; one line on stderr says what is wrong."},
	}
	signalled := "Ended by signal N: 130 for Ctrl-C, 141 for a closed stdout."
	if !c.HasParent() || c.Flags().Lookup("timeout") != nil {
		list = append(list, fact{"124", "A wait took longer than --timeout allows."})
		signalled = "Ended by signal N, after what was received was printed: 130 for Ctrl-C, 141 for a closed stdout."
	}
	return append(list, fact{"128+N", signalled})
}

// files are what a command reads and writes, by the flag that says so.
func files(c *cobra.Command) (list []fact) {
	if c.Flags().Lookup("curve-key") != nil || c.Name() == "keygen" {
		list = append(list,
			fact{"NAME.key", "A public key: a certificate as CZMQ and pyzmq write it. Give it to others."},
			fact{"NAME.key_secret", "Both keys of a pair. Only its owner should be able to read it."})
	}
	if c.Flags().Lookup("plain-users") != nil || c.Name() == "keygen" {
		list = append(list, fact{"users of PLAIN", "Any file with a line NAME:HASH for each user. Empty lines, and lines that begin with #, are passed over."})
	}
	if c.Flags().Lookup("capture") != nil {
		list = append(list, fact{"FILE of --capture", "A JSON object for each message, added to what is there: what --input jsonl reads."})
	}
	return list
}

// endpointForms are the ways to write an endpoint.
var endpointForms = []fact{
	{"tcp://HOST:PORT", "a host by name or address; an IPv6 address stands in brackets. To bind, HOST may be an interface, or * for all of them."},
	{"HOST:PORT", "tcp://HOST:PORT"},
	{":PORT or PORT", "to bind tcp://*:PORT, to connect tcp://localhost:PORT"},
	{"tcp://*:*, :0 or HOST:0", "to bind any free port; the endpoint that came of it is printed on stderr"},
	{"ipc:///PATH", "a Unix socket in a file: programs on this machine. The file goes when the command ends."},
	{"ipc://@NAME", "the same by a name without a file, on Linux"},
}

// pageName is the name of a command's page, such as fogmq-pub.
func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manPage writes the page of one command.
func manPage(c *cobra.Command) string {
	name := pageName(c)
	r := &roff{}
	// The date stands unescaped: with \- for its hyphens it is none.
	fmt.Fprintf(r, ".TH %s 1 %s fogmq \"User Commands\"\n", escape(strings.ToUpper(name)), manualDate)
	r.macro("SH", "NAME")
	fmt.Fprintf(r, "%s \\- %s\n", escape(name), escape(lowerFirst(c.Short)))
	r.macro("SH", "SYNOPSIS")
	r.WriteString(bold(c.CommandPath()) + escape(strings.TrimPrefix(c.UseLine(), c.CommandPath())) + "\n")
	manDescription(r, c)
	manCommands(r, c)
	manOptions(r, c)
	if c.Flags().Lookup("bind") != nil || c.Flags().Lookup("frontend") != nil || strings.Contains(c.Use, " ENDPOINT") || !c.HasParent() {
		r.macro("SH", "ENDPOINTS")
		r.facts(endpointForms)
	}
	if c.Flags().Lookup("codec") != nil {
		r.macro("SH", "CODECS")
		for _, spec := range codec.Specs() {
			r.item(bold(spec.Usage), spec.Summary)
		}
	}
	manEnvironment(r, c)
	r.macro("SH", "EXIT STATUS")
	r.facts(statuses(c))
	if list := files(c); list != nil {
		r.macro("SH", "FILES")
		r.facts(list)
	}
	if c.Example != "" {
		r.macro("SH", "EXAMPLES")
		r.verbatim(c.Example)
	}
	manSeeAlso(r, c)
	return r.String()
}

func manDescription(r *roff, c *cobra.Command) {
	r.macro("SH", "DESCRIPTION")
	text := c.Long
	if text == "" {
		text = c.Short + "."
	}
	for i, paragraph := range strings.Split(text, "\n\n") {
		if i > 0 {
			r.macro("PP")
		}
		r.prose(paragraph)
	}
}

func manCommands(r *roff, c *cobra.Command) {
	for i, group := range c.Groups() {
		if i == 0 {
			r.macro("SH", "COMMANDS")
		}
		r.macro("SS", group.Title)
		for _, child := range c.Commands() {
			if child.GroupID == group.ID {
				r.item(bold(child.Name()), child.Short+".")
			}
		}
	}
}

func manOptions(r *roff, c *cobra.Command) {
	r.macro("SH", "OPTIONS")
	for _, group := range help.Groups(c) {
		r.macro("SS", group.Heading)
		for _, f := range group.Flags {
			r.item(manFlag(f), upperFirst(help.Usage(f))+".")
		}
	}
}

// manFlag is the term of a flag: "-b, --bind [ENDPOINT]".
func manFlag(f *pflag.Flag) string {
	var names []string
	for _, name := range help.Names(f) {
		names = append(names, bold(name))
	}
	term := strings.Join(names, ", ")
	if p := help.Placeholder(f); p != "" {
		term += " " + italic(p)
	}
	return term
}

// manSeeAlso names the commands of the same kind; the page of fogmq names all.
func manSeeAlso(r *roff, c *cobra.Command) {
	var refs []string
	related := c.Commands()
	if c.HasParent() {
		related = c.Parent().Commands()
		refs = append(refs, bold(pageName(c.Parent()))+"(1)")
	}
	for _, other := range related {
		if other != c && !other.Hidden && (!c.HasParent() || other.GroupID == c.GroupID) {
			refs = append(refs, bold(pageName(other))+"(1)")
		}
	}
	r.macro("SH", "SEE ALSO")
	r.WriteString(strings.Join(append(refs, bold("fogmq-topologies")+"(7)"), ",\n") + "\n")
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// upperFirst begins a sentence with a capital, unless its first word is to be
// typed as it stands.
func upperFirst(s string) string {
	for _, word := range []string{"raw", "sh "} {
		if strings.HasPrefix(s, word) {
			return s
		}
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
