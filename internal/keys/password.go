package keys

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPlain is the longest name and the longest password that PLAIN carries
// (RFC 24: their lengths are one byte each).
const maxPlain = 255

// CheckName tells what is wrong with the name of a PLAIN user: one is UTF-8 of
// 1 to 255 bytes without control characters, and does not begin with a #, which
// is a comment in a users file.
func CheckName(name string) error {
	switch {
	case name == "":
		return errors.New("the name is empty")
	case len(name) > maxPlain:
		return fmt.Errorf("the name has %d bytes, and PLAIN carries %d at most", len(name), maxPlain)
	case !utf8.ValidString(name):
		return errors.New("the name is not UTF-8")
	case strings.ContainsFunc(name, unicode.IsControl):
		return errors.New("the name has a control character")
	case name[0] == '#':
		return errors.New("the name begins with #, as a comment in a users file does")
	}
	return nil
}

// CheckPassword tells what is wrong with the password of a PLAIN user: one has 1
// to 255 bytes, none of them a newline.
func CheckPassword(password string) error {
	switch {
	case password == "":
		return errors.New("the password is empty")
	case len(password) > maxPlain:
		return fmt.Errorf("the password is too long: PLAIN carries %d bytes at most", maxPlain)
	case strings.Contains(password, "\n"):
		return errors.New("the password has a newline")
	}
	return nil
}

// UserLine returns the line of a users file for a user, NAME:HASH without a
// newline, after [CheckName] and [CheckPassword]. Each call takes a new salt,
// and the time and memory of [HashPassword].
func UserLine(name, password string) (string, error) {
	if err := CheckName(name); err != nil {
		return "", err
	}
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	return name + ":" + HashPassword(password), nil
}

// ReadPassword reads a password from the first line of a file, byte for byte:
// only the newline is taken off. It reads nothing behind that line.
func ReadPassword(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", inFile(path, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return "", inFile(path, errors.New("is a folder; give a file"))
	}
	return ReadPasswordFrom(f, path)
}

// ReadPasswordFrom is ReadPassword of a stream, of which it takes the first line
// and no more. name is what errors call it.
func ReadPasswordFrom(r io.Reader, name string) (string, error) {
	line := make([]byte, 0, maxPlain+1)
	for one := make([]byte, 1); len(line) <= maxPlain; {
		_, err := io.ReadFull(r, one)
		if errors.Is(err, io.EOF) || err == nil && one[0] == '\n' {
			break
		}
		if err != nil {
			return "", inFile(name, err)
		}
		line = append(line, one[0])
	}
	if err := CheckPassword(string(line)); err != nil {
		return "", inFile(name, fmt.Errorf("first line: %w", err))
	}
	return string(line), nil
}
