package cmd

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"fogmq/internal/keys"
	"fogmq/internal/peertest"
)

// A seat is a terminal with fogmq at it, and what is to be seen there.
type seat struct {
	*process
	t        *testing.T
	terminal *os.File // fogmq's side
	keyboard *os.File // ours
	screen   *transcript
}

// sit starts fogmq at a terminal of its own, which Ctrl-C works at. Its stdout is
// apart.
func sit(t *testing.T, args ...string) *seat {
	t.Helper()
	terminal, keyboard := newTerminal(t)
	s := &seat{prepareProcess(t, "fogmq", args...), t, terminal, keyboard, newTranscript()}
	s.cmd.Stdin, s.cmd.Stderr = terminal, terminal
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	s.start()
	go func() {
		_, _ = io.Copy(s.screen, keyboard) // an end of the terminal is an error here
		s.screen.end()
	}()
	return s
}

// answer waits for a prompt, at which nothing typed is shown, and types.
func (s *seat) answer(prompt, typed string) {
	s.t.Helper()
	s.match(s.screen, regexp.QuoteMeta(prompt)+"$")
	if s.echoes() {
		s.t.Errorf("what is typed after %q is shown", prompt)
	}
	if _, err := s.keyboard.WriteString(typed); err != nil {
		s.t.Fatal(err)
	}
}

// wantEndAt waits for the end, after which what is typed is shown again, and
// nothing was but lines.
func (s *seat) wantEndAt(status int, lines string) {
	s.t.Helper()
	if got := s.status(); got != status {
		s.t.Errorf("status %d, want %d", got, status)
	}
	if !s.echoes() {
		s.t.Error("the terminal still hides what is typed")
	}
	s.await(s.screen, lines, func(text string) bool { return strings.ReplaceAll(text, "\r\n", "\n") == lines })
}

func (s *seat) echoes() bool {
	s.t.Helper()
	termios, err := unix.IoctlGetTermios(int(s.terminal.Fd()), unix.TCGETS)
	if err != nil {
		s.t.Fatal(err)
	}
	return termios.Lflag&unix.ECHO != 0
}

func TestKeygenAsksForAPassword(t *testing.T) {
	t.Parallel()
	s := sit(t, "keygen", "--plain-user", "al:ice")
	s.answer("Password for al:ice: ", "päss: word\n")
	s.answer("The same again: ", "päss: word\n")
	s.wantEndAt(statusDone, "Password for al:ice: \nThe same again: \n")
	u, err := keys.ReadUsers(scratchFile(t, "users", []byte(s.out.text())), nil)
	if err != nil || !u.Check(t.Context(), "al:ice", "päss: word") {
		t.Errorf("%q: %v", s.out.text(), err)
	}
}

func TestKeygenTakesOnlyWhatIsTypedTwice(t *testing.T) {
	t.Parallel()
	const asked = "Password for alice: \n"
	tests := []struct {
		name          string
		first, second string // "" where the second is not asked for
		want          string
	}{
		{"differ", "one\n", "two\n", asked + "The same again: \nfogmq: the two passwords differ: try again\n"},
		{"empty", "\n", "", asked + "fogmq: terminal: first line: the password is empty\n"},
		{"Ctrl-D", "\x04", "", asked + "fogmq: terminal: first line: the password is empty\n"},
		{"long", strings.Repeat("x", 300) + "\n", "", asked + "fogmq: terminal: first line: the password is too long: PLAIN carries 255 bytes at most\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := sit(t, "keygen", "--plain-user", "alice")
			s.answer("Password for alice: ", tt.first)
			if tt.second != "" {
				s.answer("The same again: ", tt.second)
			}
			s.wantEndAt(statusFailed, tt.want)
			if text := s.out.text(); text != "" {
				t.Errorf("stdout %q", text)
			}
		})
	}
}

func TestCtrlCAtAPassword(t *testing.T) {
	t.Parallel()
	t.Run("first", func(t *testing.T) {
		t.Parallel()
		s := sit(t, "keygen", "--plain-user", "alice")
		s.answer("Password for alice: ", "half\x03")
		s.wantEndAt(130, "Password for alice: \n")
	})
	t.Run("second", func(t *testing.T) {
		t.Parallel()
		s := sit(t, "keygen", "--plain-user", "alice")
		s.answer("Password for alice: ", "secret\n")
		s.answer("The same again: ", "\x03")
		s.wantEndAt(130, "Password for alice: \nThe same again: \n")
	})
}

// On a disk with room for one of the two files there is neither in the end.
func TestKeygenOnAFullDisk(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command("unshare", "-rm", "true").CombinedOutput(); err != nil {
		peertest.Lack(t, fmt.Errorf("no disk of our own to fill: %w: %s", err, out))
	}
	p := launch(t, nil, "unshare", "-rm", "sh", "-euc", `
		mount -t tmpfs -o size=4k none "$1"
		cd "$1"
		status=0
		fogmq keygen alice || status=$?
		ls
		exit $status`, "sh", t.TempDir())
	p.wantEnd(statusFailed, "fogmq: alice.key: no space left on device\n")
	if text := p.out.text(); text != "" {
		t.Errorf("left behind: %q", text)
	}
}
