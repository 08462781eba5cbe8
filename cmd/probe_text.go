package cmd

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fatih/color"
	"github.com/go-zeromq/zmq4"

	"fogmq/internal/shell"
	"fogmq/internal/zmtp"
)

// A probePage shows what was found out to people.
type probePage struct{ title, label, good, bad *color.Color }

func newProbePage(colored bool) probePage {
	page := probePage{color.New(color.Bold), color.New(color.Faint), color.New(color.FgGreen), color.New(color.FgRed)}
	for _, c := range []*color.Color{page.title, page.label, page.good, page.bad} {
		// This makes the choice ours and not that of the package's global.
		if c.DisableColor(); colored {
			c.EnableColor()
		}
	}
	return page
}

// longestValue bounds what is shown of a peer's property, in characters.
const longestValue = 200

// text is the block of one endpoint.
func (g probePage) text(p probed, within time.Duration) string {
	var b strings.Builder
	line := func(label, format string, args ...any) {
		fmt.Fprintf(&b, "  %s %s\n", g.label.Sprintf("%-11s", label), fmt.Sprintf(format, args...))
	}
	fmt.Fprintln(&b, g.title.Sprint(shell.Escape(p.endpoint.String())))
	if p.Address != "" && !strings.HasSuffix(p.endpoint.String(), "://"+p.Address) {
		line("address", "%s", shell.Escape(p.Address))
	}
	if p.err != nil {
		line("failed", "%s", g.bad.Sprint(shell.Escape(reason(p.err, within))))
	}
	if p.Major > 0 {
		line("protocol", "%s", protocolOf(p))
	}
	if text := g.socketOf(p); text != "" {
		line("socket", "%s", text)
	}
	if len(p.ID) > 0 {
		line("identity", "%s", shell.FormatRoutingID(p.ID))
	}
	for _, name := range slices.Sorted(maps.Keys(p.Meta)) {
		if name != zmtp.PropertySocketType && name != zmtp.PropertyIdentity {
			line("property", "%s: %s", shorten40(name), shortenTo(p.Meta[name], longestValue))
		}
	}
	if p.Address != "" {
		line("connect", "%v", span(p.Connect))
	}
	if p.Handshake > 0 {
		line("handshake", "%v", span(p.Handshake))
	}
	if text := roundTripsOf(p); text != "" {
		line("round trip", "%s", text)
	}
	return b.String()
}

// protocolOf is the version of ZMTP and the mechanism.
func protocolOf(p probed) string {
	if p.Major < 3 {
		return fmt.Sprintf("ZMTP %s, too old for fogmq: ZMTP 3.0 (ZeroMQ 4.0) or newer is needed", version(p))
	}
	role := ""
	if p.Server {
		role = ", as the server"
	}
	return fmt.Sprintf("ZMTP %s, %s%s", version(p), shell.Escape(string(p.Mechanism)), role)
}

func version(p probed) string { return fmt.Sprintf("%d.%d", p.Major, p.Minor) }

// socketOf is the type of socket with those that it talks to, or what is needed to
// have it told.
func (g probePage) socketOf(p probed) string {
	switch {
	case p.Type != "":
		text := g.good.Sprint(shortenTo(string(p.Type), 40))
		if peers := zmtp.Compatible(p.Type); len(peers) > 0 {
			return text + ", talks to " + join(peers, " and ")
		}
		return text + ", a type that fogmq does not know"
	case len(p.OneOf) > 0:
		return join(p.OneOf, " or ") + ": it talks to no other"
	case p.err != nil || p.Major < 3:
		return ""
	}
	return "not told: " + needed(p)
}

// needed is what a peer asks for before it tells more.
func needed(p probed) string {
	switch p.Mechanism {
	case zmq4.CurveSecurity:
		return "it needs a key to say more (--curve-key and --curve-peer)"
	case zmq4.PlainSecurity:
		return "it needs a user to say more (--plain-user and --plain-password-file)"
	case zmq4.NullSecurity:
		return "it does not say what socket it is"
	}
	return "fogmq knows no such mechanism"
}

// roundTripsOf is the times of the PINGs, or why there are none.
func roundTripsOf(p probed) string {
	n := len(p.RoundTrips)
	switch {
	case n == 1:
		return span(p.RoundTrips[0])
	case n > 1:
		least, median, most := spread(p.RoundTrips)
		return fmt.Sprintf("%s, the median of %d (%s to %s)", span(median), n, span(least), span(most))
	case p.NoPings != nil:
		return "not measured: " + shell.Escape(p.NoPings.Error())
	}
	return ""
}

// spread is the shortest, the middle and the longest of some times.
func spread(times []time.Duration) (least, median, most time.Duration) {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[0], sorted[(len(sorted)-1)/2], sorted[len(sorted)-1]
}

// span is a time as long as people care to read it.
func span(d time.Duration) string {
	if d < 10*time.Millisecond {
		return d.Round(time.Microsecond).String()
	}
	return d.Round(100 * time.Microsecond).String()
}

func join(types []zmq4.SocketType, separator string) string {
	var b strings.Builder
	for i, t := range types {
		switch {
		case i > 0 && i == len(types)-1:
			b.WriteString(separator)
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(string(t))
	}
	return b.String()
}

func shorten40(text string) string { return shortenTo(text, 40) }

// shortenTo is text of a peer, fit for a terminal, of which at most so many
// characters are shown.
func shortenTo(text string, most int) string {
	shown := shell.Escape(text)
	if utf8.RuneCountInString(shown) <= most {
		return shown
	}
	return fmt.Sprintf("%s... (%d bytes)", string([]rune(shown)[:most]), len(text))
}
