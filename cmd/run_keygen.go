package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"fogmq/internal/keys"
)

// stdinName is what stdin is called in the place of a file's name.
const stdinName = "-"

func runKeygen(ctx context.Context, e *env, c keygenConfig) error {
	switch {
	case c.public != "":
		return printPublic(e, c.public)
	case c.user != "":
		return printUser(ctx, e, c)
	case c.name != "":
		public, secret, err := keys.WritePair(c.name, keys.NewPair())
		if err != nil {
			return err
		}
		e.report.noticef("made %s, to give to others, and %s, to keep to yourself", public, secret)
		return nil
	default:
		_, err := io.WriteString(e.stdout, keys.NewPair().Certificate())
		return err
	}
}

// parsePairName reads NAME; "" stands for stdout.
func parsePairName(name string) (string, error) {
	switch {
	case name == "-":
		return "", nil
	case name == "", os.IsPathSeparator(name[len(name)-1]):
		return "", usagef("%q is no NAME: give one such as keys/gateway", name)
	case strings.HasSuffix(name, ".key"), strings.HasSuffix(name, ".key_secret"):
		return "", usagef("%q is a file's name, and .key is added by itself: leave that away", name)
	}
	return name, nil
}

func printPublic(e *env, path string) error {
	var (
		k   keys.Key
		err error
	)
	if path == stdinName {
		k, err = keys.ReadPublicFrom(e.input(), "stdin")
	} else {
		k, err = keys.ReadPublic(path)
	}
	if err == nil {
		_, err = fmt.Fprintln(e.stdout, k)
	}
	return err
}

func printUser(ctx context.Context, e *env, c keygenConfig) error {
	password, err := c.password(ctx, e)
	if err != nil {
		return err
	}
	line, err := keys.UserLine(c.user, password)
	if err == nil {
		_, err = fmt.Fprintln(e.stdout, line)
	}
	return err
}

// password reads the password of a user, or asks for it.
func (c keygenConfig) password(ctx context.Context, e *env) (string, error) {
	switch c.passwordFile {
	case stdinName:
		return keys.ReadPasswordFrom(e.input(), "stdin")
	case "":
		return e.askNewPassword(ctx, c.user)
	default:
		return keys.ReadPassword(c.passwordFile)
	}
}

// input is stdin, empty where there is none.
func (e *env) input() io.Reader {
	if e.stdin == nil {
		return strings.NewReader("")
	}
	return e.stdin
}

// askNewPassword asks for a password on the terminal, and for the same again, as
// nobody sees what is typed. A signal ends it, and the terminal is as it was.
func (e *env) askNewPassword(ctx context.Context, user string) (password string, err error) {
	f, ok := e.stdin.(*os.File)
	if !ok || !isTerminal(f) {
		return "", usagef("no terminal to ask for the password on: give --plain-password-file FILE, or - for stdin")
	}
	restore, err := hideTyping(int(f.Fd()))
	if err != nil {
		return "", fmt.Errorf("can't hide what is typed: %w", err)
	}
	defer func() { err = errors.Join(err, restore()) }()
	if password, err = e.ask(ctx, f, "Password for "+user+": "); err != nil {
		return "", err
	}
	again, err := e.ask(ctx, f, "The same again: ")
	if err == nil && again != password {
		err = errors.New("the two passwords differ: try again")
	}
	return password, err
}

// ask prompts on stderr and reads what is typed. After a signal the read goes on,
// until the process ends with it.
func (e *env) ask(ctx context.Context, terminal *os.File, prompt string) (string, error) {
	type answer struct {
		text string
		err  error
	}
	e.report.prompt(prompt)
	defer e.report.prompt("\n") // for the one that was typed and not shown
	typed := make(chan answer, 1)
	go func() {
		text, err := keys.ReadPasswordFrom(terminal, "terminal")
		typed <- answer{text, err}
	}()
	select {
	case a := <-typed:
		return a.text, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
