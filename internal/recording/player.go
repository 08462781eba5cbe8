package recording

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/shell"
)

// A File is a recording by name. Open is called for each round; it may wait.
type File struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// PlayOptions say how a Player plays.
type PlayOptions struct {
	// Speed is how many times as fast as recorded; infinite is as fast as can be.
	Speed float64
	// MaxPause bounds the pauses of the recording; 0 is no bound.
	MaxPause time.Duration
	// Rounds is how often all files are played; 0 is without end.
	Rounds int
	// Skip passes over the first records of a round, whatever is in them.
	Skip int
	// From and Until bound the part that is played: from the first message that came at
	// From or later, to the first from there on that came at Until or later, which is
	// not played.
	From, Until Bound
	// Topics are prefixes of the first frames of what is played; none plays all.
	Topics [][]byte
	// Note is told of a file with a torn end, of which all before that is played.
	Note func(error)
}

// A Player is a shell.Source of recorded messages, one file after another, each when it
// is due. Where it is behind, it catches up and leaves nothing out. Its methods are for
// one goroutine at a time, but for Played and Close, which any may call.
type Player struct {
	o     PlayOptions
	files []File

	window   window
	schedule schedule
	round    int
	found    bool // there was a message in this round
	next     int  // the file to be opened
	file     *playedFile
	base     int // records of this round in the files before

	msgs    []zmq4.Msg // read and not yet handed out
	details []detail   // of each of them
	room    []detail   // where they are
	batch   []detail   // of those handed out last
	began   time.Time  // when the first was handed out
	at      Place
	played  atomic.Int64
	closing sync.Once
	closed  chan struct{}
}

// A playedFile is the one that is being read.
type playedFile struct {
	name   string
	reader *Reader
	source *shell.RecordedSource
}

// A detail is what is known of a message that is to be sent.
type detail struct {
	due   time.Duration // after the first message
	place Place
}

// A Place is that of a record.
type Place struct {
	File   string
	Record int // in the file, from 1
	Total  int // with those of the files before
	Round  int // from 1
}

// NewPlayer returns a Player of files.
func NewPlayer(files []File, o PlayOptions) *Player {
	return &Player{
		o: o, files: files, round: 1,
		window:   window{from: o.From, until: o.Until, topics: o.Topics},
		schedule: schedule{speed: o.Speed, maxPause: o.MaxPause},
		closed:   make(chan struct{}),
	}
}

// Next waits until the next message is due, and returns it with those that are due by
// then. It is that of a shell.Source.
func (p *Player) Next(max int) ([]zmq4.Msg, error) {
	for len(p.msgs) == 0 {
		if err := p.read(max); err != nil {
			return nil, err
		}
	}
	if p.began.IsZero() {
		p.began = time.Now()
	}
	if !waitUntil(p.began.Add(p.details[0].due), p.closed) {
		return nil, io.EOF
	}
	since := time.Since(p.began)
	n := 1
	for n < min(max, len(p.msgs)) && p.details[n].due <= since {
		n++
	}
	msgs := p.msgs[:n]
	p.batch = p.details[:n]
	p.msgs, p.details = p.msgs[n:], p.details[n:]
	return msgs, nil
}

// Recycle is that of a shell.Recycler.
func (p *Player) Recycle(copied int) {
	if len(p.msgs) == 0 && p.file != nil {
		p.file.source.Recycle(copied)
	}
}

// read takes the next messages from the files.
func (p *Player) read(max int) error {
	if p.file == nil {
		return p.open()
	}
	msgs, err := p.file.source.Next(max)
	bad, isBad := errors.AsType[*shell.RecordError](err)
	switch {
	case isBad && p.base+bad.Record <= p.o.Skip:
		return nil
	case isBad:
		return &shell.RecordError{File: p.file.name, Record: bad.Record, Err: bad.Err}
	case errors.Is(err, shell.ErrTorn):
		p.o.Note(fmt.Errorf("%s: torn behind record %d, as a crash leaves it: played up to there", p.file.name, p.whole()))
		return p.closeFile()
	case err == io.EOF:
		return p.closeFile()
	case err != nil:
		return fmt.Errorf("%s: %w", p.file.name, err)
	}
	p.choose(msgs, p.file.source.Marks())
	if p.window.ended && len(p.msgs) == 0 {
		p.next = len(p.files)
		return p.closeFile()
	}
	return nil
}

// whole is how many records of the file are not torn.
func (p *Player) whole() int { return p.file.source.Whole() }

// choose keeps of the messages those that are to be played, in their own slice.
func (p *Player) choose(msgs []zmq4.Msg, marks []shell.Mark) {
	p.msgs, p.room = msgs[:0], p.room[:0]
	for i, m := range msgs {
		total := p.base + marks[i].Record
		if !p.window.has(m, marks[i]) || total <= p.o.Skip {
			continue
		}
		p.msgs = append(p.msgs, m)
		p.room = append(p.room, detail{
			due:   p.schedule.due(marks[i].Time),
			place: Place{File: p.file.name, Record: marks[i].Record, Total: total, Round: p.round},
		})
	}
	p.details = p.room
	p.found = p.found || len(p.msgs) > 0
}

// open opens the next file, of the next round if need be.
func (p *Player) open() error {
	if p.next == len(p.files) {
		if p.round == p.o.Rounds || !p.found { // without end there would be nothing, for ever
			return io.EOF
		}
		p.round++
		p.next, p.base, p.found = 0, 0, false
		p.window.again()
		p.schedule.again()
	}
	file := p.files[p.next]
	in, err := file.Open()
	if err != nil {
		return err
	}
	reader, err := NewReader(in)
	if err != nil {
		return fmt.Errorf("%s: %w", file.Name, err)
	}
	p.next++
	p.file = &playedFile{file.Name, reader, shell.NewRecordedSource(reader)}
	return nil
}

func (p *Player) closeFile() error {
	p.base += p.file.source.Records()
	err := p.file.reader.Close()
	p.file = nil
	return err
}

// Close ends the wait of a Next and all that come. It is no time to close the file: a
// Next may be reading it.
func (p *Player) Close() { p.closing.Do(func() { close(p.closed) }) }

// Took says that the first n of the messages that Next returned last, or of those
// behind the ones it was told of, were sent.
func (p *Player) Took(n int) {
	if n == 0 {
		return
	}
	p.at = p.batch[n-1].place
	p.played.Store(int64(p.batch[n-1].due))
	p.batch = p.batch[n:]
}

// Last is the place of the last message that was sent; zero before there was one.
func (p *Player) Last() Place { return p.at }

// Played is when the last message that was sent was due, after the first one.
func (p *Player) Played() time.Duration { return time.Duration(p.played.Load()) }

// Through returns a Sender that passes what the Player plays on to another one, and
// tells the Player of it. An error that isBad tells is about a message is one of its
// record. isBad may be nil.
func (p *Player) Through(to shell.Sender, isBad func(error) bool) shell.Sender {
	return &through{p, to, isBad}
}

type through struct {
	player *Player
	to     shell.Sender
	isBad  func(error) bool
}

// SendBatch is that of a shell.Sender.
func (t *through) SendBatch(ctx context.Context, msgs []zmq4.Msg) (int, error) {
	n, err := t.to.SendBatch(ctx, msgs)
	t.player.Took(n)
	if err == nil || t.isBad == nil || !t.isBad(err) {
		return n, err
	}
	place := t.player.batch[0].place
	t.player.Took(1) // it is passed over
	return n, &shell.RecordError{File: place.File, Record: place.Record, Err: err}
}
