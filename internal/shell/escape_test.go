package shell

import (
	"testing"
	"unicode/utf8"
)

func TestEscape(t *testing.T) {
	tests := []struct{ in, want string }{
		{"plain ~ text", "plain ~ text"},
		{`C:\path`, `C:\path`},
		{"日本語 é \U0001f600", "日本語 é \U0001f600"},
		{"\x1b[31m", `\x1b[31m`},
		{"\x00\a\b\n\t\r\x7f", `\x00\x07\x08\n\t\r\x7f`},
		{"\u009b\u0080\u009f\u00a0", `\u009b\u0080\u009f` + "\u00a0"},
		{"\u202a\u202e\u2066\u2069\u200e\u200f\u061c", `\u202a\u202e\u2066\u2069\u200e\u200f\u061c`},
		{"\u2028\u2029", `\u2028\u2029`},
		{"\x9b\xff\xe2\x80", `\x9b\xff\xe2\x80`},
		{"\ufffd", "\ufffd"},
	}
	for _, test := range tests {
		if got := Escape(test.in); got != test.want {
			t.Errorf("%q: got %q, want %q", test.in, got, test.want)
		}
	}
}

func FuzzEscape(f *testing.F) {
	f.Add("a\x1b\u009b\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got := Escape(s)
		if !utf8.ValidString(got) || Escape(got) != got {
			t.Fatalf("%q: got %q", s, got)
		}
	})
}

func TestRoutingID(t *testing.T) {
	tests := []struct{ id, text string }{
		{"", ""},
		{"worker 1", "worker 1"},
		{"日本", "日本"},
		{"0X1", "0X1"},
		{"0x1", "0x307831"},
		{"a\tb", "0x610962"},
		{"\x00\x80A", "0x008041"},
		{"\u202e", "0xe280ae"},
	}
	for _, test := range tests {
		if got := FormatRoutingID([]byte(test.id)); got != test.text {
			t.Errorf("%q is written %q, want %q", test.id, got, test.text)
		}
		if got, err := ParseRoutingID([]byte(test.text)); err != nil || string(got) != test.id {
			t.Errorf("%q is read as %q, %v, want %q", test.text, got, err, test.id)
		}
	}
	for _, text := range []string{"0x1", "0xgg"} {
		if id, err := ParseRoutingID([]byte(text)); err == nil {
			t.Errorf("%q is read as %q", text, id)
		}
	}
}
