package shell

import (
	"fmt"
	"strconv"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/codec"
)

// alphabet is how many letters the feed of that name has before it wraps.
const alphabet = 26

// A Feed is a Source of endless rounds, the article's number, alphabet or
// matrix: each Next returns one round whole, whatever its max, and no error.
type Feed struct {
	round   func(i int64) []zmq4.Msg
	i       int64
	builder *builder // nil when messages are sent as they are
}

// NewFeed returns the feed called name. channels is how many channels a round
// of number has; the others have their own. Of o a Feed heeds the topic.
func NewFeed(name string, channels int, o InputOptions) (*Feed, error) {
	f := &Feed{}
	if o.HasTopic {
		f.builder = newBuilder(o)
	}
	switch name {
	case "number":
		if channels < 1 {
			return nil, fmt.Errorf("feed number needs at least 1 channel, not %d", channels)
		}
		f.round = func(i int64) []zmq4.Msg { return numberRound(channels, i) }
	case "alphabet":
		f.round = alphabetRound
	case "matrix":
		f.round = matrixRound
	default:
		return nil, fmt.Errorf("no feed %q: there are number, alphabet and matrix", name)
	}
	return f, nil
}

// Next returns the next round.
func (f *Feed) Next(int) ([]zmq4.Msg, error) {
	f.i++
	msgs := f.round(f.i)
	if f.builder != nil {
		for i := range msgs {
			msgs[i] = f.builder.buildPayload(msgs[i].Frames)[0]
		}
	}
	return msgs, nil
}

func numberRound(channels int, i int64) []zmq4.Msg {
	msgs := make([]zmq4.Msg, 0, channels)
	for ch := int64(1); ch <= int64(channels); ch++ {
		frame := strconv.AppendInt(nil, ch, 10)
		frame = append(frame, ' ')
		msgs = append(msgs, zmq4.NewMsg(strconv.AppendInt(frame, ch*i, 10)))
	}
	return msgs
}

func alphabetRound(i int64) []zmq4.Msg {
	letter := byte((i - 1) % alphabet)
	return []zmq4.Msg{
		zmq4.NewMsg([]byte{'1', ' ', 'a' + letter}),
		zmq4.NewMsg([]byte{'2', ' ', 'A' + letter}),
	}
}

func matrixRound(int64) []zmq4.Msg {
	matrix := codec.NewInt64Array([]int{2, 3}, 0, 1, 2, 2, 1, 0)
	return []zmq4.Msg{zmq4.NewMsgFrom(matrix.Frames()...)}
}
