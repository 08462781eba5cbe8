package cmd

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"fogmq/internal/peertest"
)

// What ends a command tells by the status, for every command: nothing is said
// where nothing was lost, and SIGQUIT is no exception.
func TestEverySignalEndsEveryCommand(t *testing.T) {
	t.Parallel()
	const unsent = "fogmq: 1 message was not sent: no peer took it\n"
	commands := []struct{ line, stdout, stderr string }{
		{"pub hello --wait-subscribers 1 -b EP", "", ""},
		{"sub -b EP", "", ""},
		{"push hello -F pretty -b EP", "<- hello sent\n", unsent},
		{"pull -b EP", "", ""},
		{"req hello -F pretty -b EP", "Request:\nhello sent\n", unsent},
		{"rep --echo -b EP", "", ""},
		{"dealer -q -l -b EP", "", ""},
		{"router -q -l -b EP", "", ""},
		{"pair -q -l -b EP", "", ""},
		{"xpub hello --wait-subscribers 1 -b EP", "", ""},
		{"xsub -b EP", "", ""},
		{"proxy queue --frontend EP --backend tcp://127.0.0.1:0 -q", "", ""},
		{"bench thr --bind EP", "", ""},
		{"bench lat --bind EP", "", ""},
	}
	signals := []struct {
		signal syscall.Signal
		status int
	}{{syscall.SIGQUIT, 131}, {syscall.SIGTERM, 143}, {syscall.SIGHUP, 129}, {syscall.SIGINT, 130}}
	for i, c := range commands {
		// Two each are enough: SIGQUIT, and the others in turn.
		for _, s := range []int{0, 1 + i%3} {
			t.Run(c.line+" "+signals[s].signal.String(), func(t *testing.T) {
				t.Parallel()
				endpoint := freeEndpoint(t)
				p := fogmq(t, words(strings.ReplaceAll(c.line, "EP", endpoint))...)
				awaitListener(t, endpoint)
				for line := range strings.Lines(c.stdout) {
					p.says(strings.TrimSuffix(line, "\n")) // then it is queued
				}
				p.signal(signals[s].signal)
				p.wantEnd(signals[s].status, c.stderr)
				if got := p.out.text(); got != c.stdout {
					t.Errorf("stdout: %q", got)
				}
			})
		}
	}
}

// The second signal ends at once what --exec runs, too, however that takes the
// SIGTERM that the first one was for it.
func TestSecondSignalKillsWhatExecRuns(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		signal syscall.Signal
		status int // -1 is death by the signal itself
	}{{syscall.SIGINT, -1}, {syscall.SIGQUIT, 131}} {
		t.Run(tt.signal.String(), func(t *testing.T) {
			t.Parallel()
			fifo := filepath.Join(t.TempDir(), "alive") // at its end when nobody of the group is
			if err := syscall.Mkfifo(fifo, 0o600); err != nil {
				t.Fatal(err)
			}
			const stubborn = `exec 2>/dev/null 3>"$ALIVE"; trap 'echo term >&3' TERM; echo up >&3; for i in 1 2 3; do sleep 10; done; echo late >&3`
			endpoint := freeEndpoint(t)
			pull := prepareProcess(t, "fogmq", "pull", "-b", endpoint, "-x", stubborn)
			pull.cmd.Env = append(pull.cmd.Env, "ALIVE="+fifo)
			pull.start()
			fogmq(t, "push", "-c", endpoint, "hello").succeed()
			alive, err := os.Open(fifo)
			if err != nil {
				t.Fatal(err)
			}
			defer alive.Close()
			said := bufio.NewReader(alive)
			for _, want := range []string{"up\n", "term\n"} {
				got, err := said.ReadString('\n')
				if want == "term\n" && got == "" && err == io.EOF {
					break // a machine that stalls: the second that the first signal gives has passed
				}
				if got != want {
					t.Fatalf("the command said %q, %v, want %q", got, err, want)
				}
				pull.signal(tt.signal)
			}
			if got := pull.status(); got != tt.status && got != 128+int(tt.signal) || pull.err.text() != "" {
				t.Errorf("status %d, stderr %q", got, pull.err.text())
			}
			if rest, err := io.ReadAll(said); len(rest) > 0 || err != nil {
				t.Errorf("the command went on: %q, %v", rest, err)
			}
		})
	}
}

// Help is output as any other: a stdout that fails is told of.
func TestHelpToAFailingStdout(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"--help", "sub --help", "help sub", "--version"} {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			peertest.Lack(t, err)
		}
		launchTo(t, full, "fogmq", words(line)...).wantEndLike(statusFailed, "^fogmq: .*no space left on device\n$")
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		leave(r)
		launchTo(t, w, "fogmq", words(line)...).wantEnd(141, "")
	}
}
