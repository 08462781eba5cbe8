package zmtp

import "github.com/go-zeromq/zmq4"

// decode appends to dst the messages that one Read returns.
func (d *Decoder) decode(dst []zmq4.Msg, limit int) ([]zmq4.Msg, error) {
	run, err := d.Read(limit)
	return append(dst, run.Messages()...), err
}

// rest appends to dst the messages that need no further read.
func (d *Decoder) rest(dst []zmq4.Msg) ([]zmq4.Msg, error) {
	for {
		run, err := d.Buffered()
		if run.Len() == 0 {
			return dst, err
		}
		dst = append(dst, run.Messages()...)
	}
}
