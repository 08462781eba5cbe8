package codec

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

type npyHeader struct {
	descr   string
	fortran bool
	shape   []int
}

// parseNPYHeader reads a header such as {'descr': '<i8', 'fortran_order': False, 'shape': (2, 3), } as data: only the
// literals that can stand there are understood, nothing is evaluated.
func parseNPYHeader(text []byte) (npyHeader, error) {
	var h npyHeader
	p := &literals{rest: string(text)}
	seen := map[string]bool{}
	p.want("{")
	for p.err == nil && !p.have("}") {
		key := p.str()
		p.want(":")
		if seen[key] {
			p.fail("has %s twice", quote(key))
		}
		seen[key] = true
		switch key {
		case "descr":
			h.descr = p.descr()
		case "fortran_order":
			h.fortran = p.boolean()
		case "shape":
			h.shape = p.tuple()
		default:
			p.fail("has an unknown key %s", quote(key))
		}
		if !p.have(",") && !p.peek("}") {
			p.fail("is not a Python dict, near %s", quote(p.rest))
		}
	}
	if tail := strings.TrimLeft(p.rest, " \t\r\n\x00"); tail != "" {
		p.fail("goes on after its dict, with %s", quote(tail))
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			p.fail("has no %q", key)
		}
	}
	return h, p.err
}

// literals reads Python literals from the front of rest. After its first failure it keeps err and reads nothing.
type literals struct {
	rest string
	err  error
}

func (p *literals) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("the header "+format, args...)
	}
}

func (p *literals) peek(token string) bool {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	return p.err == nil && strings.HasPrefix(p.rest, token)
}

func (p *literals) have(token string) bool {
	if !p.peek(token) {
		return false
	}
	p.rest = p.rest[len(token):]
	return true
}

func (p *literals) want(token string) {
	if !p.have(token) {
		p.fail("is not a Python dict: no %s before %s", token, quote(p.rest))
	}
}

func (p *literals) str() string {
	for _, mark := range []string{"'", `"`} {
		if p.have(mark) {
			s, rest, ok := strings.Cut(p.rest, mark)
			if !ok || strings.ContainsAny(s, "\\\n") {
				p.fail("has a string without an end")
				return ""
			}
			p.rest = rest
			return s
		}
	}
	p.fail("has no string where one belongs, before %s", quote(p.rest))
	return ""
}

func (p *literals) descr() string {
	if p.peek("[") || p.peek("(") {
		p.fail("says that the elements are structured; fogmq sends arrays of numbers")
		return ""
	}
	descr := p.str()
	if strings.TrimLeft(descr, "<>=|") == "O" && p.err == nil {
		p.err = errors.New("the elements are pickled Python objects, which are never read; save an array of numbers")
	}
	return descr
}

func (p *literals) boolean() bool {
	switch {
	case p.have("True"):
		return true
	case p.have("False"):
		return false
	}
	p.fail("has no True or False where one belongs, before %s", quote(p.rest))
	return false
}

func (p *literals) tuple() []int {
	shape := []int{}
	p.want("(")
	for p.err == nil && !p.have(")") {
		p.peek("")
		end := 0
		for end < len(p.rest) && p.rest[end] >= '0' && p.rest[end] <= '9' {
			end++
		}
		dim, err := strconv.Atoi(p.rest[:end])
		switch {
		case strings.HasPrefix(p.rest, "-"):
			p.fail("has a negative dimension")
		case errors.Is(err, strconv.ErrRange):
			p.fail("has a shape that is too big")
		case err != nil:
			p.fail("has a shape that is no tuple of whole numbers, near %s", quote(p.rest))
		case len(shape) == maxDims:
			p.fail("has a shape of more than %d dimensions", maxDims)
		}
		shape = append(shape, dim)
		p.rest = p.rest[end:]
		p.have("L") // Python 2 wrote its long integers so
		if !p.have(",") && !p.peek(")") {
			p.fail("has a shape that is no tuple, near %s", quote(p.rest))
		}
	}
	return shape
}
