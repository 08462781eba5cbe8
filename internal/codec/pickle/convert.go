package pickle

import (
	"fmt"
	"math"
	"math/big"

	"fogmq/internal/codec/value"
)

// A converter turns what the machine made into values. Each list, dict and object is converted once, however often the
// pickle refers to it.
type converter struct {
	arrays ArrayText
	limit  int
	left   int // of limit, which all text and all elements are charged to
	zones  zones
	longs  map[*big.Int]value.Number // those that take long to convert
}

// shown is what a list, dict or object becomes.
type shown struct {
	value value.Value
	stage stage
}

type stage uint8

const (
	untouched stage = iota
	inWork
	done
)

func (s *shown) conversion() *shown { return s }

type node interface{ conversion() *shown }

// elementCost is what an element is charged, in bytes of text: the memory that it takes.
const elementCost = 32

// charge pays for text or elements that are made. Those of a pickle that Python wrote follow its length. What goes beyond
// are many views of the same data, built to exhaust us.
func (c *converter) charge(n int) error {
	if c.left -= n; c.left < 0 {
		return fmt.Errorf("the text of the value is longer than %d bytes", c.limit)
	}
	return nil
}

func (c *converter) value(v any, depth int) (value.Value, error) {
	switch v := v.(type) {
	case node:
		return c.node(v, depth)
	case byteString:
		if !v.isText {
			return v.raw, nil
		}
		return v.text, nil
	case *big.Int:
		return c.long(v)
	}
	return v, nil
}

// quickBits is how long an integer may be that is converted to decimal each time.
const quickBits = 4096

func (c *converter) long(n *big.Int) (value.Value, error) {
	if n.BitLen() <= quickBits {
		return n, nil
	}
	text, ok := c.longs[n]
	if !ok {
		if c.longs == nil {
			c.longs = map[*big.Int]value.Number{}
		}
		text = value.Number(n.String())
		c.longs[n] = text
		return text, c.charge(len(text))
	}
	return text, nil
}

func (c *converter) node(n node, depth int) (value.Value, error) {
	s := n.conversion()
	switch {
	case s.stage == done:
		return s.value, nil
	case s.stage == inWork:
		return nil, fmt.Errorf("%s contains itself", describe(n))
	case depth >= value.MaxDepth:
		return nil, value.ErrDepth
	}
	s.stage = inWork
	var err error
	switch n := n.(type) {
	case *list:
		s.value, err = c.list(n.items, depth)
	case *dict:
		s.value, err = c.dict(n.pairs, depth)
	case *global:
		s.value, err = c.global(n)
	case *object:
		s.value, err = c.object(n, depth)
	}
	s.stage = done
	return s.value, err
}

func describe(n node) string {
	switch n := n.(type) {
	case *list:
		return "a " + n.kind.String()
	case *dict:
		return "a dict"
	case *object:
		if name := n.knownName(); name != "" {
			return fmt.Sprintf("an object of %s", quote(name))
		}
	}
	return "an object"
}

