package zmtp

import (
	"bytes"

	"github.com/go-zeromq/zmq4"
)

// smallPiece is up to where a piece of an unfinished message is copied rather
// than left where it is: it must not keep a block alive that holds little else
// than commands.
const smallPiece = 32 << 10

// takeApart takes what is there of the unfinished message out of the buffer.
func (d *Decoder) takeApart() {
	piece := d.buf[d.start:d.scan:d.scan]
	d.start = d.scan
	if len(piece) == 0 {
		return
	}
	if d.apart == nil {
		d.free = len(d.retired)
	}
	last := len(d.apart) - 1
	switch {
	case len(piece) > smallPiece:
		d.block.lent = true
		d.apart, d.ours = append(d.apart, piece), false
	case d.ours:
		d.apart[last] = append(d.apart[last], piece...)
	default:
		d.apart, d.ours = append(d.apart, bytes.Clone(piece)), true
	}
}

// assembled gives the message that was taken apart and is whole now. One of tiny
// frames stays as it was on the wire: the slices of its frames would take more
// than they do.
func (d *Decoder) assembled() Run {
	const sliceSize = 24
	d.takeApart()
	pieces, frames := d.apart, d.frames
	d.apart, d.ours, d.got, d.frames = nil, false, 0, 0
	size := 0
	for _, piece := range pieces {
		size += len(piece)
	}
	if frames*sliceSize > size {
		return Run{wire: bytes.Join(pieces, nil), n: 1}
	}
	whole := make([][]byte, 0, frames)
	for _, rest := range pieces {
		for len(rest) > 0 {
			var body []byte
			body, rest = firstFrame(rest)
			whole = append(whole, body)
		}
	}
	return NewRun([]zmq4.Msg{{Frames: whole}})
}
