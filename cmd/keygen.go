package cmd

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fogmq/cmd/internal/help"
	"fogmq/internal/keys"
)

// keygenConfig is what runKeygen makes: with neither public nor user a pair.
type keygenConfig struct {
	name         string // of the pair's files; "" for stdout
	public       string // the certificate to print the public key of
	user         string // whom to make a line of a users file for
	passwordFile string // with user: where the password is; "" to ask for it
}

func newKeygenCmd(e *env) *cobra.Command {
	var f keygenConfig
	c := &cobra.Command{
		Use:     "keygen [flags] [NAME]",
		GroupID: groupAround,
		Short:   "Make CURVE keys, and lines of a file of PLAIN users",
		Long: `Makes a CURVE key pair in two files: NAME.key, the public key, to give to others, and NAME.key_secret,
which only you may read. Without a NAME the secret certificate, which holds both keys, goes to stdout. The files are
those of CZMQ and pyzmq. Nothing is ever written over.

With --public it prints the public key of a certificate, secret or not, as 40 characters.

With --plain-user it prints a line for a file of PLAIN users, NAME:HASH, and asks for the password, twice. The hash is
argon2id: the password can't be read from it. Take a user's line out of the file before you add a new one.`,
		Example: `# a pair: gateway.key and gateway.key_secret
fogmq keygen gateway

# the public key, for somebody's command line
fogmq keygen --public gateway.key_secret

# a user of PLAIN, with a password typed here, or from a file
fogmq keygen --plain-user alice >> users
fogmq keygen --plain-user alice --plain-password-file password.txt >> users`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("unexpected argument %q: one NAME makes one pair", args[1])
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			config, err := f.resolve(c.Flags(), args)
			if err != nil {
				return err
			}
			return runKeygen(c.Context(), e, config)
		},
	}
	f.register(c.Flags(), e)
	return c
}

func (f *keygenConfig) register(flags *pflag.FlagSet, e *env) {
	fs := flagSet{flags, groupMade}
	fs.add(newText(&f.public, "FILE", ""), "public", "",
		"print the public key of this certificate; - is stdin")
	fs.add(newValue(&f.user, "NAME", "", parseUserName), "plain-user", "",
		"print the line of a users file for this user")
	fs.add(newText(&f.passwordFile, "FILE", ""), "plain-password-file", "",
		"the user's password is the first line of this file; - is stdin (default: asked for on the terminal)")
	// A client's FOGMQ_PLAIN_USER is not whom to make, nor is a pair to turn into
	// a line behind one's back.
	flags.VisitAll(help.SetNoVariable)
	fs.group = groupSeeing
	registerQuiet(fs, e.report)
	registerColor(fs, e.report)
}

func parseUserName(s string) (string, error) { return s, keys.CheckName(s) }

func (f *keygenConfig) resolve(flags *pflag.FlagSet, args []string) (keygenConfig, error) {
	if err := conflict(flags, "public", "plain-user"); err != nil {
		return keygenConfig{}, err
	}
	if flags.Changed("plain-password-file") && !flags.Changed("plain-user") {
		return keygenConfig{}, usagef("--plain-password-file is the password of a user: give --plain-user NAME too")
	}
	for _, name := range []string{"public", "plain-password-file"} {
		if flag := flags.Lookup(name); flag.Changed && flag.Value.String() == "" {
			return keygenConfig{}, usagef("--%s is empty: give a file, or - for stdin", name)
		}
	}
	config := *f
	if len(args) == 0 {
		return config, nil
	}
	for _, name := range []string{"public", "plain-user"} {
		if flags.Changed(name) {
			return keygenConfig{}, usagef("--%s makes no pair: leave %q away", name, args[0])
		}
	}
	var err error
	config.name, err = parsePairName(args[0])
	return config, err
}
