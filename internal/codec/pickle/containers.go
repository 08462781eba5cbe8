package pickle

type kind uint8

const (
	aList kind = iota
	aTuple
	aSet // or a frozenset
)

func (k kind) String() string { return [...]string{"list", "tuple", "set"}[k] }

type list struct {
	shown
	kind  kind
	items []any
}

type dict struct {
	shown
	pairs []pair
}

type pair struct{ key, value any }

func (m *machine) emptyList() error {
	m.push(&list{})
	return nil
}

func (m *machine) emptySet() error {
	m.push(&list{kind: aSet})
	return nil
}

func (m *machine) emptyDict() error {
	m.push(&dict{})
	return nil
}

// collect makes a container of all that is above the last mark.
func collect(kind kind) func(*machine) error {
	return func(m *machine) error {
		items, err := m.popMark()
		m.push(&list{kind: kind, items: items})
		return err
	}
}

// lastOf makes a tuple of the n topmost items.
func lastOf(n int) func(*machine) error {
	return func(m *machine) error {
		items, err := m.popN(n)
		m.push(&list{kind: aTuple, items: items})
		return err
	}
}

func (m *machine) appendOne() error {
	v, err := m.pop()
	if err != nil {
		return err
	}
	return m.extend([]any{v})
}

func (m *machine) appendAll() error {
	items, err := m.popMark()
	if err != nil {
		return err
	}
	return m.extend(items)
}

// extend adds items to what is on top: a list, a set, or an object of a class of which only the sender knows whether
// it is one.
func (m *machine) extend(items []any) error {
	target, err := m.top()
	if err != nil {
		return err
	}
	switch target := target.(type) {
	case *list:
		if target.kind != aTuple {
			target.items = append(target.items, items...)
			return nil
		}
	case *object:
		target.items = append(target.items, items...)
		return nil
	}
	return m.failf("items for what is no list")
}

func (m *machine) dict() error {
	items, err := m.popMark()
	if err != nil {
		return err
	}
	m.push(&dict{})
	return m.update(items)
}

func (m *machine) setOne() error {
	items, err := m.popN(2)
	if err != nil {
		return err
	}
	return m.update(items)
}

func (m *machine) setAll() error {
	items, err := m.popMark()
	if err != nil {
		return err
	}
	return m.update(items)
}

// update adds keys and values in turn to what is on top.
func (m *machine) update(items []any) error {
	target, err := m.top()
	if err != nil {
		return err
	}
	if len(items)%2 != 0 {
		return m.failf("a key without a value")
	}
	var pairs *[]pair
	switch target := target.(type) {
	case *dict:
		pairs = &target.pairs
	case *object:
		pairs = &target.pairs
	default:
		return m.failf("keys for what is no dict")
	}
	for i := 0; i < len(items); i += 2 {
		*pairs = append(*pairs, pair{items[i], items[i+1]})
	}
	return nil
}
