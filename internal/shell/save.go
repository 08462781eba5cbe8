package shell

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/codec"
)

// SaveOptions say how a Saver keeps messages.
type SaveOptions struct {
	// Name is a folder, whose files are numbered from 000001, or a template for the path of each file. The template's
	// last part has %n in it; without an extension of its own it gets that which the bytes tell.
	Name string
	// Type, Topics, Codec and Now are as in OutputOptions.
	Type   zmq4.SocketType
	Topics []string
	Codec  codec.Codec
	Now    func() time.Time
	// Printer, if it is not nil, prints each message too.
	Printer *Printer
}

// A Saver is a Handler that keeps the payload of each message as a file: an array as .npy, under codec string and bytes
// the frames one after another, else the text that the codec makes, a line a frame.
//
// A file appears under its name when all of it is written, and no file that is there is ever written to: numbers go on
// behind the highest. What peers choose never leaves the folder.
type Saver struct {
	o        SaveOptions
	name     saveName
	view     *view
	template templateLayout // makes the parts of names
	seen     map[string]bool
	number   int // of the next file
	received int
	saved    int
}

// NewSaver returns a Saver. It touches no file. The error of a template says where it is wrong and what there is.
func NewSaver(o SaveOptions) (*Saver, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	name, err := parseSaveName(o.Name)
	if err != nil {
		return nil, err
	}
	v := newView(o.Type, o.Topics, o.Codec)
	return &Saver{
		o: o, name: name, view: v, number: 1, seen: map[string]bool{},
		template: templateLayout{view: v, now: stamp{now: o.Now}},
	}, nil
}

// Open makes the folder where there is none, and tells whether files can be made in it.
func (s *Saver) Open() error {
	root := s.name.root
	if root == "" {
		root = "."
	}
	err := os.MkdirAll(root, 0o777)
	if err == nil {
		var file *os.File
		if file, err = createTemp(root); err == nil {
			_ = file.Close() // nothing was written
			err = os.Remove(file.Name())
		}
	}
	if err == nil && len(s.name.dirs) == 0 {
		err = s.look(root)
	}
	if err != nil {
		return fmt.Errorf("out-dir: %s: %w", Escape(root), bare(err))
	}
	return nil
}

// Printer returns what prints the messages too, or nil.
func (s *Saver) Printer() *Printer { return s.o.Printer }

// Received saves a message. A codec error is a *RecordError. Any other error says how many messages were saved.
func (s *Saver) Received(m zmq4.Msg) error {
	s.received++
	if s.o.Printer != nil {
		if err := s.o.Printer.Received(m); err != nil {
			return err
		}
	}
	var p parts
	s.split(m.Frames, &p)
	chunks, ext, err := s.content(&p)
	if err != nil {
		return &RecordError{Record: s.received, Err: err}
	}
	if err := s.save(m, &p, chunks, ext); err != nil {
		return err
	}
	s.saved++
	return nil
}

// Flush writes out what is printed. Files are complete already.
func (s *Saver) Flush() error {
	if s.o.Printer == nil {
		return nil
	}
	return s.o.Printer.Flush()
}

// split sets p to what the frames consist of. A topic in one frame with its payload is taken off only where it can be
// one: a file that was sent alone must come out whole.
func (s *Saver) split(frames [][]byte, p *parts) {
	s.view.split(frames, p)
	if !p.joined {
		return
	}
	for _, topic := range s.view.topics {
		if string(topic[:len(topic)-1]) == string(p.topic) {
			return
		}
	}
	if !isName(p.topic) || isKnown(frames[0]) {
		*p = parts{payload: frames}
	}
}

