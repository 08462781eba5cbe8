package keys

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// What is put behind the name of a pair.
const (
	publicSuffix = ".key"
	secretSuffix = ".key_secret"
)

// ReadPair reads a secret certificate, such as NAME.key_secret. The public key
// is that of the secret one; a file that says another is an error. readable
// tells that the mode of the file lets its group or others at it, which the
// caller may warn of.
func ReadPair(path string) (p Pair, readable bool, err error) {
	text, info, err := load(path, maxCertificate)
	if err != nil {
		return Pair{}, false, err
	}
	if p, err = parsePair(text); err != nil {
		return Pair{}, false, inFile(path, err)
	}
	return p, info.Mode().IsRegular() && info.Mode()&0o077 != 0, nil
}

// ReadPublic reads the public key of a certificate, public or secret.
func ReadPublic(path string) (Key, error) {
	text, _, err := load(path, maxCertificate)
	if err != nil {
		return Key{}, err
	}
	return publicIn(text, path)
}

// ReadPublicFrom is ReadPublic of a stream, which it reads to its end. name is
// what errors call it.
func ReadPublicFrom(r io.Reader, name string) (Key, error) {
	text, err := readAll(r, maxCertificate)
	if err != nil {
		return Key{}, inFile(name, err)
	}
	return publicIn(text, name)
}

func publicIn(text []byte, name string) (Key, error) {
	k, err := parsePublic(text)
	if err != nil {
		return Key{}, inFile(name, err)
	}
	return k, nil
}

// WritePair writes the public certificate NAME.key (mode 0644, less the umask)
// and the secret one NAME.key_secret (0600), and returns their names. It never
// writes over a file, and where one of the two fails it leaves neither.
func WritePair(name string, p Pair) (public, secret string, err error) {
	public, secret = name+publicSuffix, name+secretSuffix
	if err := writeNew(secret, p.Certificate(), 0o600); err != nil {
		return "", "", err
	}
	if err := writeNew(public, p.publicCertificate(), 0o644); err != nil {
		return "", "", removing(secret, err)
	}
	return public, secret, nil
}

// writeNew writes a file that is not there yet, down to the disk: what can't be
// kept is an error now.
func writeNew(path, text string, mode fs.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return inFile(path, errors.New("is there already, and is not written over: give another name"))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return inFile(path, errors.New("its folder is not there: make it first"))
	}
	if err != nil {
		return inFile(path, err)
	}
	_, err = io.WriteString(f, text)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return removing(path, inFile(path, err))
	}
	return nil
}

// removing takes a file away that is of no use without what failed with err.
func removing(path string, err error) error {
	if left := os.Remove(path); left != nil {
		return fmt.Errorf("%w; and it stays behind: %w", err, inFile(path, left))
	}
	return err
}
