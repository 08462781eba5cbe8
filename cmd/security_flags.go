package cmd

import (
	"errors"
	"net/netip"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// securityFlags say whom a socket talks to, and how it is protected. A proxy has a
// set for each side, with the side's name in front.
type securityFlags struct {
	prefix string // of the flags' names

	curveKey   string
	curvePeer  string
	curveAllow []string

	plainUser         string
	plainPasswordFile string
	plainUsers        string

	allow, deny []netip.Prefix

	called func(name string) string // a flag by its name without prefix, once checked
	loaded *security                // what the files say, once they were read
}

// The prefixes of the flags that are one side's of a proxy.
const (
	frontPrefix = "frontend-"
	backPrefix  = "backend-"
)

// The names of the flags, without a prefix.
var (
	curveNames    = []string{"curve-key", "curve-peer", "curve-allow"}
	plainNames    = []string{"plain-user", "plain-password-file", "plain-users"}
	securityNames = slices.Concat(curveNames, plainNames, []string{"allow", "deny"})
)

// anyKey is the --curve-allow that lets everybody in.
const anyKey = "any"

func (f *securityFlags) register(fs flagSet) {
	fs.group = groupSecurity
	f.add(fs, newText(&f.curveKey, "FILE", ""), "curve-key",
		"our own CURVE keys: a secret certificate, such as fogmq keygen makes; --curve-peer or --curve-allow goes with it")
	f.add(fs, newText(&f.curvePeer, "KEY|FILE", ""), "curve-peer",
		"encrypt, be the client, and talk only to the server that has this public key")
	f.add(fs, &listValue{&f.curveAllow, "DIR|FILE|any"}, "curve-allow",
		"encrypt, be the server, and let in whose public keys are the *.key files of DIR, or FILE, or any key; repeatable")
	f.add(fs, newText(&f.plainUser, "NAME", ""), "plain-user",
		"be the client of PLAIN under this name; the password is sent unencrypted")
	f.add(fs, newText(&f.plainPasswordFile, "FILE", ""), "plain-password-file",
		"the password of --plain-user is the first line of this file")
	f.add(fs, newText(&f.plainUsers, "FILE", ""), "plain-users",
		"be the server of PLAIN, and let in the users of this file; fogmq keygen --plain-user makes its lines")
	f.add(fs, &prefixValue{&f.allow}, "allow", "talk only to peers at these addresses, such as 192.168.0.0/24; repeatable")
	f.add(fs, &prefixValue{&f.deny}, "deny", "never talk to peers at these addresses; goes before --allow; repeatable")
}

func (f *securityFlags) add(fs flagSet, v pflag.Value, name, usage string) {
	if f.prefix != "" {
		usage = "--" + name + " of that side alone"
	}
	fs.add(v, f.prefix+name, "", usage)
}

// prefixValue is a repeatable flag of addresses: a network as ADDRESS/BITS, or one
// address.
type prefixValue struct{ list *[]netip.Prefix }

func (v *prefixValue) Set(text string) error {
	p, err := parsePrefix(text)
	if err != nil {
		return err
	}
	*v.list = append(*v.list, p)
	return nil
}

func (v *prefixValue) String() string { return "" }
func (v *prefixValue) Type() string   { return "CIDR" }

// GetSlice tells cobra that TAB may offer the flag again.
func (v *prefixValue) GetSlice() []string { return nil }

func parsePrefix(text string) (netip.Prefix, error) {
	bad := errors.New("not a network such as 192.168.0.0/24 or fd00::/8, nor an address")
	if !strings.Contains(text, "/") {
		addr, err := netip.ParseAddr(text)
		if err != nil || addr.Zone() != "" {
			return netip.Prefix{}, bad
		}
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}, bad
	}
	if p.Addr().Is4In6() {
		if p.Bits() < 96 {
			return netip.Prefix{}, bad
		}
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), nil
}

// given tells whether any flag of the set was.
func (f *securityFlags) given(flags *pflag.FlagSet) bool {
	return slices.ContainsFunc(securityNames, func(name string) bool { return flags.Changed(f.prefix + name) })
}

// onLine is given for the command line alone.
func (f *securityFlags) onLine(flags *pflag.FlagSet) bool {
	return slices.ContainsFunc(securityNames, func(name string) bool { return onLine(flags, f.prefix+name) })
}

// check finds what does not go together.
func (f *securityFlags) check(flags *pflag.FlagSet) error {
	name := func(flag string) string { return f.prefix + flag }
	f.called = func(flag string) string { return calledBy(flags, name(flag)) }
	changed := func(flag string) bool { return flags.Changed(name(flag)) }
	for _, pair := range [][]string{
		{"curve-peer", "curve-allow"},
		{"plain-user", "plain-users"},
		{"curve-key", "plain-user"}, {"curve-key", "plain-users"},
	} {
		if err := conflict(flags, name(pair[0]), name(pair[1])); err != nil {
			return err
		}
	}
	switch {
	case changed("curve-key") && !changed("curve-peer") && !changed("curve-allow"):
		return usagef("%s needs whom to talk to: --%s KEY as the client, or --%s DIR|FILE|any as the server",
			f.called("curve-key"), name("curve-peer"), name("curve-allow"))
	case changed("curve-peer") && !changed("curve-key"):
		return usagef("%s needs our own keys: --%s FILE, which fogmq keygen makes", f.called("curve-peer"), name("curve-key"))
	case changed("curve-allow") && !changed("curve-key"):
		return usagef("%s needs our own keys: --%s FILE, which fogmq keygen makes", f.called("curve-allow"), name("curve-key"))
	case changed("plain-user") && !changed("plain-password-file"):
		return usagef("%s needs a password: --%s FILE", f.called("plain-user"), name("plain-password-file"))
	case changed("plain-password-file") && !changed("plain-user"):
		return usagef("%s is the password of a user: give --%s NAME too", f.called("plain-password-file"), name("plain-user"))
	}
	return nil
}