// content returns the bytes of the file, and what its name ends in.
func (s *Saver) content(p *parts) (chunks [][]byte, ext string, err error) {
	body := p.payload[envelope(s.o.Type, p.payload):]
	if c, ok := s.o.Codec.(codec.ArrayCodec); ok {
		array, err := c.Array(body)
		if err != nil {
			return nil, "", err
		}
		return array.FileNPY(), ".npy", nil
	}
	if !codec.IsBytes(s.o.Codec) {
		if array, ok := codec.ArrayOf(body); ok {
			return array.FileNPY(), ".npy", nil
		}
	}
	if s.view.verbatim {
		return body, extension(body), nil
	}
	fields, err := s.o.Codec.Decode(body)
	if err != nil {
		return nil, "", err
	}
	for _, field := range fields {
		chunks = append(chunks, field, []byte{'\n'})
	}
	if codec.IsJSON(s.o.Codec) {
		return chunks, ".json", nil
	}
	return chunks, extension(fields), nil
}

// save writes the chunks to the next file.
func (s *Saver) save(m zmq4.Msg, p *parts, chunks [][]byte, ext string) error {
	msg := message{frames: m.Frames}
	dir, err := s.folder(msg, p)
	if err != nil {
		return s.failed(dir, err)
	}
	if !s.name.ext {
		ext = ""
	}
	temp, err := writeTemp(dir, chunks)
	for err == nil {
		var base []byte
		if base, err = s.appendPart(nil, s.name.base, msg, p); err != nil {
			break
		}
		path := filepath.Join(dir, string(base)+ext)
		err = place(temp, path)
		switch {
		case err == nil:
			s.number++
			return nil
		case !errors.Is(err, fs.ErrExist):
			_ = os.Remove(temp) // the first error is the one to tell
			return s.failed(path, err)
		}
		s.number++
		err = s.look(dir) // somebody else saves there too
	}
	if temp != "" {
		_ = os.Remove(temp)
	}
	return s.failed(dir, err)
}

// failed says which file could not be written, and what became of the messages.
func (s *Saver) failed(path string, err error) error {
	if isRecordError(err) {
		return err
	}
	saved := "1 message was saved"
	if s.saved != 1 {
		saved = strconv.Itoa(s.saved) + " messages were saved"
	}
	return fmt.Errorf("out-dir: %s: %w; %s, message %d and what came after it are lost",
		Escape(path), bare(err), saved, s.received)
}

// folder returns the folder of a message's file. The folders below the user's are made when they are first needed.
func (s *Saver) folder(m message, p *parts) (string, error) {
	dir := s.name.root
	for _, part := range s.name.dirs {
		text, err := s.appendPart(nil, part, m, p)
		if err != nil {
			return dir, err
		}
		name := string(text)
		if !isLiteral(part) && (name == "" || name == "." || name == "..") {
			name += "_" // a folder of its own, below
		}
		dir = filepath.Join(dir, name)
		if !s.seen[dir] {
			if err := os.Mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
				return dir, err
			}
		}
	}
	if dir == "" {
		dir = "."
	}
	if s.seen[dir] {
		return dir, nil
	}
	return dir, s.look(dir)
}

// maxSeen bounds how many folders are remembered.
const maxSeen = 1024

// look has the number go on behind those of the files in a folder.
func (s *Saver) look(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		s.number = max(s.number, s.name.number(entry.Name())+1)
	}
	if len(s.seen) >= maxSeen {
		clear(s.seen)
	}
	s.seen[dir] = true
	return nil
}

// appendPart appends one part of the path.
func (s *Saver) appendPart(dst []byte, part []templateOp, m message, p *parts) ([]byte, error) {
	start, limit := len(dst), room(part)
	for _, op := range part {
		if op.name == 'n' {
			dst = appendNumber(dst, s.number, op.width)
			continue
		}
		text, err := s.template.appendOp(nil, op, m, p)
		switch {
		case err != nil:
			return dst, &RecordError{Record: s.received, Err: err}
		case isChosenByPeer(op):
			dst = appendChosen(dst, start, text, limit)
		default:
			dst = append(dst, text...)
		}
	}
	return dst, nil
}
