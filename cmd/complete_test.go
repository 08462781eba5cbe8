package cmd

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// offered asks for what TAB offers, as a completion script does: the words without
// their descriptions, and the directive.
func offered(t *testing.T, vars map[string]string, words ...string) (names []string, directive string) {
	t.Helper()
	e := testEnv(nil)
	for name, value := range vars {
		e.vars[name] = value
	}
	again := newEnv(nil, &e.out, &e.err, e.getenv, nil, func() {})
	if status := execute(again, append([]string{cobra.ShellCompRequestCmd}, words...)); status != statusDone {
		t.Fatalf("%q: status %d, %s", words, status, e.err.String())
	}
	lines := strings.Split(strings.TrimSuffix(e.out.String(), "\n"), "\n")
	for _, line := range lines[:len(lines)-1] {
		names = append(names, bare(line))
	}
	return names, lines[len(lines)-1]
}

func TestWhatTabOffers(t *testing.T) {
	state := t.TempDir()
	if err := os.MkdirAll(state+"/fogmq", 0o700); err != nil {
		t.Fatal(err)
	}
	const used = "tcp://*:7001\ntcp://far.test:7002\nipc:///run/x\n\x1b[2J://\n"
	if err := os.WriteFile(state+"/fogmq/endpoints", []byte(used), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ line, want string }{
		{"sub --connect ", "tcp://localhost:7001 tcp://far.test:7002 ipc:///run/x tcp:// ipc://"},
		{"sub -n 1 -vc ", "tcp://localhost:7001 tcp://far.test:7002 ipc:///run/x tcp:// ipc://"},
		{"sub --connect=", "tcp://localhost:7001 tcp://far.test:7002 ipc:///run/x tcp:// ipc://"},
		{"sub --bind ", "tcp://*:7001 ipc:///run/x tcp:// ipc://"},
		{"sub --connect fa", "far.test:7002"},
		{"sub --connect :7", ":7001 :7002"},
		{"sub --connect tcp://lo", "tcp://localhost:7001 tcp://localhost:"},
		{"sub --connect tcp://a:", "tcp://a:5556"},
		{"sub --bind tcp://*:", "tcp://*:7001 tcp://*:5556 tcp://*:*"},
		{"proxy queue --frontend >tcp://f", ">tcp://far.test:7002"},
		{"proxy queue --frontend @tcp://*:7", "@tcp://*:7001"},
		{"proxy queue --frontend in", "inproc://"},
		{"sub --codec int:", "int:1 int:2: int:4: int:8:"},
		{"sub --codec int:4:", "int:4:little int:4:big"},
		{"sub --codec proto", "protobuf protobuf:"},
		{"sub --codec protobuf:../internal/codec/protobuf/testdata/s", "protobuf:../internal/codec/protobuf/testdata/sensors.proto: " +
			"protobuf:../internal/codec/protobuf/testdata/shared/"},
		{"convert --from protobuf:../internal/codec/protobuf/testdata/sensors.proto:", "protobuf:../internal/codec/protobuf/testdata/sensors.proto:sensors.v1.Reading " +
			"protobuf:../internal/codec/protobuf/testdata/sensors.proto:sensors.v1.Reading.Part"},
		{"sub --codec protobuf:nosuch.proto:", ""},
		{"push --codec ndarray --dtype comp", "complex64 complex128"},
		{"sub --format js", "jsonl"},
		{"sub --format %t:%", "%t:%t %t:%p %t:%f %t:%n %t:%T %t:%l %t:%x %t:%i %t:%%"},
		{"sub --format %%", ""},
		{"bench ", "thr lat"}, {"bench thr ", ""}, {"proxy q", "queue"}, {"demo pubsub ", "fanin reqrep"},
		{"completion ", "bash zsh fish powershell"}, {"bench --transport i", "ipc inproc"},
		{"push hel", ""}, {"sub --curve-allow an", "any"},
		{"sub --connect :1 --connec", "--connect"}, {"sub --topic a --topi", "--topic"},
	}
	for _, tt := range tests {
		got, directive := offered(t, map[string]string{"XDG_STATE_HOME": state}, strings.Split(tt.line, " ")...)
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %q, want %q", tt.line, got, tt.want)
		}
		if strings.HasPrefix(directive, ":0") {
			t.Errorf("%s: files are offered", tt.line)
		}
	}
	if got, _ := offered(t, map[string]string{"XDG_STATE_HOME": state, "FOGMQ_NO_HISTORY": "1"}, "sub", "-c", ""); len(got) != 2 {
		t.Errorf("against FOGMQ_NO_HISTORY: %q", got)
	}
}

func TestInterfacesAreOfferedToBind(t *testing.T) {
	got, _ := offered(t, nil, "pub", "--bind", "tcp://")
	want := []string{"tcp://*:", "tcp://localhost:"}
	interfaces, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range interfaces {
		if i.Flags&net.FlagUp != 0 {
			want = append(want, "tcp://"+i.Name+":")
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A socket that is bound is offered, and one that is only a file too, but not to who
// binds.
func TestUnixSocketsAreOffered(t *testing.T) {
	dir := t.TempDir()
	live, err := net.Listen("unix", dir+"/live")
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	if err := os.WriteFile(dir+"/text", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir+"/folder", 0o700); err != nil {
		t.Fatal(err)
	}
	if got, _ := offered(t, nil, "sub", "-c", "ipc://"+dir+"/"); !slices.Equal(got, []string{"ipc://" + dir + "/live", "ipc://" + dir + "/folder/"}) {
		t.Errorf("to connect: %q", got)
	}
	if got, _ := offered(t, nil, "sub", "-b", "ipc://"+dir+"/"); !slices.Equal(got, []string{"ipc://" + dir + "/folder/"}) {
		t.Errorf("to bind: %q", got)
	}
}

func TestFilesThatAreOffered(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.key", "a.key_secret", "b.txt", "c.npy", ".hidden.key", "d\x1b.key"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(dir+"/keys", 0o700); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"sub --curve-key":                    "/a.key_secret /keys/",
		"proxy queue --frontend-curve-key":   "/a.key_secret /keys/",
		"sub --curve-peer":                   "/a.key /a.key_secret /keys/",
		"keygen --public":                    "/a.key /a.key_secret /keys/",
		"sub --curve-allow":                  "/a.key /keys/",
		"push --codec ndarray --file":        "/c.npy /keys/",
		"push --file":                        "",
		"sub --plain-users":                  "",
		"rep --exec":                         "",
		"proxy queue --capture":              "",
		"keygen --plain-password-file":       "",
		"proxy queue --backend-curve-allow ": "/a.key /keys/",
	} {
		got, directive := offered(t, nil, append(strings.Fields(line), dir+"/")...)
		if joined := strings.ReplaceAll(strings.Join(got, " "), dir, ""); joined != want || want == "" && directive != ":0" {
			t.Errorf("%s: %q %s, want %q", line, joined, directive, want)
		}
	}
}

// Each word of a choice is offered, under the name that the flag knows.
func TestEveryChoiceIsOffered(t *testing.T) {
	for flag, want := range map[string][]string{
		"input": inputNames, "source": sourceNames, "color": colorNames, "transport": transportNames, "format": formatNames,
	} {
		words, _ := valueCompleters[flag](nil, nil, "")
		var got []string
		for _, w := range words {
			if !strings.Contains(bare(w), "%") {
				got = append(got, bare(w))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("--%s: %q, want %q", flag, got, want)
		}
	}
}
