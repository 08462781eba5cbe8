package codec

import (
	"bytes"
	"iter"
)

// NumPy's print options, at their defaults.
const (
	lineWidth   = 75
	threshold   = 1000 // more elements than this are summarised
	edgeItems   = 3    // and so many shown at each end of a dimension
	ellipsis    = "..."
	elemSpacing = ' '
)

// Append appends the array as NumPy's str(array) prints it: columns aligned, lines wrapped at 75 columns, more than
// 1000 elements summarised to three at each end of each dimension.
func (a Array) Append(dst []byte) []byte {
	if len(a.Shape) == 0 {
		return a.DType.appendScalar(dst, a.Data)
	}
	if len(a.Data) == 0 {
		return append(dst, "[]"...)
	}
	p := printer{array: a, dst: dst, summary: len(a.Data)/a.DType.Size() > threshold}
	p.strides = make([]int, len(a.Shape))
	stride := a.DType.Size()
	for i := len(a.Shape) - 1; i >= 0; i-- {
		p.strides[i] = stride
		stride *= a.Shape[i]
	}
	p.appendWord = a.DType.elementFormat(p.visit)
	p.print(0, 0)
	return p.dst
}

type printer struct {
	array      Array
	strides    []int // in bytes
	summary    bool
	appendWord func(dst, element []byte) []byte
	dst        []byte
}

// omitted marks, among the indices of an axis, those that a summary leaves out.
const omitted = -1

// indices yields the indices of an axis that are printed, and omitted once where some are not.
func (p *printer) indices(axis int) iter.Seq[int] {
	return func(yield func(int) bool) {
		n := p.array.Shape[axis]
		head, tail := n, n
		if p.summary && n > 2*edgeItems {
			head, tail = edgeItems, n-edgeItems
		}
		for i := range head {
			if !yield(i) {
				return
			}
		}
		if head == tail || !yield(omitted) {
			return
		}
		for i := tail; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

// visit calls f with each element that will be printed.
func (p *printer) visit(f func(element []byte)) { p.visitFrom(0, 0, f) }

func (p *printer) visitFrom(axis, offset int, f func(element []byte)) {
	if axis == len(p.strides) {
		f(p.array.Data[offset:])
		return
	}
	for i := range p.indices(axis) {
		if i != omitted {
			p.visitFrom(axis+1, offset+i*p.strides[axis], f)
		}
	}
}

// print prints the list at offset of an axis, within so many brackets that are open.
func (p *printer) print(axis, offset int) {
	p.dst = append(p.dst, '[')
	if axis == len(p.strides)-1 {
		p.row(axis, offset)
		p.dst = append(p.dst, ']')
		return
	}
	for i := range p.indices(axis) {
		if i != 0 {
			p.separate(axis)
		}
		if i == omitted {
			p.dst = append(p.dst, ellipsis...)
			continue
		}
		p.print(axis+1, offset+i*p.strides[axis])
	}
	p.dst = append(p.dst, ']')
}

// separate ends one of the lists of an axis: blank lines set the higher dimensions apart.
func (p *printer) separate(axis int) {
	p.dst = append(p.dst, bytes.Repeat([]byte("\n"), len(p.strides)-axis-1)...)
	p.indent(axis)
}

func (p *printer) indent(axis int) {
	p.dst = append(p.dst, bytes.Repeat([]byte(" "), axis+1)...)
}

// row prints the elements of the last axis. A word goes to a new line where it would not leave room for the closing
// brackets, except at the start of a line, where that would not help.
func (p *printer) row(axis, offset int) {
	indent := axis + 1
	width := lineWidth - axis - 1
	column := indent
	var word []byte
	put := func(w []byte) {
		if column > indent {
			p.dst = append(p.dst, elemSpacing)
			column++
		}
		if column+len(w) > width && column > indent {
			p.dst = append(bytes.TrimRight(p.dst, " "), '\n')
			p.indent(axis)
			column = indent
		}
		p.dst = append(p.dst, w...)
		column += len(w)
	}
	for i := range p.indices(axis) {
		if i == omitted {
			word = append(word[:0], ellipsis...)
		} else {
			word = p.appendWord(word[:0], p.array.Data[offset+i*p.strides[axis]:])
		}
		put(word)
	}
}
