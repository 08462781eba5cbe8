package shell

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"fogmq/internal/codec"
)

// extension returns what the name of a file with these bytes ends in: .jpg, .json, .txt for other text in UTF-8, .bin
// for other bytes.
func extension(frames [][]byte) string {
	kind, isText := sniff(frames)
	switch ext := kind.Extension(); {
	case len(frames) > 0 && codec.IsNPY(frames[0]):
		return ".npy"
	case isText && isMedia(kind): // a few letters such as BM begin a BMP, but no BMP is text
		return ".txt"
	case ext == "", ext == ".txt" && !isText:
		return ".bin"
	default:
		return ext
	}
}

// isKnown tells whether a frame is a file of a kind that its bytes tell, and not any text or bytes.
func isKnown(frame []byte) bool {
	kind, isText := sniff([][]byte{frame})
	if codec.IsNPY(frame) {
		return true
	}
	switch kind.Extension() {
	case "", ".txt", ".csv", ".tsv":
		return false
	}
	return !isText || !isMedia(kind)
}

// sniff returns the kind of file that bytes are, as their beginning tells it, and whether all of them are text.
func sniff(frames [][]byte) (kind *mimetype.MIME, isText bool) {
	isText = true
	var head []byte
	for _, frame := range frames {
		if len(head) == 0 {
			head = frame
		}
		isText = isText && utf8.Valid(frame) && !slices.ContainsFunc(frame, isBinary)
	}
	return mimetype.Detect(head), isText
}

// isBinary tells the bytes that no text has: control characters, but for the end of a line or page, TAB, backspace and escape.
func isBinary(b byte) bool {
	return b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != '\b' && b != 0x1b
}

func isMedia(kind *mimetype.MIME) bool {
	if kind.Is("image/svg+xml") {
		return false
	}
	class, _, _ := strings.Cut(kind.String(), "/")
	return class == "image" || class == "audio" || class == "video"
}

// isName tells whether what stands before the first space of a frame can be the name of a topic.
func isName(text []byte) bool {
	return len(text) > 0 && utf8.Valid(text) && !bytes.ContainsFunc(text, func(r rune) bool { return isLive(r) || !unicode.IsPrint(r) })
}
