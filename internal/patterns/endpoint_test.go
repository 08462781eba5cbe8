package patterns

import (
	"strings"
	"testing"
)

func TestParseEndpoint(t *testing.T) {
	both := []struct{ in, want string }{
		{"tcp://localhost:5556", "tcp://localhost:5556"},
		{"tcp://127.0.0.1:1", "tcp://127.0.0.1:1"},
		{"tcp://[::1]:65535", "tcp://[::1]:65535"},
		{"tcp://[fe80::1%eth0]:5556", "tcp://[fe80::1%eth0]:5556"},
		{"tcp://eth0:5556", "tcp://eth0:5556"},
		{"tcp://eth0.100:5556", "tcp://eth0.100:5556"},
		{"tcp://my-host.example.org:5556", "tcp://my-host.example.org:5556"},
		{"my_host:5556", "tcp://my_host:5556"},
		{"127.0.0.1:5556", "tcp://127.0.0.1:5556"},
		{"[::1]:5556", "tcp://[::1]:5556"},
		{"ipc:///tmp/a.sock", "ipc:///tmp/a.sock"},
		{"ipc://relative/a.sock", "ipc://relative/a.sock"},
		{"ipc://@name", "ipc://@name"},
		{"ipc:///tmp/with space:and:colons", "ipc:///tmp/with space:and:colons"},
		{"ipc:///" + strings.Repeat("p", 106), "ipc:///" + strings.Repeat("p", 106)},
		{"inproc://name", "inproc://name"},
		{"inproc://a/b c", "inproc://a/b c"},
	}
	for _, c := range both {
		for _, bind := range []bool{true, false} {
			got, err := ParseEndpoint(c.in, bind)
			if err != nil || got.String() != c.want {
				t.Errorf("%q, bind %v: %v, %v, want %s", c.in, bind, got, err, c.want)
			}
		}
	}
	one := []struct{ in, bind, connect string }{ // "" is an error
		{":5556", "tcp://*:5556", "tcp://localhost:5556"},
		{"5556", "tcp://*:5556", "tcp://localhost:5556"},
		{"tcp://*:5556", "tcp://*:5556", ""},
		{"*:5556", "tcp://*:5556", ""},
		{"tcp://*:*", "tcp://*:*", ""},
		{"tcp://*:0", "tcp://*:0", ""},
		{":0", "tcp://*:0", ""},
		{"0", "tcp://*:0", ""},
		{":*", "tcp://*:*", ""},
		{"localhost:0", "tcp://localhost:0", ""},
		{"localhost:*", "tcp://localhost:*", ""},
		{"[::]:0", "tcp://[::]:0", ""},
		{"ipc://*", "ipc://*", ""},
		{"tcp://eth0:0;host:5556", "", "tcp://eth0:0;host:5556"},
		{"tcp://192.168.1.2:1234;host:5556", "", "tcp://192.168.1.2:1234;host:5556"},
	}
	for _, c := range one {
		for bind, want := range map[bool]string{true: c.bind, false: c.connect} {
			got, err := ParseEndpoint(c.in, bind)
			if want == "" {
				if err == nil {
					t.Errorf("%q, bind %v: %v, want an error", c.in, bind, got)
				}
				continue
			}
			if err != nil || got.String() != want {
				t.Errorf("%q, bind %v: %v, %v, want %s", c.in, bind, got, err, want)
			}
		}
	}
}

