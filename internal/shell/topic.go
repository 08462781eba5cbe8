package shell

import (
	"bytes"
	"slices"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/codec"
)

// SplitTopic returns what is topic and what payload in a message's frames.
// Only PUB, SUB, XPUB and XSUB messages have a topic: the first of several
// frames, unless all of them are a valid array; or in one frame what stands
// before the first space, and under a codec other than string and bytes one of
// topics before a space. For a ROUTER the routing id is not payload.
// Where hasTopic is false all (but that id) is payload. c may be nil for string.
func SplitTopic(typ zmq4.SocketType, topics []string, c codec.Codec, frames [][]byte) (topic []byte, payload [][]byte, hasTopic bool) {
	var p parts
	newView(typ, topics, c).split(frames, &p)
	return p.topic, p.payload, p.hasTopic
}

// A view is how messages of one socket are seen. Safe for concurrent use.
type view struct {
	typ      zmq4.SocketType
	pubsub   bool
	topics   [][]byte // each with its space, the longest first
	codec    codec.Codec
	verbatim bool
	headers  bool // arrays have a header and two frames
}

func newView(typ zmq4.SocketType, topics []string, c codec.Codec) *view {
	v := &view{typ: typ, codec: c, verbatim: isVerbatim(c), headers: codec.HasHeader(c)}
	switch typ {
	case zmq4.Pub, zmq4.Sub, zmq4.XPub, zmq4.XSub:
		v.pubsub = true
	}
	for _, topic := range topics {
		// The empty topic means everything; a payload that begins with a space has none for it.
		if topic != "" {
			v.topics = append(v.topics, []byte(topic+" "))
		}
	}
	slices.SortStableFunc(v.topics, func(a, b []byte) int { return len(b) - len(a) })
	return v
}

// parts are what a message consists of.
type parts struct {
	id, topic       []byte
	hasID, hasTopic bool
	joined          bool // topic and payload share a frame
	payload         [][]byte
	rest            [1][]byte // the payload that is joined
}

// split sets p to what frames consist of. p must not be copied while it is in use.
func (v *view) split(frames [][]byte, p *parts) {
	*p = parts{payload: frames}
	switch {
	case len(frames) == 0:
	case v.typ == zmq4.Router:
		p.id, p.hasID, p.payload = frames[0], true, frames[1:]
	case !v.pubsub:
	case len(frames) == 1:
		v.splitFrame(frames[0], p)
	case v.looksLikeArray(frames):
	default:
		p.topic, p.hasTopic, p.payload = frames[0], true, frames[1:]
	}
}

func (v *view) splitFrame(frame []byte, p *parts) {
	space := -1
	if v.verbatim {
		space = bytes.IndexByte(frame, ' ')
	}
	for _, topic := range v.topics {
		if !v.verbatim && bytes.HasPrefix(frame, topic) {
			space = len(topic) - 1
			break
		}
	}
	if space < 0 {
		return
	}
	p.topic, p.hasTopic = frame[:space], true
	p.rest[0] = frame[space+1:]
	p.payload, p.joined = p.rest[:], true
}

// fields returns the text of the payload, through the codec.
func (v *view) fields(p *parts) ([][]byte, error) {
	if v.verbatim {
		return p.payload, nil
	}
	skip := envelope(v.typ, p.payload)
	fields, err := v.codec.Decode(p.payload[skip:])
	if err != nil || skip == 0 {
		return fields, err
	}
	return append(slices.Clip(p.payload[:skip]), fields...), nil
}

// looksLikeArray tells whether frames are an array: in three frames without being told, and as the codec has it.
func (v *view) looksLikeArray(frames [][]byte) bool {
	return codec.LooksLikeArray(frames) || v.headers && codec.LooksLikeHeaderArray(frames)
}

// array returns what looks like an array.
func (v *view) array(frames [][]byte) (codec.Array, error) {
	if len(frames) == arrayFrames {
		return codec.ParseArray(frames)
	}
	return codec.ParseHeaderArray(frames)
}

// subscription returns what an XPUB was told, as +topic or -topic.
func (v *view) subscription(frames [][]byte) (sign byte, topic []byte, ok bool) {
	if v.typ != zmq4.XPub || len(frames) != 1 || len(frames[0]) == 0 {
		return 0, nil, false
	}
	switch frames[0][0] {
	case 1:
		return '+', frames[0][1:], true
	case 0:
		return '-', frames[0][1:], true
	}
	return 0, nil, false
}

// appendRaw appends the whole message as raw prints it, without what ends the record.
func (v *view) appendRaw(dst []byte, frames [][]byte) ([]byte, error) {
	var p parts
	v.split(frames, &p)
	fields, err := v.fields(&p)
	if err != nil {
		return dst, err
	}
	switch {
	case p.hasID:
		dst = appendRoutingID(dst, p.id)
		if len(fields) > 0 {
			dst = append(dst, '\t')
		}
	case p.hasTopic:
		dst = append(append(dst, p.topic...), separator(&p))
	}
	return appendJoined(dst, fields), nil
}

// separator is what stands between topic and payload when the whole message is printed.
func separator(p *parts) byte {
	if p.joined {
		return ' '
	}
	return '\t'
}

// appendJoined appends fields with a TAB between them.
func appendJoined(dst []byte, fields [][]byte) []byte {
	for i, field := range fields {
		if i > 0 {
			dst = append(dst, '\t')
		}
		dst = append(dst, field...)
	}
	return dst
}

// envelope returns how many of the payload's frames no codec touches: a REQ or
// REP behind a ROUTER or DEALER puts an empty frame first (RFC 28).
func envelope(typ zmq4.SocketType, payload [][]byte) int {
	if typ != zmq4.Router && typ != zmq4.Dealer || len(payload) < 2 || len(payload[0]) > 0 {
		return 0
	}
	return 1
}
