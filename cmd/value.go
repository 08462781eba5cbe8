package cmd

import "github.com/spf13/pflag"

// value is a flag that holds one T, checked when it is given. kind is the
// placeholder that help shows for it. It implements pflag.Value.
type value[T any] struct {
	dst   *T
	kind  string
	text  string
	parse func(string) (T, error)
}

// newValue makes the value of a flag that is stored in dst. def is what help
// shows as the default, and dst is set from it; an empty def leaves dst alone.
func newValue[T any](dst *T, kind, def string, parse func(string) (T, error)) *value[T] {
	v := &value[T]{dst: dst, kind: kind, parse: parse}
	if def != "" {
		if err := v.Set(def); err != nil {
			panic("default of a flag: " + err.Error())
		}
	}
	return v
}

func (v *value[T]) Set(text string) error {
	parsed, err := v.parse(text)
	if err != nil {
		return err
	}
	*v.dst, v.text = parsed, text
	return nil
}

func (v *value[T]) String() string { return v.text }
func (v *value[T]) Type() string   { return v.kind }

// listValue is a repeatable flag: each use appends to dst.
type listValue struct {
	dst  *[]string
	kind string
}

func (v *listValue) Set(text string) error {
	*v.dst = append(*v.dst, text)
	return nil
}

func (v *listValue) String() string { return "" }
func (v *listValue) Type() string   { return v.kind }

// GetSlice tells cobra that TAB may offer the flag again.
func (v *listValue) GetSlice() []string { return nil }

// fileValue is a repeatable flag of files. It takes several words at a time where
// a shell makes them of a pattern; see normalise.
type fileValue struct{ listValue }

// newText makes the value of a flag that takes any text.
func newText(dst *string, kind, def string) *value[string] {
	return newValue(dst, kind, def, func(s string) (string, error) { return s, nil })
}

// flagSet registers flags under the heading that help shows them below.
type flagSet struct {
	flags *pflag.FlagSet
	group string
}

func (f flagSet) add(v pflag.Value, name, short, usage string) *pflag.Flag {
	flag := f.flags.VarPF(v, name, short, usage)
	setGroup(flag, f.group)
	return flag
}

func (f flagSet) bool(dst *bool, name, short, usage string) {
	f.flags.BoolVarP(dst, name, short, false, usage)
	setGroup(f.flags.Lookup(name), f.group)
}
