package cmd

import (
	"strings"
	"testing"
	"time"
)

func TestValues(t *testing.T) {
	duration := func(s string) (any, error) { return parseDuration(s) }
	wait := func(s string) (any, error) { return parseWait(s) }
	size := func(s string) (any, error) { return parseSize(s) }
	one := func(s string) (any, error) { return atLeast(1)(s) }
	delimiter := func(s string) (any, error) { b, err := parseDelimiter(s); return string(b), err }
	identity := func(s string) (any, error) { return parseIdentity(s) }
	tests := []struct {
		kind  string
		parse func(string) (any, error)
		text  string
		want  any // nil: an error
	}{
		{"duration", duration, "2", 2 * time.Second},
		{"duration", duration, "0.5", 500 * time.Millisecond},
		{"duration", duration, ".5", 500 * time.Millisecond},
		{"duration", duration, "1m30s", 90 * time.Second},
		{"duration", duration, "0", time.Duration(0)},
		{"duration", duration, "0.000000001", time.Nanosecond},
		{"duration", duration, "9999999999999", nil},
		{"duration", duration, "-1", nil},
		{"duration", duration, "-1s", nil},
		{"duration", duration, "", nil},
		{"duration", duration, "soon", nil},
		{"duration", duration, "inf", nil},
		{"duration", duration, "1e3", nil},
		{"duration", duration, "2 s", nil},
		{"wait", wait, "0", nil},
		{"wait", wait, "1ms", time.Millisecond},
		{"size", size, "0", int64(0)},
		{"size", size, "512", int64(512)},
		{"size", size, "64K", int64(64000)},
		{"size", size, "64k", int64(64000)},
		{"size", size, "64KB", int64(64000)},
		{"size", size, "64KiB", int64(65536)},
		{"size", size, "1.5M", int64(1500000)},
		{"size", size, "1.5MiB", int64(3 << 19)},
		{"size", size, "1GiB", int64(1 << 30)},
		{"size", size, "2G", int64(2000000000)},
		{"size", size, "1.0001", nil},
		{"size", size, "5X", nil},
		{"size", size, "5Ki", nil},
		{"size", size, "5B", int64(5)},
		{"size", size, "-1", nil},
		{"size", size, "", nil},
		{"size", size, "9999999999G", nil},
		{"count", one, "1", 1},
		{"count", one, "0", nil},
		{"count", one, "-1", nil},
		{"count", one, "1.5", nil},
		{"count", one, "99999999999999999999", nil},
		{"delimiter", delimiter, ";", ";"},
		{"delimiter", delimiter, `\n\t\0\\\x1e\r`, "\n\t\x00\\\x1e\r"},
		{"delimiter", delimiter, `\`, `\`},
		{"delimiter", delimiter, `\q`, `\q`},
		{"delimiter", delimiter, `\xZZ`, `\xZZ`},
		{"delimiter", delimiter, "、", "、"},
		{"delimiter", delimiter, "", nil},
		{"identity", identity, "worker-1", "worker-1"},
		{"identity", identity, "", nil},
		{"identity", identity, "\x00a", nil},
		{"identity", identity, strings.Repeat("a", 256), nil},
	}
	for _, tt := range tests {
		t.Run(tt.kind+" "+tt.text, func(t *testing.T) {
			got, err := tt.parse(tt.text)
			switch {
			case tt.want == nil && err == nil:
				t.Errorf("got %v, want an error", got)
			case tt.want != nil && (err != nil || got != tt.want):
				t.Errorf("got %v, %v, want %v", got, err, tt.want)
			}
		})
	}
}

func TestSuggest(t *testing.T) {
	names := []string{"pub", "sub", "completion", "version", "--format", "--file"}
	tests := []struct{ word, want string }{
		{"pubb", ": did you mean pub?"},
		{"compl", ": did you mean completion?"},
		{"vresion", ": did you mean version?"},
		{"--fromat", ": did you mean --format?"},
		{"xyz", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if got := suggest(tt.word, names); got != tt.want {
			t.Errorf("suggest(%q) = %q, want %q", tt.word, got, tt.want)
		}
	}
}
