package cmd

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"
	"github.com/spf13/pflag"
)

// commandFlags returns the flags of a command, for a command line that is not
// run.
func commandFlags(t *testing.T, name string) *pflag.FlagSet {
	t.Helper()
	c := childNamed(Root(), name)
	if c == nil {
		t.Fatalf("no command %q", name)
	}
	return c.Flags()
}

func TestNormalise(t *testing.T) {
	tests := []struct{ command, args, want string }{
		{"sub", "--connect --topic 2", "--connect --topic 2"},
		{"sub", "--connect --bind :7000", "--connect --bind=:7000"},
		{"pub", "-c hello", "--connect hello"},
		{"pub", "-c 5556", "--connect=5556"},
		{"pub", "-c :5556 hello", "--connect=:5556 hello"},
		{"pub", "--connect=hello", "--connect=hello"},
		{"pub", "--connect -- 5556", "--connect -- 5556"},
		{"pub", "-c -- -c :5556", "--connect -- -c :5556"},
		{"pub", "-c:5556", "--connect=:5556"},
		{"pub", "-c=:5556", "--connect=:5556"},
		{"pub", "-c5556 x", "--connect=5556 x"},
		{"pub", "-chost:1 x", "--connect=host:1 x"},
		{"pub", "-ctcp://a:1", "--connect=tcp://a:1"},
		{"pub", "-c bad", "--connect bad"},
		{"pub", "-c?x", "--connect=?x"},
		{"pub", "-vc :5556", "--verbose --connect=:5556"},
		{"pub", "-vc:5556", "--verbose --connect=:5556"},
		{"pub", "-vc x", "--verbose --connect x"},
		{"pub", "-cv :5556", "--connect --verbose :5556"},
		{"pub", "-cb :5556", "--connect --bind=:5556"},
		{"sub", "-ct 2", "--connect --topic 2"},
		{"sub", "-ct2", "--connect --topic=2"},
		{"pub", "-c -", "--connect -"},
		{"pub", "-c -v", "--connect --verbose"},
		{"pub", "-c -c :1 -b :2", "--connect --connect=:1 --bind=:2"},
		{"rep", "--reply -c", "--reply -c"},
		{"rep", "--reply --bind", "--reply --bind"},
		{"rep", "--reply -- -c :1", "--reply -- --connect=:1"},
		{"sub", "-t -c", "--topic -c"},
		{"sub", "-t-c", "--topic=-c"},
		{"sub", "-t=a -c :1", "--topic=a --connect=:1"},
		{"sub", "-vt -c", "--verbose --topic -c"},
		{"sub", "--topic", "--topic"},
		{"sub", "-t", "--topic"},
		{"rep", "--add -1", "--add -1"},
		{"rep", "--add=-1 -c :1", "--add=-1 --connect=:1"},
		{"pub", "-C 5", "--count 5"},
		{"pub", "-C5", "--count=5"},
		{"pub", "-vC 5 -c :1", "--verbose --count 5 --connect=:1"},
		{"pub", "-n 5 :5556", "--count 5 :5556"},
		{"pub", "-0", "--null"},
		{"pub", "-v=false", "--verbose=false"},
		{"pub", "--nosuch -c :1", "--nosuch --connect=:1"},
		{"pub", "-Zc :1", "-Zc :1"},
		{"pub", "a -c :1 b", "a --connect=:1 b"},
		{"pub", "-é", "-é"},
		{"pub", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.command+" "+tt.args, func(t *testing.T) {
			got := normalise(commandFlags(t, tt.command), strings.Fields(tt.args))
			if want := strings.Fields(tt.want); !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

func TestNormaliseTakesFilesOfAPattern(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.MkdirAll("d/sub", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"d/a", "d/b", "d/z", "f"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct{ args, want string }{
		{"--file d/a d/b", "--file d/a --file d/b"},
		{"-f d/a d/b -v", "--file d/a --file d/b --verbose"},
		{"-vf d/a d/b hello", "--verbose --file d/a --file d/b hello"},
		{"--file d/a d/b d/sub d/z", "--file d/a --file d/b --file d/sub --file d/z"},
		{"--file d/a -- d/b", "--file d/a -- d/b"},
		{"--file f hello", "--file f hello"},
		{"--file f hello d/a", "--file f hello d/a"},
		{"--file f d", "--file f d"},
		{"--file f f d", "--file f --file f --file d"},
		{"--file f d/sub", "--file f d/sub"},
		{"--file missing f", "--file missing f"},
		{"--file - f", "--file - f"},
		{"--file=f d/a", "--file=f d/a"},
		{"-ff d/a", "--file=f d/a"},
		{"--source f d/a", "--source f d/a"},
	}
	for _, tt := range tests {
		got := normalise(commandFlags(t, "push"), strings.Fields(tt.args))
		if want := strings.Fields(tt.want); !slices.Equal(got, want) {
			t.Errorf("%s: got  %q\nwant %q", tt.args, got, want)
		}
	}
}

func TestEndpointsKeepTheirOrder(t *testing.T) {
	tests := []struct {
		args string
		side defaultSide
		want string
	}{
		{"", binds, "bind tcp://*:5556"},
		{"", connects, "connect tcp://localhost:5556"},
		{"--bind", connects, "bind tcp://*:5556"},
		{"--connect", binds, "connect tcp://localhost:5556"},
		{"--connect --bind :7000", connects, "connect tcp://localhost:5556, bind tcp://*:7000"},
		{"-b :1 -c :2 -b :3", binds, "bind tcp://*:1, connect tcp://localhost:2, bind tcp://*:3"},
		{"-c h:1 -c tcp://[::1]:2", binds, "connect tcp://h:1, connect tcp://[::1]:2"},
		{"-vc :5556", binds, "connect tcp://localhost:5556"},
	}
	for _, tt := range tests {
		t.Run(tt.args, func(t *testing.T) {
			e := testEnv(nil)
			flags := pflag.NewFlagSet("x", pflag.ContinueOnError)
			var f socketFlags
			f.register(flagSet{flags: flags}, tt.side)
			f.registerRest(flagSet{flags: flags}, e.env)
			if err := flags.Parse(normalise(flags, strings.Fields(tt.args))); err != nil {
				t.Fatal(err)
			}
			config, err := f.resolve(e.env, flags, zmq4.Sub)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, ep := range config.endpoints {
				verb := "connect "
				if ep.bind {
					verb = "bind "
				}
				got = append(got, verb+ep.String())
			}
			if joined := strings.Join(got, ", "); joined != tt.want {
				t.Errorf("got %q, want %q", joined, tt.want)
			}
		})
	}
}

func TestPairAsksForASide(t *testing.T) {
	var f endpointFlags
	if _, err := f.resolve(asksForSide); exitStatus(err) != statusUsage {
		t.Errorf("got %v, want a usage error", err)
	}
}
