package pickle

import "strconv"

// A memo holds what a pickle refers to again. Python numbers the entries as it goes, so they are a list; what is numbered
// otherwise takes no more room for it.
type memo struct {
	list   []any
	sparse map[uint64]any // beyond the list
}

func (m *memo) put(i uint64, v any) {
	switch size := uint64(len(m.list)); {
	case i < size:
		m.list[i] = v
	case i == size:
		delete(m.sparse, i)
		m.list = append(m.list, v)
	default:
		if m.sparse == nil {
			m.sparse = map[uint64]any{}
		}
		m.sparse[i] = v
	}
}

func (m *memo) get(i uint64) (any, bool) {
	if i < uint64(len(m.list)) {
		return m.list[i], true
	}
	v, ok := m.sparse[i]
	return v, ok
}

func (m *memo) size() uint64 { return uint64(len(m.list) + len(m.sparse)) }

// index reads the number of a memo entry in decimal.
func (m *machine) index() (uint64, error) {
	line, err := m.line()
	if err != nil {
		return 0, err
	}
	i, err := strconv.ParseUint(string(line), 10, 63)
	if err != nil {
		return 0, m.failf("%s is no number of a memo entry", quote(line))
	}
	return i, nil
}

func (m *machine) store(i uint64) error {
	v, err := m.top()
	if err == nil {
		m.memo.put(i, v)
	}
	return err
}

func (m *machine) load(i uint64) error {
	v, ok := m.memo.get(i)
	if !ok {
		return m.failf("memo entry %d is missing", i)
	}
	m.push(v)
	return nil
}

func (m *machine) putText() error {
	i, err := m.index()
	if err != nil {
		return err
	}
	return m.store(i)
}

func (m *machine) getText() error {
	i, err := m.index()
	if err != nil {
		return err
	}
	return m.load(i)
}

func put(size int) func(*machine) error {
	return func(m *machine) error {
		i, err := m.uint(size)
		if err != nil {
			return err
		}
		return m.store(i)
	}
}

func get(size int) func(*machine) error {
	return func(m *machine) error {
		i, err := m.uint(size)
		if err != nil {
			return err
		}
		return m.load(i)
	}
}

func (m *machine) memoize() error { return m.store(m.memo.size()) }
