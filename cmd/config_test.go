package cmd

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/spf13/cobra"

	"fogmq/internal/shell"
)

// reqConfigOf reads a command line of req, whose defaults depend most on what
// was given.
func reqConfigOf(t *testing.T, stdin io.Reader, line string) (reqConfig, error) {
	t.Helper()
	e := testEnv(stdin)
	var f reqFlags
	var c cobra.Command
	f.register(c.Flags(), e.env)
	if err := c.ParseFlags(normalise(c.Flags(), strings.Fields(line))); err != nil {
		t.Fatal(err)
	}
	return f.resolve(e.env, &c, c.Flags().Args())
}

func TestWhatIsSent(t *testing.T) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	pipe := func() io.Reader { return strings.NewReader("x\n") }
	tests := []struct {
		line   string
		stdin  io.Reader
		origin origin
		feed   string
	}{
		{"hello", pipe(), fromArgs, ""},
		{"hello --file f --source number", pipe(), fromArgs, ""},
		{"--file f --source number", pipe(), fromFiles, ""},
		{"--source alphabet", pipe(), fromFeed, "alphabet"},
		{"--source stdin", null, fromStdin, ""},
		{"-l", null, fromStdin, ""},
		{"", pipe(), fromStdin, ""},
		{"-m", pipe(), fromStdin, ""},
		{"-m", null, fromFeed, "matrix"},
		{"-m", nil, fromFeed, "matrix"},
		{"--frame-delimiter ;", nil, fromFeed, "matrix"},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			c, err := reqConfigOf(t, tt.stdin, tt.line)
			if err != nil {
				t.Fatal(err)
			}
			if c.input.origin != tt.origin || c.input.feed != tt.feed {
				t.Errorf("got origin %d, feed %q, want %d, %q", c.input.origin, c.input.feed, tt.origin, tt.feed)
			}
		})
	}
}

func TestFeedsHaveDefaultsOfTheirOwn(t *testing.T) {
	tests := []struct {
		line     string
		count    int
		interval time.Duration
	}{
		{"-m", 1, time.Second},
		{"-m -n 3 -i 0", 3, 0},
		{"--source number", 0, time.Second},
		{"--source number -i 250ms", 0, 250 * time.Millisecond},
		{"hello", 0, 0},
		{"hello -i 2", 0, 2 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			c, err := reqConfigOf(t, nil, tt.line)
			if err != nil {
				t.Fatal(err)
			}
			if c.count != tt.count || c.input.interval != tt.interval {
				t.Errorf("got count %d, interval %v, want %d, %v", c.count, c.input.interval, tt.count, tt.interval)
			}
		})
	}
}

func TestHowStdinSplits(t *testing.T) {
	tests := []struct {
		line      string
		format    shell.InputFormat
		delimiter string
		nul       bool
	}{
		{"", shell.Lines, "", false},
		{"--input lines", shell.Lines, "", false},
		{"--input null", shell.Delimited, "\x00", false},
		{"-0", shell.Delimited, "\x00", true},
		{"-0 --input lines", shell.Lines, "", true},
		{"-0 -D ;", shell.Delimited, ";", true},
		{`-D \x1e`, shell.Delimited, "\x1e", false},
		{"--input jsonl", shell.JSONL, "", false},
		{"--input frames", shell.Frames, "", false},
		{"--input raw", shell.Raw, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			c, err := reqConfigOf(t, strings.NewReader(""), tt.line)
			if err != nil {
				t.Fatal(err)
			}
			r := c.input.records
			if r.Format != tt.format || string(r.Delimiter) != tt.delimiter || c.output.NUL != tt.nul || r.Type != zmq4.Req {
				t.Errorf("got %+v, NUL out %v", r, c.output.NUL)
			}
		})
	}
}

func TestSmallThingsOfAReq(t *testing.T) {
	c, err := reqConfigOf(t, nil, "hi")
	if err != nil {
		t.Fatal(err)
	}
	l := c.socket.limits
	if c.socket.linger != untilWritten || l.hwm != 1000 || l.maxMessage != 1<<30 || l.heartbeat != 0 ||
		l.reconnectMax != time.Second || l.handshakeTimeout != 30*time.Second || l.maxConnections != 0 {
		t.Errorf("defaults are not the contract's: %+v", c.socket)
	}
	if c.output.Format != "raw" || c.output.shown {
		t.Errorf("output off a terminal: %+v", c.output)
	}
	if c, err = reqConfigOf(t, nil, "hi -J"); err != nil || c.output.Format != "jsonl" || !c.output.shown {
		t.Errorf("-J: %+v, %v", c.output, err)
	}
	if _, err = reqConfigOf(t, nil, "hi -J -F raw"); exitStatus(err) != statusUsage {
		t.Errorf("-J -F raw: %v, want a usage error", err)
	}
}
