package cmd

import (
	"fogmq/internal/patterns"
)

// endpoint is one --bind or --connect.
type endpoint struct {
	bind bool
	patterns.Endpoint
}

// endpointValue is --bind or --connect. Both append to one list, which so
// keeps the order they were given in.
type endpointValue struct {
	bind bool
	list *[]endpoint
}

func (v *endpointValue) Set(text string) error {
	parsed, err := patterns.ParseEndpoint(text, v.bind)
	if err != nil {
		return err
	}
	*v.list = append(*v.list, endpoint{v.bind, parsed})
	return nil
}

func (v *endpointValue) String() string { return "" }
func (v *endpointValue) Type() string   { return "ENDPOINT" }

// GetSlice tells cobra that TAB may offer the flag again.
func (v *endpointValue) GetSlice() []string { return nil }

// endpointFlags are where a socket binds and connects.
type endpointFlags struct {
	list []endpoint
}

// defaultSide is what a socket does when neither flag is given.
type defaultSide int

const (
	binds defaultSide = iota
	connects
	asksForSide
)

func (f *endpointFlags) register(fs flagSet, side defaultSide) {
	fs.group = groupEndpoints
	add := func(isBind, isDefault bool, name, short, usage, bare string) {
		usage += ", repeatable; without ENDPOINT: " + bare
		if isDefault {
			usage += ", which is the default here"
		}
		fs.add(&endpointValue{isBind, &f.list}, name, short, usage).NoOptDefVal = bare
	}
	add(true, side == binds, "bind", "b", "listen there", patterns.DefaultBind)
	add(false, side == connects, "connect", "c", "connect there", patterns.DefaultConnect)
}

// resolve returns the endpoints in the order given, or the default one.
func (f *endpointFlags) resolve(side defaultSide) ([]endpoint, error) {
	if len(f.list) > 0 {
		return f.list, nil
	}
	var list []endpoint
	value, text := endpointValue{side == binds, &list}, patterns.DefaultConnect
	switch side {
	case binds:
		text = patterns.DefaultBind
	case asksForSide:
		return nil, usagef("give --bind or --connect: either end may be the one that binds")
	}
	if err := value.Set(text); err != nil {
		return nil, err
	}
	return list, nil
}
