// Package pickle reads and writes Python's pickles as data: protocols 0 to 5 are read, and what is written can be read
// by every Python 3, and by Python 2 where there are no bytes in it.
//
// A pickle is a program for a stack machine, whose GLOBAL, REDUCE, INST, OBJ, NEWOBJ and BUILD import and call what they
// like. Here they call nothing: they make an object that says what was to be called with what. Objects of Python's own
// classes, and NumPy's arrays, are then shown as the values they stand for (the table is in known.go); all others, a
// hostile os.system too, as {"class":"posix.system","args":["rm -rf /"]}.
//
// Nothing in this package panics on any input. Memory grows with the bytes that are there, never with a length or an
// index that they announce.
package pickle

import "fogmq/internal/codec/value"

// ArrayText returns the JSON text of a NumPy array: dtype as NumPy writes it, as in "<i8"; data in C order. It checks
// that they agree, and must not keep data.
type ArrayText func(dtype string, shape []int, data []byte) ([]byte, error)

// Decode reads the pickle that data begins with, up to its STOP, and returns what follows. The error is value.ErrEnd
// where data ends before the pickle does; others say what is wrong and, in the program, at which byte, counted from 1.
// The value may alias data.
func Decode(data []byte, arrays ArrayText) (v value.Value, rest []byte, err error) {
	m := machine{data: data}
	result, err := m.run()
	if err != nil {
		return nil, nil, err
	}
	limit := value.Limit(m.at)
	c := converter{arrays: arrays, limit: limit, left: limit}
	if v, err = c.value(result, 0); err != nil {
		return nil, nil, err
	}
	return v, data[m.at:], nil
}
