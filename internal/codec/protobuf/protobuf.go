// Package protobuf has payloads of Protocol Buffers as JSON: those of a message whose definition is at hand in the JSON
// form that protobuf has for them (protojson), and those of any other by the numbers of their fields (Fields).
//
// Nothing in this package panics on any input, and memory grows with the bytes that are there.
package protobuf

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"fogmq/internal/codec/protobuf/schema"
)

// Open reads what FILE or FILE:MESSAGE names: a message that a .proto source or a descriptor set defines. Without MESSAGE
// it is the only one that the file has. The error is a *NameError where there is no such message.
func Open(spec string) (*Message, error) {
	file, name := split(spec)
	if file == "" {
		return nil, errors.New("it names no file")
	}
	s, err := schema.Load(expand(file))
	if err != nil {
		return nil, errors.New(oneLine(err.Error()))
	}
	if name == "" {
		if name, err = onlyOne(file, s); err != nil {
			return nil, err
		}
	}
	m, ok := s.Message(strings.TrimPrefix(name, "."))
	if !ok {
		return nil, &NameError{file, name, names(s.Messages())}
	}
	return newMessage(s, m), nil
}

// A NameError says that a file does not tell which message is meant.
type NameError struct {
	File  string
	Name  string   // which there is not; empty where none was given
	Names []string // of the messages that there are, in the order of the file
}

func (e *NameError) Error() string {
	if e.Name == "" {
		return fmt.Sprintf("%s has more than one message", e.File)
	}
	return fmt.Sprintf("%s has no message %s", e.File, e.Name)
}

// Messages returns the full names of the messages that a file defines, in its order.
func Messages(file string) ([]string, error) {
	s, err := schema.Load(expand(file))
	if err != nil {
		return nil, errors.New(oneLine(err.Error()))
	}
	return names(s.Messages()), nil
}

// split finds the name of a message behind the last colon. A file may have colons in its name: C:\x.proto is one.
func split(spec string) (file, name string) {
	at := strings.LastIndexByte(spec, ':')
	if at < 0 {
		return spec, ""
	}
	file, name = spec[:at], spec[at+1:]
	if _, err := os.Stat(expand(spec)); err == nil {
		return spec, ""
	}
	if name != "" && strings.ContainsAny(name, `/\`) {
		return spec, ""
	}
	return file, name
}

// expand reads ~/ as the home folder, as a shell does where it does not stand behind a colon.
func expand(file string) string {
	rest, ok := strings.CutPrefix(file, "~/")
	if !ok {
		return file
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return file
	}
	return filepath.Join(home, rest)
}

// onlyOne is the message that a file has, if that is one: those within it do not count.
func onlyOne(file string, s *schema.Schema) (string, error) {
	all := s.Messages()
	var top []protoreflect.MessageDescriptor
	for _, m := range all {
		if m.Parent() == m.ParentFile() {
			top = append(top, m)
		}
	}
	switch len(top) {
	case 0:
		return "", fmt.Errorf("%s has no messages", file)
	case 1:
		return string(top[0].FullName()), nil
	}
	return "", &NameError{File: file, Names: names(all)}
}

func names(list []protoreflect.MessageDescriptor) []string {
	var found []string
	for _, m := range list {
		found = append(found, string(m.FullName()))
	}
	return found
}
