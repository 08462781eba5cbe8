package cmd

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"fogmq/internal/peertest"
)

// A tabShell is a real shell at a terminal, with our completion script.
type tabShell struct {
	t      *testing.T
	p      *process
	keys   *os.File
	screen *transcript
	asked  int
}

// tabShells are the shells and how each is started, from a folder of the test's.
var tabShells = map[string]func(t *testing.T, home string) []string{
	"bash": func(t *testing.T, home string) []string {
		return []string{"--noprofile", "--rcfile", tabStart(t, home, "start", "fogmq.bash", "PS1='ready> '\nbind 'set bell-style none'\n")}
	},
	"bash-completion": func(t *testing.T, home string) []string {
		const pack = "/usr/share/bash-completion/bash_completion"
		if _, err := os.Stat(pack); err != nil {
			lacking(t, "the package bash-completion")
		}
		return []string{"--noprofile", "--rcfile", tabStart(t, home, "start", "fogmq.bash",
			"PS1='ready> '\nbind 'set bell-style none'\nsource "+pack+"\n")}
	},
	"zsh": func(t *testing.T, home string) []string {
		tabStart(t, home, ".zshrc", "_fogmq", "PS1='ready> '\nsetopt no_beep no_prompt_sp\nautoload -Uz compinit\ncompinit -u -D\n")
		return []string{"-d"}
	},
	"fish": func(t *testing.T, home string) []string {
		return []string{"--no-config", "-C", "source " + tabStart(t, home, "start", "fogmq.fish",
			"function fish_prompt; printf 'ready> '; end\nset -g fish_greeting\nset -g fish_autosuggestion_enabled 0\n")}
	},
}

// lacking ends a test whose program is missing.
func lacking(t *testing.T, what string) {
	t.Helper()
	peertest.Lack(t, errors.New(what+" is missing"))
}