func (c *converter) list(items []any, depth int) (value.List, error) {
	if err := c.charge(elementCost * len(items)); err != nil {
		return nil, err
	}
	out := make(value.List, len(items))
	for i, item := range items {
		v, err := c.value(item, depth+1)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// dict keeps the first place and the last value of a key that comes twice, as Python does.
func (c *converter) dict(pairs []pair, depth int) (value.Map, error) {
	if err := c.charge(elementCost * len(pairs)); err != nil {
		return nil, err
	}
	out := make(value.Map, 0, len(pairs))
	var seen map[any]int
	if len(pairs) > 1 {
		seen = make(map[any]int, len(pairs))
	}
	for _, pair := range pairs {
		k, err := c.value(pair.key, depth+1)
		if err != nil {
			return nil, err
		}
		v, err := c.value(pair.value, depth+1)
		if err != nil {
			return nil, err
		}
		if id := identity(k); id != nil && seen != nil {
			if at, ok := seen[id]; ok {
				out[at].Value = v
				continue
			}
			seen[id] = len(out)
		}
		out = append(out, value.Entry{Key: k, Value: v})
	}
	return out, nil
}

// identity is equal for keys that are equal to Python, as 1, 1.0 and True are. Keys that are neither text nor a usual
// number have none.
func identity(key value.Value) any {
	switch key := key.(type) {
	case nil:
		return struct{}{}
	case string:
		return key
	case int64:
		return key
	case bool:
		if key {
			return int64(1)
		}
		return int64(0)
	case float64:
		if key == math.Trunc(key) && math.Abs(key) < 1<<63 {
			return int64(key)
		}
		return key
	}
	return nil
}

// global shows a class or function that the pickle only names.
func (c *converter) global(g *global) (value.Value, error) {
	path, err := c.path(g)
	if err != nil {
		return nil, err
	}
	if g.attr != "" { // such as a member of an enum
		class := path[:len(path)-len(g.attr)-1]
		return value.Map{{Key: "class", Value: class}, {Key: "name", Value: g.attr}}, nil
	}
	return value.Map{{Key: "global", Value: path}}, nil
}

// path joins the names of a global.
func (c *converter) path(g *global) (string, error) {
	if g.path == "" {
		if err := c.charge(len(g.module) + len(g.name) + len(g.attr)); err != nil {
			return "", err
		}
	}
	return g.join(), nil
}

// object shows an object as what it stands for, or what is known of it.
func (c *converter) object(o *object, depth int) (value.Value, error) {
	if show := known[o.knownName()]; show != nil {
		v, ok, err := show(c, o, depth)
		if ok || err != nil {
			return v, err
		}
	}
	return c.unknown(o, o.args, depth)
}

// unknown shows an object of a class that means nothing to us, and args as its arguments.
func (c *converter) unknown(o *object, args []any, depth int) (value.Value, error) {
	class, err := c.class(o.class, depth)
	if err == nil {
		err = c.charge(3 * elementCost)
	}
	if err != nil {
		return nil, err
	}
	out := value.Map{{Key: "class", Value: class}}
	add := func(key string, v value.Value, err2 error) {
		if err == nil && !isEmpty(v) {
			out = append(out, value.Entry{Key: key, Value: v})
		}
		if err == nil {
			err = err2
		}
	}
	list, err2 := c.list(args, depth+1)
	add("args", list, err2)
	kwargs, err2 := c.value(o.kwargs, depth+1)
	add("kwargs", kwargs, err2)
	items, err2 := c.list(o.items, depth+1)
	if len(o.pairs) == 0 {
		add("items", items, err2)
	} else {
		dict, err3 := c.dict(o.pairs, depth+1)
		add("list", items, err2)
		add("items", dict, err3)
	}
	state, err2 := c.state(o.state, depth+1)
	add("state", state, err2)
	return out, err
}

func isEmpty(v value.Value) bool {
	switch v := v.(type) {
	case nil:
		return true
	case value.List:
		return len(v) == 0
	case value.Map:
		return len(v) == 0
	}
	return false
}

// class shows what was called.
func (c *converter) class(class any, depth int) (value.Value, error) {
	if g, ok := class.(*global); ok {
		return c.path(g)
	}
	return c.value(class, depth+1)
}

// state shows the attributes of an object. Those of __slots__ come as the second half of a pair.
func (c *converter) state(state any, depth int) (value.Value, error) {
	if t, ok := state.(*list); ok && t.kind == aTuple && len(t.items) == 2 && t.items[0] == nil {
		if slots, ok := t.items[1].(*dict); ok {
			state = slots
		}
	}
	return c.value(state, depth)
}

// arg returns an argument, and nil where there is none.
func (o *object) arg(i int) any {
	if i >= len(o.args) {
		return nil
	}
	return o.args[i]
}

// whole returns the integer that v is, if it has 64 bits at most.
func whole(v any) (int64, bool) {
	n, ok := v.(int64)
	return n, ok
}

// integer returns the integer that v is, and the caller must not change. Of a number in decimal that takes long to
// convert it returns none.
func integer(v any) (*big.Int, bool) {
	switch v := v.(type) {
	case int64:
		return big.NewInt(v), true
	case *big.Int:
		return v, true
	case value.Number:
		if len(v) > 1000 {
			return nil, false
		}
		return new(big.Int).SetString(string(v), 10)
	}
	return nil, false
}

// items returns the elements of a list or tuple.
func items(v any) ([]any, bool) {
	l, ok := v.(*list)
	if !ok {
		return nil, false
	}
	return l.items, true
}

// bytes returns the bytes that v is, protocol 2's detour by _codecs.encode and Python 2's str included.
func (c *converter) bytes(v any, depth int) ([]byte, bool, error) {
	switch v := v.(type) {
	case []byte:
		return v, true, nil
	case byteString:
		return v.raw, true, nil
	case *object:
		shown, err := c.value(v, depth+1)
		raw, ok := shown.([]byte)
		return raw, ok, err
	}
	return nil, false, nil
}
