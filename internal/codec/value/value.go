// Package value is the model of data that the codecs of structured payloads (json, msgpack, cbor, pickle, protobuf's
// fields) share, and its text form, which is JSON.
//
// The text is one line without spaces: keys in the order of the payload, integers exact at any size, floats as Python's
// repr writes them (1.0, 1e+16), NaN, Infinity and -Infinity as Python's json module writes and reads them, bytes as
// {"base64":"…"}. Keys that are no text are quoted as Python's json quotes them: 1 is "1", None is "null".
//
// Nothing in this package panics on any input. Text and values nest at most MaxDepth deep.
package value

import (
	"errors"
	"fmt"
)

// A Value is one of
//
//	nil
//	bool
//	int64, uint64, *big.Int    an integer; decoders and Parse return an int64 where one fits
//	float64
//	Number                     a number that none of these holds
//	string                     text in UTF-8; a lone surrogate is three bytes, as Python's surrogatepass writes it
//	[]byte
//	List
//	Map
//	JSON                       a value whose text is made already
//
// It is immutable by convention, and then safe for concurrent use.
type Value = any

// A List is an array.
type List []Value

// A Map is an object. A key that stands in it twice stands in its text twice.
type Map []Entry

// An Entry is one member of a Map.
type Entry struct {
	Key   Value // of any type where the payload's format has such keys, as msgpack and Python's dict do
	Value Value
}

// JSON is the text of a value, which is printed as it stands. Parse returns none.
type JSON []byte

// MaxDepth is how deep lists and objects may nest, about as deep as Python's json module goes.
const MaxDepth = 1000

// ErrDepth says that lists and objects nest deeper than MaxDepth.
var ErrDepth = fmt.Errorf("lists and objects are nested more than %d deep", MaxDepth)

// ErrEnd says that data or text ends before its value does.
var ErrEnd = errors.New("unexpected end of data")

// Limit is how long the text of a payload of so many bytes may be: far more than any that was not built to be printed
// without end, as one whose lists hold each other many times over.
func Limit(payload int) int { return 16<<20 + 32*payload }