func TestParseEndpointErrors(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", "write tcp://HOST:PORT"},
		{"hello", "write tcp://HOST:PORT"},
		{"tcp://", "the port is missing"},
		{"tcp://localhost", "the port is missing"},
		{"tcp://localhost:", "the port is missing"},
		{"localhost:", "the port is missing"},
		{"tcp://:5556", "the host is missing"},
		{"tcp://localhost:http", `the port "http" is not a number`},
		{"tcp://localhost:-1", `the port "-1" is not a number`},
		{"tcp://localhost:+1", `the port "+1" is not a number`},
		{"tcp://localhost:1e3", `the port "1e3" is not a number`},
		{"tcp://localhost:65536", "the port 65536 is out of range"},
		{"65536", "the port 65536 is out of range"},
		{"localhost:99999999999999999999", "out of range"},
		{"tcp://::1:5556", "stands in brackets"},
		{"tcp://::1", "stands in brackets"},
		{"tcp://[::1]", "the port is missing"},
		{"tcp://user@host:5556", "is not a host name"},
		{"tcp://host/path:5556", "is not a host name"},
		{"tcp://a b:5556", "is not a host name"},
		{"tcp://a;b:5556", "source address"},
		{"ipc://", "the path is missing"},
		{"ipc://@", "the path is missing"},
		{"ipc:///" + strings.Repeat("p", 107), "a Unix socket takes 107"},
		{"ipc:///a\x00b", "NUL"},
		{"inproc://", "the name is missing"},
		{"udp://host:5556", "the transport udp is not supported"},
		{"ws://host:5556", "the transport ws is not supported"},
		{"pgm://eth0;239.192.1.1:5555", "not supported"},
		{"tpc://host:5556", `unknown transport "tpc"`},
		{"http://host:80", `unknown transport "http"`},
		{"://host:80", "unknown transport"},
		{"tcp://host:5556\n", "not a number"},
		{"\x1b[2J:5556", ""},
	}
	for _, c := range tests {
		_, err := ParseEndpoint(c.in, false)
		if err == nil {
			t.Errorf("%q is taken", c.in)
			continue
		}
		if !strings.Contains(err.Error(), c.want) || strings.ContainsAny(err.Error(), "\n\x1b\x00") {
			t.Errorf("%q: %q, want %q in one line", c.in, err, c.want)
		}
	}
}

func TestLooksLikeEndpoint(t *testing.T) {
	yes := []string{
		"tcp://localhost:5556", "tcp://*:5556", "tcp://*:*", "tcp://[::1]:5556", "tcp://eth0:5556", "tcp://bad",
		"ipc:///path", "ipc://@name", "inproc://name", "udp://host:1", "tpc://host:5556",
		"localhost:5556", "host.example.org:5556", "127.0.0.1:5556", "[::1]:5556", "[fe80::1%eth0]:5556", "eth0:5556",
		"*:5556", ":5556", "5556", ":0", "HOST:0", "0", ":*", "*:*", "99999",
	}
	no := []string{
		"", " ", "hello", "hello world", "hello:world", "a:b:5", "12:34:56", "localhost", "localhost:", ":", "-1", "+5", "5.5", "1e3", "2j",
		"https://example.org/x", "HTTP://example.org", "mailto:x@example.org", "file:///etc/passwd", "at 10:30", "key: 5", "{\"a\":5}", "[1,2]:3", "日本語メッセージ",
	}
	for _, word := range yes {
		if !LooksLikeEndpoint(word) {
			t.Errorf("%q does not look like an endpoint", word)
		}
	}
	for _, word := range no {
		if LooksLikeEndpoint(word) {
			t.Errorf("%q looks like an endpoint", word)
		}
	}
}

// FuzzParseEndpoint: no panic; errors are one clean line; what is taken is
// taken again, unchanged, in its full form.
func FuzzParseEndpoint(f *testing.F) {
	for _, s := range []string{"tcp://*:5556", "tcp://[::1]:5556", ":5556", "5556", "host:0", "ipc://@n", "ipc://*", "inproc://n", "tcp://eth0:0;h:5", "udp://x", "[::1]:*", "tcp://[:1"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, bind bool) {
		LooksLikeEndpoint(s)
		ep, err := ParseEndpoint(s, bind)
		if err != nil {
			if msg := err.Error(); msg == "" || strings.ContainsAny(msg, "\n\r\x1b\x00") {
				t.Fatalf("error %q", msg)
			}
			return
		}
		again, err := ParseEndpoint(ep.String(), bind)
		if err != nil || again != ep {
			t.Fatalf("%q is %v, which is %v, %v", s, ep, again, err)
		}
	})
}
