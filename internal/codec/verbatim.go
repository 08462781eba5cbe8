package codec

import (
	"fmt"
	"strings"
)

// verbatim is string and bytes: the text is the payload. The two differ in name
// alone, so that those who show payloads to people can tell text from bytes.
type verbatim struct{ name string }

func openVerbatim(spec string, args []string, _ Options) (Codec, error) {
	if len(args) > 0 {
		name, _, _ := strings.Cut(spec, ":")
		return nil, fmt.Errorf("codec %s has too many parts: write %s alone", quote(spec), name)
	}
	return verbatim{spec}, nil
}

func (verbatim) Encode(fields [][]byte) ([][]byte, error) { return fields, nil }

func (verbatim) Decode(frames [][]byte) ([][]byte, error) { return frames, nil }
