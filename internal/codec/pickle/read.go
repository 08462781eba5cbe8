package pickle

import (
	"bytes"

	"fogmq/internal/codec/value"
)

// take reads n bytes, which alias the data.
func (m *machine) take(n uint64) ([]byte, error) {
	if n > uint64(len(m.data)-m.at) {
		return nil, value.ErrEnd
	}
	taken := m.data[m.at : m.at+int(n) : m.at+int(n)]
	m.at += int(n)
	return taken, nil
}

// uint reads an unsigned integer of size bytes.
func (m *machine) uint(size int) (uint64, error) {
	raw, err := m.take(uint64(size))
	if err != nil {
		return 0, err
	}
	var n uint64
	for i, b := range raw {
		n |= uint64(b) << (8 * i)
	}
	return n, nil
}

// counted reads a length of size bytes, and so many bytes.
func (m *machine) counted(size int) ([]byte, error) {
	n, err := m.uint(size)
	if err != nil {
		return nil, err
	}
	return m.take(n)
}

// countedSigned is counted where four bytes are a signed length.
func (m *machine) countedSigned(size int) ([]byte, error) {
	n, err := m.uint(size)
	if err != nil {
		return nil, err
	}
	if n > 1<<31-1 {
		return nil, m.failf("the length %d is negative", int32(n))
	}
	return m.take(n)
}

// line reads up to a newline, which is not returned.
func (m *machine) line() ([]byte, error) {
	n := bytes.IndexByte(m.data[m.at:], '\n')
	if n < 0 {
		return nil, value.ErrEnd
	}
	line := m.data[m.at : m.at+n]
	m.at += n + 1
	return line, nil
}

// proto reads the number of the protocol, which changes nothing: the opcodes of all are understood.
func (m *machine) proto() error {
	n, err := m.uint(1)
	if err == nil && n > newest {
		return m.failf("protocol %d is newer than %d", n, newest)
	}
	return err
}

// frame reads how many bytes are to be read ahead, which is of use to those that read from a file.
func (m *machine) frame() error {
	n, err := m.uint(8)
	if err == nil && n > uint64(len(m.data)-m.at) {
		return value.ErrEnd
	}
	return err
}

func (m *machine) persistent() error {
	return m.failf("a reference to an object outside the pickle (a persistent id)")
}

func (m *machine) nextBuffer() error {
	return m.failf("a reference to a buffer outside the pickle (out-of-band data; send it without buffer_callback)")
}

func (m *machine) readOnly() error {
	_, err := m.top()
	return err
}

func extension(size int) func(*machine) error {
	return func(m *machine) error {
		code, err := m.uint(size)
		if err != nil {
			return err
		}
		return m.failf("extension code %d, which only the sender's registry explains,", code)
	}
}
