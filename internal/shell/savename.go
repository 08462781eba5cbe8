package shell

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A saveName says what the files of messages are called.
type saveName struct {
	root string         // the folder that the user named; "" is the one we are in
	dirs [][]templateOp // the folders below it that messages choose
	base []templateOp   // the name of the file, with %n in it
	ext  bool           // an extension goes behind it

	numbered *regexp.Regexp // finds %n in a name made from base
}

// maxName is how long a name may be on all file systems of note, in bytes.
const maxName = 255

// parseSaveName reads the value of --out-dir: a folder, or a template.
func parseSaveName(text string) (saveName, error) {
	ops := []templateOp{{text: text}}
	if strings.Contains(text, "%") {
		var err error
		if ops, err = parseTemplate(text); err != nil {
			return saveName{}, err
		}
	}
	if isLiteral(ops) {
		ops = append(ops, templateOp{text: "/"})
	}
	n := saveName{}
	components := splitComponents(ops)
	n.base = components[len(components)-1]
	components = components[:len(components)-1]
	literal := 0
	for literal < len(components) && isLiteral(components[literal]) {
		literal++
	}
	n.dirs = slices.DeleteFunc(components[literal:], func(part []templateOp) bool { return len(part) == 0 })
	for i, part := range components[:literal] {
		if i > 0 {
			n.root += "/"
		}
		for _, op := range part {
			n.root += op.text
		}
	}
	if literal > 0 && n.root == "" {
		n.root = "/"
	}
	if slices.ContainsFunc(ops, func(op templateOp) bool { return strings.Contains(op.text, "\x00") }) {
		return saveName{}, errors.New("no name of a file has a NUL in it")
	}
	if len(n.base) == 0 {
		n.base = []templateOp{{name: 'n', width: 6}}
	}
	return n.complete(text)
}

// complete says what follows from the base of the name.
func (n saveName) complete(text string) (saveName, error) {
	at := slices.IndexFunc(n.base, func(op templateOp) bool { return op.name == 'n' })
	if at < 0 {
		return n, fmt.Errorf("its last part needs a %%n, so that each file has a name of its own: '%s-%%n'", Escape(text))
	}
	last := n.base[len(n.base)-1]
	n.ext = last.name != 0 || !strings.Contains(last.text, ".")
	var pattern strings.Builder
	pattern.WriteString(`(?s)\A`)
	for i, op := range n.base {
		switch {
		case i == at:
			pattern.WriteString(`0*([0-9]{1,18})`)
		case op.name != 0:
			pattern.WriteString(".*")
		default:
			pattern.WriteString(regexp.QuoteMeta(op.text))
		}
	}
	if n.ext {
		pattern.WriteString(`(?:\.[^.]*)?`)
	}
	pattern.WriteString(`\z`)
	n.numbered = regexp.MustCompile(pattern.String())
	return n, nil
}

// number returns the number in the name of a file, and 0 where there is none.
func (n saveName) number(name string) int {
	found := n.numbered.FindStringSubmatch(name)
	if found == nil {
		return 0
	}
	number, err := strconv.Atoi(found[1])
	if err != nil {
		return 0
	}
	return number
}

// splitComponents splits a template at the slashes of its text.
func splitComponents(ops []templateOp) [][]templateOp {
	components := [][]templateOp{nil}
	for _, op := range ops {
		if op.name != 0 {
			components[len(components)-1] = append(components[len(components)-1], op)
			continue
		}
		for i, text := range strings.Split(op.text, "/") {
			if i > 0 {
				components = append(components, nil)
			}
			if text != "" {
				components[len(components)-1] = append(components[len(components)-1], templateOp{text: text})
			}
		}
	}
	return components
}

func isLiteral(part []templateOp) bool {
	return !slices.ContainsFunc(part, func(op templateOp) bool { return op.name != 0 })
}

// isChosenByPeer tells whether an op stands for what a peer chooses.
func isChosenByPeer(op templateOp) bool {
	return strings.IndexByte("tpfxi", op.name) >= 0 && op.name != 0
}

// room returns how long each part of a name that a peer chooses may be, so that all of the name fits.
func room(part []templateOp) int {
	const number, stamped, ext = 20, len(timeLayout), 16
	left, chosen := maxName-ext, 0
	for _, op := range part {
		switch {
		case isChosenByPeer(op):
			chosen++
		case op.name == 'T':
			left -= stamped
		case op.name != 0:
			left -= number
		default:
			left -= len(op.text)
		}
	}
	return max(left, 0) / max(chosen, 1)
}

// appendChosen appends what a peer chose to the name of a file that begins at dst[start:], in at most limit bytes. It
// stays within that name: slashes, control characters, bytes that are not UTF-8, a dot behind another, and a dot or dash
// that the name would begin with, become %2F and the like, and so does the percent sign itself.
func appendChosen(dst []byte, start int, text []byte, limit int) []byte {
	end := len(dst) + limit
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		begins := len(dst) == start
		afterDot := begins || dst[len(dst)-1] == '.'
		escape := r == '/' || r == '%' || r == '\\' || r == utf8.RuneError && size == 1 || isLive(r) ||
			r == '.' && afterDot || r == '-' && begins
		need := size
		if escape {
			need = size * len("%2F")
		}
		if len(dst)+need > end {
			break
		}
		if escape {
			for _, b := range text[:size] {
				dst = append(dst, '%', upperHex[b>>4], upperHex[b&15])
			}
		} else {
			dst = append(dst, text[:size]...)
		}
		text = text[size:]
	}
	return dst
}

const upperHex = "0123456789ABCDEF"
