package cmd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/keys"
	"fogmq/internal/patterns"
	"fogmq/internal/zmtp"
)

// security is what the files that --curve-* and --plain-* name have to say.
type security struct {
	mechanism zmq4.Security          // nil is NULL
	access    patterns.Access        // whom addresses let in
	revoked   func([]string) []error // nil where nobody's key can be taken away
}

func (s *security) options() []patterns.Option {
	return []patterns.Option{
		patterns.WithSecurity(s.mechanism),
		patterns.WithAccess(s.access),
		patterns.WithRevocation(s.revoked),
	}
}

// load reads the files, once.
func (f *securityFlags) load(r *reporter) (*security, error) {
	if f.loaded != nil {
		return f.loaded, nil
	}
	s := &security{access: patterns.Access{Allow: f.allow, Deny: f.deny}}
	var err error
	switch {
	case f.curveKey != "":
		err = f.loadCurve(s, r)
	case f.plainUser != "":
		s.mechanism, err = f.loadPlainClient()
	case f.plainUsers != "":
		s.mechanism, err = f.loadPlainServer(r)
	}
	if err != nil {
		return nil, err
	}
	f.loaded = s
	return s, nil
}

func (f *securityFlags) loadCurve(s *security, r *reporter) error {
	pair, readable, err := keys.ReadPair(f.curveKey)
	if err != nil {
		return fmt.Errorf("%s: %w", f.called("curve-key"), err)
	}
	if readable {
		r.noticef("warning: others can read the secret key in %s: chmod 600 it", f.curveKey)
	}
	own := curveKeys(pair)
	if len(f.curveAllow) == 0 {
		peer, err := readKey(f.curvePeer)
		if err != nil {
			return fmt.Errorf("%s: %w", f.called("curve-peer"), err)
		}
		s.mechanism = zmtp.CurveClient(own, peer)
		return nil
	}
	allowed, err := readAllowed(f.curveAllow, r)
	if err != nil {
		return fmt.Errorf("%s: %w", f.called("curve-allow"), err)
	}
	judge := func(client [32]byte) error { return verdict(client, allowed.Allows(client)) }
	s.mechanism = zmtp.CurveServer(own, judge)
	if !slices.Contains(f.curveAllow, anyKey) {
		s.revoked = func(users []string) []error { return judgeAll(users, allowed) }
	}
	return nil
}

func curveKeys(p keys.Pair) zmtp.CurveKeys {
	return zmtp.CurveKeys{Public: p.Public, Secret: p.Secret}
}

func verdict(client keys.Key, allowed bool) error {
	if allowed {
		return nil
	}
	return fmt.Errorf("the key %s is not in --curve-allow", client)
}

func judgeAll(users []string, allowed *keys.Allowed) []error {
	asked := make([]keys.Key, len(users))
	for i, u := range users {
		copy(asked[i][:], u)
	}
	errs := make([]error, len(users))
	for i, yes := range allowed.Which(asked) {
		errs[i] = verdict(asked[i], yes)
	}
	return errs
}

// readKey reads a public key, or the file that has it.
func readKey(text string) (keys.Key, error) {
	key, isKey, err := parseKey(text)
	if isKey || err != nil {
		return key, err
	}
	return keys.ReadPublic(text)
}

// parseKey reads a key, unless the text names a file: the path of one may have 40
// characters that make a key. A file in the working folder that is called as a key
// is, which somebody may have put there, is not taken for it.
func parseKey(text string) (key keys.Key, isKey bool, err error) {
	isPath := filepath.IsAbs(text) || strings.HasPrefix(text, "./") || strings.HasPrefix(text, "../")
	key, err = keys.ParseKey(text)
	switch missing := isNoFile(text); {
	case isPath && !missing:
		return key, false, nil
	case err == nil && !missing:
		return key, false, errors.New("what is given is both a key and the name of a file: write ./ in front of the file's")
	case err == nil:
		return key, true, nil
	case missing && looksLikeKey(text):
		return key, false, fmt.Errorf("%w, and no file", err)
	}
	return key, false, nil
}

func isNoFile(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, os.ErrNotExist)
}

// looksLikeKey tells whether a text is likelier a mistyped key, which may be a
// secret one and is not to be repeated, than the name of a file.
func looksLikeKey(text string) bool {
	return len(text) > keys.Z85Length*3/4 && len(text) < keys.Z85Length*3/2 && !strings.Contains(text, ".key") && strings.Count(text, "/") < 2
}

// readAllowed takes folders, files, keys and "any".
func readAllowed(texts []string, r *reporter) (*keys.Allowed, error) {
	if slices.Contains(texts, anyKey) {
		return keys.AllowAny(), nil
	}
	var given []keys.Key
	var paths []string
	for _, text := range texts {
		key, isKey, err := parseKey(text)
		switch {
		case err != nil:
			return nil, err
		case isKey:
			given = append(given, key)
		default:
			paths = append(paths, text)
		}
	}
	allowed, err := keys.ReadAllowed(paths, func(err error) { r.errorf("--curve-allow: %v; nobody is let in by it", err) })
	if err != nil {
		return nil, err
	}
	for _, key := range given {
		allowed.Add(key)
	}
	return allowed, nil
}

func (f *securityFlags) loadPlainClient() (zmq4.Security, error) {
	password, err := keys.ReadPassword(f.plainPasswordFile)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.called("plain-password-file"), err)
	}
	return zmtp.PlainClient(f.plainUser, password)
}

func (f *securityFlags) loadPlainServer(r *reporter) (zmq4.Security, error) {
	users, err := keys.ReadUsers(f.plainUsers, func(err error) { r.errorf("--plain-users: %v; nobody is let in by it", err) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.called("plain-users"), err)
	}
	return zmtp.PlainServer(func(ctx context.Context, name, password string) error {
		if !users.Check(ctx, name, password) {
			return fmt.Errorf("unknown user %.40q, or a wrong password", name)
		}
		return nil
	}), nil
}

// warnOfPlain says where passwords of PLAIN can be read on their way.
func (s *security) warnOfPlain(r *reporter, ep patterns.Endpoint) {
	if s.mechanism == nil || s.mechanism.Type() != zmq4.PlainSecurity || ep.Transport != patterns.TransportTCP || isLoopback(ep.Address) {
		return
	}
	r.noticef("warning: PLAIN does not encrypt: over %s anybody on the way can read passwords and messages; CURVE encrypts (--curve-key)", ep)
}

// isLoopback tells whether HOST:PORT is surely on this machine.
func isLoopback(address string) bool {
	if _, dest, ok := strings.Cut(address, ";"); ok {
		address = dest
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	host, _, _ = strings.Cut(host, "%")
	ip := net.ParseIP(host)
	return host == "localhost" || host == "lo" || ip != nil && ip.IsLoopback()
}
