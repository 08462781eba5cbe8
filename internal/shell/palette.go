package shell

import (
	"hash/fnv"

	"github.com/fatih/color"
)

// channelColors are those that can be read on light and on dark ground.
var channelColors = []color.Attribute{
	color.FgCyan, color.FgGreen, color.FgMagenta, color.FgYellow, color.FgBlue,
	color.FgHiCyan, color.FgHiGreen, color.FgHiMagenta,
}

// A palette colours the parts of pretty; without colours it adds nothing.
type palette struct {
	colored  bool
	title    *color.Color
	label    *color.Color
	channels []*color.Color
}

func newPalette(colored bool) palette {
	p := palette{colored: colored}
	if !colored {
		return p
	}
	// EnableColor makes the choice ours and not that of the package's global.
	p.title = color.New(color.Bold)
	p.title.EnableColor()
	p.label = color.New(color.Faint)
	p.label.EnableColor()
	for _, attribute := range channelColors {
		c := color.New(attribute, color.Bold)
		c.EnableColor()
		p.channels = append(p.channels, c)
	}
	return p
}

func (p palette) appendTitle(dst []byte, text string) []byte {
	if !p.colored {
		return append(dst, text...)
	}
	return append(dst, p.title.Sprint(text)...)
}

func (p palette) appendLabel(dst []byte, text string) []byte {
	if !p.colored {
		return append(dst, text...)
	}
	return append(dst, p.label.Sprint(text)...)
}

// appendChannel appends text in the colour of the channel called name: the same in every run.
func (p palette) appendChannel(dst, name, text []byte) []byte {
	if !p.colored {
		return append(dst, text...)
	}
	hash := fnv.New32a()
	hash.Write(name)
	c := p.channels[hash.Sum32()%uint32(len(p.channels))]
	return append(dst, c.Sprint(string(text))...)
}
