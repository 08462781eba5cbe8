package codec

import (
	"bytes"
	"fmt"

	"fogmq/internal/codec/value"
)

// maxHeader is the longest header of an array that is read, in bytes. One that tells of dtype and shape alone is
// shorter than 2 KiB.
const maxHeader = 1 << 20

// HeaderFrames returns the array as the send_array of pyzmq's serialisation example sends it: a JSON object with dtype
// and shape, as Python's json.dumps prints it, and the data, which is the array's own and not a copy.
func (a Array) HeaderFrames() [][]byte {
	header := append([]byte(`{"dtype": "`), a.DType.String()...)
	header = appendShape(append(header, `", "shape": `...), a.Shape)
	return [][]byte{append(header, '}'), a.Data}
}

// ParseHeaderArray reads an array from the two frames of HeaderFrames. The object may have its keys in any order and
// others beside them. The error says what is wrong and what was expected. The array's Data is the second frame itself.
func ParseHeaderArray(frames [][]byte) (Array, error) {
	a, err := parseHeaderArray(frames)
	if err != nil {
		return Array{}, fmt.Errorf("ndarray:header: %w", err)
	}
	return a, nil
}

func parseHeaderArray(frames [][]byte) (Array, error) {
	if len(frames) != 2 {
		const want = "but an array is 2: a JSON header, data"
		if isErrorReply(frames) {
			return Array{}, fmt.Errorf("1 frame, %s; it reads %s", want, quote(frames[0]))
		}
		if LooksLikeArray(frames) {
			return Array{}, fmt.Errorf("3 frames, %s; these are dtype, shape and data, which --codec ndarray reads", want)
		}
		return Array{}, fmt.Errorf("%s, %s", plural(len(frames), "frame"), want)
	}
	a, err := parseHeader(frames[0])
	if err != nil {
		return Array{}, err
	}
	a.Data = frames[1]
	return a, a.check()
}

// LooksLikeHeaderArray tells whether ParseHeaderArray would take the frames. What is no array is told by its number of
// frames or the first byte of its first one.
func LooksLikeHeaderArray(frames [][]byte) bool {
	if len(frames) != 2 || !bytes.HasPrefix(trimSpace(frames[0]), []byte("{")) {
		return false
	}
	_, err := parseHeaderArray(frames)
	return err == nil
}

// parseHeader reads dtype and shape from a header.
func parseHeader(text []byte) (Array, error) {
	const example = `as in {"dtype": "int64", "shape": [2, 3]}`
	if len(text) > maxHeader {
		return Array{}, fmt.Errorf("the header is %d bytes long; no more than %d are read", len(text), maxHeader)
	}
	parsed, err := value.Parse(text)
	if err != nil {
		return Array{}, fmt.Errorf("the header %s is no JSON: %w", quote(text), err)
	}
	object, ok := parsed.(value.Map)
	if !ok {
		return Array{}, fmt.Errorf("the header %s is no JSON object, %s", quote(text), example)
	}
	members := map[string]value.Value{}
	for _, member := range object {
		if name, ok := member.Key.(string); ok {
			members[name] = member.Value
		}
	}
	for _, name := range []string{"dtype", "shape"} {
		if _, ok := members[name]; !ok {
			return Array{}, fmt.Errorf("the header %s has no %q, %s", quote(text), name, example)
		}
	}
	name, ok := members["dtype"].(string)
	if !ok {
		return Array{}, fmt.Errorf("the header %s has a dtype that is no string, %s", quote(text), example)
	}
	dtype, err := ParseDType(name)
	if err != nil {
		return Array{}, err
	}
	dims, err := value.Append(nil, members["shape"], value.Limit(len(text)))
	if err != nil {
		return Array{}, fmt.Errorf("the header's shape: %w", err)
	}
	shape, err := parseShape(dims)
	return Array{DType: dtype, Shape: shape}, err
}
