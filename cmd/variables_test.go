package cmd

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fogmq/cmd/internal/help"
)

// parsed gives a command after its line was read, and then its variables.
func parsed(t *testing.T, line string, vars map[string]string) (*cobra.Command, error) {
	t.Helper()
	args := strings.Fields(line)
	c, words, known := findCommand(Root(), args)
	if !known || words == 0 {
		t.Fatalf("%s: no such command", line)
	}
	if err := c.ParseFlags(normalise(c.Flags(), args[words:])); err != nil {
		t.Fatal(err)
	}
	return c, readVariables(c, func(name string) string { return vars[name] })
}

// TestVariablesGiveWay holds each variable to the flags that it must not touch.
func TestVariablesGiveWay(t *testing.T) {
	tests := []struct {
		line string
		vars string // each NAME=1, without the FOGMQ_
		want string // the flags that variables set
	}{
		{"pub", "BIND HWM", "bind hwm"},
		{"pub -b :7000", "BIND CONNECT HWM", "hwm"},
		{"pub --connect", "BIND CONNECT", ""},
		{"pub --hwm 7", "HWM MAX_MESSAGE", "max-message"},
		{"pub", "TOPIC FRAMES SEQ HELP REQUIRE_PEERS", ""},
		{"sub", "TOPIC INTERVAL JOBS", "jobs"},
		{"sub -v", "QUIET STATS", "stats"},
		{"sub -q", "VERBOSE", ""},
		{"sub --quiet=false", "VERBOSE QUIET", "verbose"},
		{"sub -J", "FORMAT", ""},
		{"sub -F raw", "JSONL", ""},
		{"push --source number", "FILE STDIN CHANNELS", "channels"},
		{"push -l", "FILE SOURCE", ""},
		{"push -f x", "SOURCE STDIN", ""},
		{"push -0", "INPUT DELIMITER", ""},
		{"push -D ;", "INPUT NULL", "null"},
		{"push --input lines", "DELIMITER NULL", "null"},
		{"rep --echo", "ADD REPLY EXEC DELAY", "delay"},
		{"rep -x cat", "ADD REPLY ECHO", ""},
		{"bench thr --size 1", "SIZES COUNT", "count"},
		{"bench thr --transport ipc", "BIND CONNECT", ""},
		{"bench thr -b", "TRANSPORT CURVE CONNECT", ""},
		{"proxy forwarder --frontend :1", "FRONTEND BACKEND", "backend"},
		{"pub --curve-allow any", "CURVE_KEY CURVE_PEER", "curve-key"},
		{"pub --curve-peer x", "CURVE_KEY CURVE_ALLOW", "curve-key"},
		{"pub --curve-key x", "PLAIN_USER PLAIN_PASSWORD_FILE PLAIN_USERS CURVE_ALLOW DENY", "curve-allow deny"},
		{"pub --plain-users x", "PLAIN_USER PLAIN_PASSWORD_FILE CURVE_KEY CURVE_ALLOW CURVE_PEER", ""},
		{"pub --plain-user x", "PLAIN_PASSWORD_FILE PLAIN_USERS CURVE_KEY", "plain-password-file"},
		{"proxy queue --curve-key x", "FRONTEND_ALLOW BACKEND_CURVE_KEY CURVE_ALLOW", "curve-allow"},
		{"proxy queue --frontend-curve-key x", "FRONTEND_PLAIN_USER FRONTEND_CURVE_PEER BACKEND_PLAIN_USER", "frontend-curve-peer backend-plain-user"},
		{"keygen", "PLAIN_USER PUBLIC PLAIN_PASSWORD_FILE QUIET", "quiet"},
	}
	for _, tt := range tests {
		t.Run(tt.line+" "+tt.vars, func(t *testing.T) {
			vars := map[string]string{}
			for _, name := range strings.Fields(tt.vars) {
				vars["FOGMQ_"+name] = "1"
				switch {
				case strings.HasSuffix(name, "ALLOW"), name == "DENY":
					vars["FOGMQ_"+name] = "::1"
				case name == "TRANSPORT":
					vars["FOGMQ_"+name] = "tcp"
				case name == "SOURCE", name == "INPUT":
					vars["FOGMQ_"+name] = map[string]string{"SOURCE": "number", "INPUT": "lines"}[name]
				}
			}
			c, err := parsed(t, tt.line, vars)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			c.Flags().Visit(func(f *pflag.Flag) {
				if fromVariable(f) {
					got = append(got, f.Name)
				}
			})
			want := strings.Fields(tt.want)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("variables set %q, want %q", got, want)
			}
		})
	}
}

func TestVariablesHoldWhatFlagsDo(t *testing.T) {
	c, err := parsed(t, "pub", map[string]string{
		"FOGMQ_BIND": " :7000\t7001\n", "FOGMQ_FILE": "a b", "FOGMQ_MULTIPART": "YES", "FOGMQ_STATS": "off", "FOGMQ_HWM": "",
	})
	if err != nil {
		t.Fatal(err)
	}
	bound := c.Flags().Lookup("bind").Value.(*endpointValue)
	if got := len(*bound.list); got != 2 || !(*bound.list)[1].bind {
		t.Errorf("endpoints: %v", *bound.list)
	}
	if got := *c.Flags().Lookup("file").Value.(*fileValue).dst; !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("files: %q", got)
	}
	for name, want := range map[string]string{"multipart": "true", "stats": "false", "hwm": "1000"} {
		if got := c.Flags().Lookup(name).Value.String(); got != want {
			t.Errorf("--%s is %s, want %s", name, got, want)
		}
	}
}

// What --exec sets for its commands, which may be fogmq, sets no flag.
func TestVariablesOfExecSetNoFlag(t *testing.T) {
	eachCommand(t, func(t *testing.T, c *cobra.Command) {
		for _, name := range help.Variables(c.Flags()) {
			if slices.Contains([]string{"FOGMQ_TOPIC", "FOGMQ_FRAMES", "FOGMQ_SEQ", "FOGMQ_REQUIRE_PEERS", "FOGMQ_HELP"}, name) {
				t.Errorf("%s sets a flag", name)
			}
		}
	})
}

// Every name in the table is a flag's.
func TestDisplacedFlagsExist(t *testing.T) {
	known := map[string]bool{}
	for _, c := range Root().Commands() {
		c.Flags().VisitAll(func(f *pflag.Flag) { known[f.Name] = true })
	}
	for name, by := range displacedBy {
		for _, flag := range append(by, name) {
			if !known[flag] {
				t.Errorf("no command has --%s", flag)
			}
		}
	}
}

// BenchmarkReadVariables is what the environment costs a one-shot.
func BenchmarkReadVariables(b *testing.B) {
	c, _, _ := findCommand(Root(), []string{"pub"})
	for b.Loop() {
		if err := readVariables(c, func(string) string { return "" }); err != nil {
			b.Fatal(err)
		}
	}
}
