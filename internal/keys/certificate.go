package keys

import (
	"errors"
	"fmt"
	"strings"
)

// The names that ZPL gives what a certificate holds.
const (
	curveSection = "curve"
	publicEntry  = "public-key"
	secretEntry  = "secret-key"
)

// Certificate returns the text of the secret certificate, which holds both
// keys, as CZMQ and pyzmq read it.
func (p Pair) Certificate() string {
	return `#   ZeroMQ CURVE secret certificate, made by fogmq.
#   Whoever reads this file can pass for you. Give others the public key only.

` + certificateText(p.Public) + fmt.Sprintf("    %s = \"%s\"\n", secretEntry, p.Secret.Z85())
}

// publicCertificate returns the text of the public certificate.
func (p Pair) publicCertificate() string {
	return `#   ZeroMQ CURVE public certificate, made by fogmq.
#   Hand it over in a way that shows whom it is from.

` + certificateText(p.Public)
}

func certificateText(k Key) string {
	return fmt.Sprintf("metadata\ncurve\n    %s = \"%s\"\n", publicEntry, k)
}

// parsePair reads the text of a secret certificate.
func parsePair(text []byte) (Pair, error) {
	entries, err := curveEntries(string(text))
	if err != nil {
		return Pair{}, err
	}
	if entries[secretEntry] == "" {
		return Pair{}, errors.New("holds no secret key; give the NAME.key_secret file")
	}
	secret, err := parseSecret(entries[secretEntry])
	if err != nil {
		return Pair{}, fmt.Errorf("%s: %w", secretEntry, err)
	}
	p := Pair{secret.Public(), secret}
	if entries[publicEntry] == "" {
		return p, nil
	}
	public, err := parsePublicEntry(entries)
	if err == nil && public != p.Public {
		err = fmt.Errorf("its %s and its %s do not belong together", publicEntry, secretEntry)
	}
	if err != nil {
		return Pair{}, err
	}
	return p, nil
}

// parsePublic reads the public key of the text of a certificate, public or
// secret.
func parsePublic(text []byte) (Key, error) {
	entries, err := curveEntries(string(text))
	switch {
	case err != nil:
		return Key{}, err
	case entries[secretEntry] != "":
		p, err := parsePair(text)
		return p.Public, err
	case entries[publicEntry] == "":
		return Key{}, fmt.Errorf("holds no %s", publicEntry)
	}
	return parsePublicEntry(entries)
}

func parsePublicEntry(entries map[string]string) (Key, error) {
	k, err := ParseKey(entries[publicEntry])
	if err != nil {
		return Key{}, fmt.Errorf("%s: %w", publicEntry, err)
	}
	return k, nil
}

// curveEntries returns the keys in the curve section of a certificate by their
// names. All else is passed over: it is metadata, or of a later format.
func curveEntries(text string) (map[string]string, error) {
	entries := map[string]string{}
	section, found := "", false
	depth := 0 // of the section's own entries; those below are another's
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		entry := strings.TrimLeft(line, " \t")
		indent := len(line) - len(entry)
		if entry == "" || entry[0] == '#' {
			continue
		}
		if indent == 0 {
			section, depth = firstWord(entry), 0
			found = found || section == curveSection
			continue
		}
		if depth == 0 {
			depth = indent
		}
		if section != curveSection || indent != depth {
			continue
		}
		if err := addEntry(entries, entry); err != nil {
			return nil, err
		}
	}
	if !found {
		return nil, fmt.Errorf("holds no %s section; give a certificate, as fogmq keygen makes it", curveSection)
	}
	return entries, nil
}

// addEntry adds a line such as `public-key = "..."`, if it is one of a key.
func addEntry(entries map[string]string, line string) error {
	name, rest, ok := strings.Cut(line, "=")
	name = strings.TrimRight(name, " \t")
	if !ok || name != publicEntry && name != secretEntry {
		return nil
	}
	if _, twice := entries[name]; twice {
		return fmt.Errorf("holds two entries %s", name)
	}
	value, err := entryValue(strings.TrimLeft(rest, " \t"))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	entries[name] = value
	return nil
}

// entryValue reads a value with or without quotes, and a comment behind it. In
// one without quotes a # does not begin a comment: it is a digit of Z85.
func entryValue(text string) (string, error) {
	value, rest := firstWord(text), ""
	if text != "" && (text[0] == '"' || text[0] == '\'') {
		var closed bool
		if value, rest, closed = strings.Cut(text[1:], text[:1]); !closed {
			return "", errors.New("a quote that is not closed")
		}
	} else {
		rest = text[len(value):]
	}
	if rest = strings.TrimLeft(rest, " \t"); rest != "" && rest[0] != '#' {
		return "", errors.New("more than one value")
	}
	return value, nil
}

func firstWord(text string) string {
	if i := strings.IndexAny(text, " \t"); i >= 0 {
		return text[:i]
	}
	return text
}
