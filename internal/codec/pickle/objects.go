package pickle

// A global is what a module has under a name: a class, a function, anything. attr is what was taken from it in turn.
type global struct {
	shown
	module, name, attr string
	path               string // all three, once they have been joined
}

const shortPath = 100

// isShort tells a path that is worth joining to look it up, whatever it is.
func (g *global) isShort() bool { return len(g.module)+len(g.name)+len(g.attr) <= shortPath }

// join returns MODULE.NAME or MODULE.NAME.ATTR.
func (g *global) join() string {
	if g.path == "" {
		g.path = g.module + "." + g.name
		if g.attr != "" {
			g.path += "." + g.attr
		}
	}
	return g.path
}

// An object is what a class or function would have made, had it been called.
type object struct {
	shown
	class  any // a *global or an *object
	args   []any
	kwargs any
	items  []any
	pairs  []pair
	state  any
}

// knownName is the name under which the object would be known, and empty where it is too long for any.
func (o *object) knownName() string {
	if g, ok := o.class.(*global); ok && g.isShort() {
		return g.join()
	}
	return ""
}

// textOf returns what v says, if it is a text.
func textOf(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case byteString:
		return v.text, v.isText
	}
	return "", false
}

func (m *machine) lines() (module, name string, err error) {
	first, err := m.line()
	if err != nil {
		return "", "", err
	}
	second, err := m.line()
	if err != nil {
		return "", "", err
	}
	module, name = string(first), string(second)
	if !isText(module) || !isText(name) {
		return "", "", m.failf("a name that is not UTF-8")
	}
	return module, name, nil
}

func (m *machine) global() error {
	module, name, err := m.lines()
	m.push(newGlobal(module, name))
	return err
}

func (m *machine) stackGlobal() error {
	names, err := m.popN(2)
	if err != nil {
		return err
	}
	module, ok := textOf(names[0])
	name, ok2 := textOf(names[1])
	if !ok || !ok2 {
		return m.failf("a name that is no text")
	}
	m.push(newGlobal(module, name))
	return nil
}

// reduce is REDUCE and NEWOBJ: a class or function is called with a tuple.
func (m *machine) reduce() error {
	operands, err := m.popN(2)
	if err != nil {
		return err
	}
	args, ok := operands[1].(*list)
	if !ok || args.kind != aTuple {
		return m.failf("arguments that are no tuple")
	}
	return m.call(operands[0], args.items, nil)
}

func (m *machine) newObjEx() error {
	operands, err := m.popN(3)
	if err != nil {
		return err
	}
	args, ok := operands[1].(*list)
	if !ok || args.kind != aTuple {
		return m.failf("arguments that are no tuple")
	}
	return m.call(operands[0], args.items, operands[2])
}

func (m *machine) inst() error {
	module, name, err := m.lines()
	if err != nil {
		return err
	}
	args, err := m.popMark()
	if err != nil {
		return err
	}
	return m.call(newGlobal(module, name), args, nil)
}

func (m *machine) obj() error {
	items, err := m.popMark()
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return m.failf("a class is missing")
	}
	return m.call(items[0], items[1:], nil)
}

// build gives an object its state.
func (m *machine) build() error {
	state, err := m.pop()
	if err != nil {
		return err
	}
	target, err := m.top()
	if err != nil {
		return err
	}
	o, ok := target.(*object)
	if !ok {
		return m.failf("a state for what is no object")
	}
	o.state = state
	return nil
}

// call makes the object of a call. The functions by which Python itself makes objects are seen through.
func (m *machine) call(callee any, args []any, kwargs any) error {
	switch callee.(type) {
	case *global, *object:
	default:
		return m.failf("a call of what is no class or function")
	}
	o := &object{class: callee, args: args, kwargs: kwargs}
	g, _ := callee.(*global)
	switch {
	case g.is("copyreg", "_reconstructor") && len(args) == 3 && isGlobal(args[0]):
		o.class, o.args = args[0], args[2:]
		if base, ok := args[1].(*global); ok && base.is("builtins", "object") {
			o.args = nil
		}
	case g.is("copyreg", "__newobj__") && len(args) > 0 && isGlobal(args[0]):
		o.class, o.args = args[0], args[1:]
	case g.is("copyreg", "__newobj_ex__") && len(args) == 3 && isGlobal(args[0]):
		if positional, ok := args[1].(*list); ok {
			o.class, o.args, o.kwargs = args[0], positional.items, args[2]
		}
	case g.is("builtins", "getattr") && len(args) == 2:
		class, _ := args[0].(*global)
		if attr, ok := textOf(args[1]); ok && class != nil && class.attr == "" {
			m.push(&global{module: class.module, name: class.name, attr: attr})
			return nil
		}
	}
	m.push(o)
	return nil
}

func isGlobal(v any) bool {
	_, ok := v.(*global)
	return ok
}

func (g *global) is(module, name string) bool {
	return g != nil && g.module == module && g.name == name && g.attr == ""
}

// newGlobal returns a global under the name that Python 3 has for it: protocols 0 to 2 write Python 2's.
func newGlobal(module, name string) *global {
	switch module {
	case "__builtin__":
		module = "builtins"
		if now, ok := python2Builtins[name]; ok {
			name = now
		}
	case "exceptions":
		module = "builtins"
	case "copy_reg":
		module = "copyreg"
	}
	return &global{module: module, name: name}
}

var python2Builtins = map[string]string{
	"xrange": "range", "long": "int", "unicode": "str", "basestring": "str", "unichr": "chr", "raw_input": "input",
}