// tabStart writes what a shell starts with: settings, and the script that TAB runs.
func tabStart(t *testing.T, home, name, script, settings string) string {
	t.Helper()
	path, err := filepath.Abs("../completions/" + script)
	if err != nil {
		t.Fatal(err)
	}
	name = filepath.Join(home, name)
	if err := os.WriteFile(name, []byte(settings+"source "+path+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// newTabShell starts a shell in a folder with a few files, and with an endpoint
// that was used before.
func newTabShell(t *testing.T, name string) *tabShell {
	t.Helper()
	home := t.TempDir()
	for file, content := range map[string]string{
		"work/own.key_secret": "", "work/own.key": "", "work/note.txt": "", "work/array.npy": "", "work/one.proto": "package p; message One {}", "work/keys/a.key": "",
		"state/fogmq/endpoints": "tcp://gateway.test:7001\ntcp://*:7002\n",
	} {
		path := filepath.Join(home, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	shell, _, _ := strings.Cut(name, "-")
	if _, err := exec.LookPath(shell); err != nil {
		lacking(t, shell)
	}
	terminal, keys := newTerminal(t)
	if err := unix.IoctlSetWinsize(int(keys.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 60, Col: 250}); err != nil {
		t.Fatal(err)
	}
	s := &tabShell{t: t, keys: keys, screen: newTranscript()}
	s.p = prepareProcess(t, shell, tabShells[name](t, home)...)
	s.p.cmd.Dir = filepath.Join(home, "work")
	s.p.cmd.Env = append(s.p.cmd.Env, "HOME="+home, "ZDOTDIR="+home, "TERM=xterm", "LC_ALL=C.UTF-8", "FOGMQ_NO_HISTORY=",
		"XDG_STATE_HOME="+filepath.Join(home, "state"), "XDG_CONFIG_HOME="+home, "XDG_DATA_HOME="+home, "HISTFILE=")
	s.p.cmd.Stdin, s.p.cmd.Stdout, s.p.cmd.Stderr = terminal, terminal, terminal
	s.p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	s.p.start()
	leave(terminal)
	go func() {
		_, _ = io.Copy(s.screen, keys) // an end of the shell is an error here
		s.screen.end()
	}()
	s.sees("ready> ")
	return s
}

func (s *tabShell) types(keys string) {
	s.t.Helper()
	if _, err := io.WriteString(s.keys, keys); err != nil {
		s.t.Fatal(err)
	}
}

func (s *tabShell) sees(text string) {
	s.t.Helper()
	s.p.await(s.screen, fmt.Sprintf("%q on the screen, which shows %q", text, shorten(s.screen.text())),
		func(shown string) bool { return strings.Contains(shown, text) })
}

// The key that goes to the start of the line in bash, zsh and fish.
const ctrlA = "\x01"

// The keys that clear the line there. Ctrl-C would drop what was typed ahead, too.
const clearLine = ctrlA + "\x0b"

// completed types a line with TABs and returns the words that came of it. A dot is
// typed behind the last TAB, to tell where the cursor was.
func (s *tabShell) completed(line string) string {
	s.t.Helper()
	s.asked++
	mark := fmt.Sprintf("q%d", s.asked)
	// What is typed is echoed, but the shell alone writes the mark with the words.
	s.types(line + "." + ctrlA + "printf '[%s]' " + mark + " \x05\r")
	s.sees("[" + mark + "]")
	s.sees("[" + mark + "][")
	var words string
	s.p.await(s.screen, "the words of "+mark, func(shown string) bool {
		_, words, _ = strings.Cut(shown, "["+mark+"]")
		at := strings.Index(words, "ready> ")
		if at < 0 {
			return false
		}
		words = words[:at]
		return true
	})
	words, _, _ = strings.Cut(words, "\x1b")
	words, _, _ = strings.Cut(words, "\r")
	words, _, _ = strings.Cut(words, "\n")
	return strings.NewReplacer("][", " ", "[", "", "]", "").Replace(words)
}

// What is completed where there is one way to go on, in every shell.
var tabTests = []struct{ line, want string }{
	{"fogmq su\t", "fogmq sub ."},
	{"fogmq sub --fo\tjs\t", "fogmq sub --format jsonl ."},
	{"fogmq sub --format=js\t", "fogmq sub --format=jsonl ."},
	{"fogmq sub -F pr\t", "fogmq sub -F pretty ."},
	{"fogmq sub --codec str\t", "fogmq sub --codec string ."},
	{"fogmq sub --codec nd\t:\t", "fogmq sub --codec ndarray:header ."},
	{"fogmq sub --codec int:4:l\t", "fogmq sub --codec int:4:little ."},
	{"fogmq sub --codec=int:4:l\t", "fogmq sub --codec=int:4:little ."},
	{"fogmq sub --codec floa\t4\tb\t", "fogmq sub --codec float:4:big ."},
	{"fogmq sub --codec protobuf:o\tp\t", "fogmq sub --codec protobuf:one.proto:p.One ."},
	{"fogmq sub --codec=protobuf:o\t", "fogmq sub --codec=protobuf:one.proto:."},
	{"fogmq sub --connect tcp://lo\t", "fogmq sub --connect tcp://localhost:."},
	{"fogmq sub --connect=tcp://lo\t5\t", "fogmq sub --connect=tcp://localhost:5556 ."},
	{"fogmq sub -vc tcp://g\t", "fogmq sub -vc tcp://gateway.test:7001 ."},
	{"fogmq sub -c tcp://localhost:7\t", "fogmq sub -c tcp://localhost:7002 ."},
	{"fogmq pub -b 'tcp://*:7\t", "fogmq pub -b tcp://*:7002 ."},
	{"fogmq pub -b tcp://\\*:7\t", "fogmq pub -b tcp://*:7002 ."},
	{"fogmq proxy fo\t--frontend :5556 --backend '>tcp://g\t", "fogmq proxy forwarder --frontend :5556 --backend >tcp://gateway.test:7001 ."},
	{"fogmq proxy queue --backend '>tcp://a:1' --fronten\t", "fogmq proxy queue --backend >tcp://a:1 --frontend."},
	{"fogmq pub --source al\t", "fogmq pub --source alphabet ."},
	{"fogmq pub --color=nev\t", "fogmq pub --color=never ."},
	{"fogmq sub --curve-key o\t", "fogmq sub --curve-key own.key_secret ."},
	{"fogmq sub --curve-key=o\t", "fogmq sub --curve-key=own.key_secret ."},
	{"fogmq sub --curve-peer own.key\t_\t", "fogmq sub --curve-peer own.key_secret ."},
	{"fogmq sub --curve-allow an\t", "fogmq sub --curve-allow any ."},
	{"fogmq sub --curve-allow k\t", "fogmq sub --curve-allow keys/."},
	{"fogmq push --file no\t", "fogmq push --file note.txt ."},
	{"fogmq push --codec ndarray --file a\t", "fogmq push --codec ndarray --file array.npy ."},
}

func TestTabInRealShells(t *testing.T) {
	for name := range tabShells {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTabShell(t, name)
			for i, tt := range tabTests {
				switch {
				case name == "fish" && strings.Contains(tt.line, "'tcp://*"):
					continue // fish reads the word as a pattern of file names, and does not ask us
				case name == "bash-completion" && i > 9: // which bash alone has shown
					continue
				}
				if got := s.completed(tt.line); got != tt.want {
					t.Errorf("%q became %q, want %q", tt.line, got, tt.want)
				}
			}
			s.lists("fogmq sub --connect ", "tcp://gateway.test:7001", "used before", "tcp://localhost:7002", "a Unix socket")
			s.lists("fogmq sub --format ", "pretty", "for people")
			s.lists("fogmq sub --curve-key ", "own.key_secret", "keys/")
			s.runsNothing()
		})
	}
}

// lists types a line and TABs until all that is offered is shown.
func (s *tabShell) lists(line string, offered ...string) {
	s.t.Helper()
	before := len(s.screen.text())
	s.types(line + "\t\t")
	for _, text := range offered {
		s.p.await(s.screen, fmt.Sprintf("%q offered for %q", text, line), func(shown string) bool {
			return strings.Contains(shown[before:], text)
		})
	}
	s.types(clearLine)
	s.completed("fogmq")
}

// runsNothing holds a shell to not run what is only typed.
func (s *tabShell) runsNothing() {
	s.t.Helper()
	s.types("fogmq push \"$(touch ran)\" '$(touch ran)' '; touch ran' --col\t" + clearLine)
	s.completed("fogmq")
	if _, err := os.Stat(filepath.Join(s.p.cmd.Dir, "ran")); err == nil {
		s.t.Error("TAB ran what was typed")
	}
}
