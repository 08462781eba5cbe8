package pickle

import "fmt"

// A machine runs a pickle. What lies on its stack is
//
//	nil, bool, int64, *big.Int, value.Number (a long integer in decimal), float64
//	string                          a text, in UTF-8 but for lone surrogates
//	byteString                      a str of Python 2
//	[]byte                          bytes or a bytearray
//	*list, *dict, *global, *object
type machine struct {
	data  []byte
	at    int // of what is to be read
	start int // of the opcode that runs
	stack []any
	marks []int // how high the stack was at each MARK that is open
	memo  memo
}

// run runs the program up to its STOP and returns what it made.
func (m *machine) run() (any, error) {
	for {
		m.start = m.at
		code, err := m.uint(1)
		if err != nil {
			return nil, err
		}
		if code == opStop {
			return m.pop()
		}
		operation := operations[code]
		if operation == nil {
			return nil, m.failf("unknown opcode 0x%02x", code)
		}
		if err := operation(m); err != nil {
			return nil, err
		}
	}
}

// failf makes an error of the opcode that runs.
func (m *machine) failf(format string, args ...any) error {
	return fmt.Errorf(format+" at byte %d", append(args, m.start+1)...)
}

func (m *machine) push(v any) { m.stack = append(m.stack, v) }

// height is how many items there are above the last mark, which are all that an opcode may touch.
func (m *machine) height() int {
	if len(m.marks) == 0 {
		return len(m.stack)
	}
	return len(m.stack) - m.marks[len(m.marks)-1]
}

func (m *machine) top() (any, error) {
	if m.height() == 0 {
		return nil, m.failf("the stack is empty")
	}
	return m.stack[len(m.stack)-1], nil
}

func (m *machine) pop() (any, error) {
	v, err := m.top()
	if err == nil {
		m.cut(len(m.stack) - 1)
	}
	return v, err
}

// cut takes off the stack what is at height and above.
func (m *machine) cut(height int) {
	clear(m.stack[height:])
	m.stack = m.stack[:height]
}

// popN returns a copy of the n topmost items, and takes them off.
func (m *machine) popN(n int) ([]any, error) {
	if m.height() < n {
		return nil, m.failf("the stack is empty")
	}
	from := len(m.stack) - n
	items := append([]any(nil), m.stack[from:]...)
	m.cut(from)
	return items, nil
}

// popMark returns a copy of the items above the last mark, and takes them off with it.
func (m *machine) popMark() ([]any, error) {
	if len(m.marks) == 0 {
		return nil, m.failf("a mark is missing")
	}
	items, err := m.popN(m.height())
	m.marks = m.marks[:len(m.marks)-1]
	return items, err
}

func (m *machine) mark() error {
	m.marks = append(m.marks, len(m.stack))
	return nil
}

// drop takes off the topmost item, or a mark if that is what is on top.
func (m *machine) drop() error {
	if m.height() == 0 && len(m.marks) > 0 {
		return m.dropMark()
	}
	_, err := m.pop()
	return err
}

func (m *machine) dropMark() error {
	_, err := m.popMark()
	return err
}

func (m *machine) dup() error {
	v, err := m.top()
	if err == nil {
		m.push(v)
	}
	return err
}

func constant(v any) func(*machine) error {
	return func(m *machine) error {
		m.push(v)
		return nil
	}
}
