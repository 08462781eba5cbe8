package shell

import (
	"hash/fnv"
	"strings"

	"github.com/fatih/color"
)

// channelColors are those that can be read on light and on dark ground.
var channelColors = []color.Attribute{
	color.FgCyan, color.FgGreen, color.FgMagenta, color.FgYellow, color.FgBlue,
	color.FgHiCyan, color.FgHiGreen, color.FgHiMagenta,
}

// A palette colours the parts of pretty; without colours it adds nothing.
type palette struct {
	title, label paint
	channels     []paint
}

// A paint is what a terminal is told before and after text of one colour.
type paint struct{ before, after string }

func newPaint(attributes ...color.Attribute) paint {
	c := color.New(attributes...)
	// This makes the choice ours and not that of the package's global.
	c.EnableColor()
	before, after, _ := strings.Cut(c.Sprint(" "), " ")
	return paint{before, after}
}

func newPalette(colored bool) palette {
	if !colored {
		return palette{}
	}
	p := palette{title: newPaint(color.Bold), label: newPaint(color.Faint)}
	for _, attribute := range channelColors {
		p.channels = append(p.channels, newPaint(attribute, color.Bold))
	}
	return p
}

// channel returns the colour of the channel called name: the same in every run.
func (p palette) channel(name []byte) paint {
	if len(p.channels) == 0 {
		return paint{}
	}
	hash := fnv.New32a()
	hash.Write(name)
	return p.channels[hash.Sum32()%uint32(len(p.channels))]
}

func (p paint) append(dst []byte, text string) []byte {
	dst = append(dst, p.before...)
	dst = append(dst, text...)
	return append(dst, p.after...)
}
