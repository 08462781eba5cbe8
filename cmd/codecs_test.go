package cmd

import (
	"strconv"
	"strings"
	"testing"

	"fogmq/internal/peertest"
)

// codecCases are numbers and arrays as text, under a codec, and as the Python
// expression of the bytes that they are. See testdata/peers/values.py.
var codecCases = []struct {
	flags string
	pairs [][2]string // text, expression
}{
	{"--codec int:4:little", [][2]string{{"7", `i(7, 4, "little")`}, {"-7", `i(-7, 4, "little")`}, {"-2147483648", `i(-2**31, 4, "little")`}}},
	{"--codec int:1:big", [][2]string{{"127", `i(127, 1, "big")`}, {"-128", `i(-128, 1, "big")`}}},
	{"--codec int:2:big", [][2]string{{"258", `i(258, 2, "big")`}, {"-2", `i(-2, 2, "big")`}}},
	{"--codec int:8:big", [][2]string{{"9223372036854775807", `i(2**63-1, 8, "big")`}}},
	{"--codec uint:8:little", [][2]string{{"18446744073709551615", `i(2**64-1, 8, "little", False)`}, {"0", `i(0, 8, "little")`}}},
	{"--codec uint:1:little", [][2]string{{"255", `b"\xff"`}}},
	{"--codec float:4:little", [][2]string{{"1.5", `s("<f", 1.5)`}, {"-0.25", `s("<f", -0.25)`}, {"0.1", `s("<f", 0.1)`}}},
	{"--codec float:8:big", [][2]string{{"0.1", `s(">d", 0.1)`}, {"1e+300", `s(">d", 1e300)`}, {"nan", `s(">d", float("nan"))`}, {"-inf", `s(">d", float("-inf"))`}}},
	{"--codec ndarray:header", [][2]string{{"[[0, 1, 2], [2, 1, 0]]", `h([[0, 1, 2], [2, 1, 0]], "int64")`}, {"[0.5, 1.0]", `h([0.5, 1], "float64")`}, {"7", `h(7, "int64")`}, {"[true, false]", `h([True, False], "bool")`}}},
	{"--codec ndarray", [][2]string{{"[[0, 1, 2], [2, 1, 0]]", `a([[0, 1, 2], [2, 1, 0]], "int64")`}, {"[0.5, 1.0]", `a([0.5, 1], "float64")`}, {"7", `a(7, "int64")`}, {"[true, false]", `a([True, False], "bool")`}}},
}

func TestCodecsToPython(t *testing.T) {
	t.Parallel()
	for _, tt := range codecCases {
		t.Run(tt.flags, func(t *testing.T) {
			t.Parallel()
			needNumPy(t)
			var text, expressions strings.Builder
			for _, pair := range tt.pairs {
				text.WriteString(pair[0] + "\n")
				expressions.WriteString(pair[1] + "\n")
			}
			endpoint := freeEndpoint(t)
			peer := launch(t, strings.NewReader(expressions.String()), peertest.Python(t), "-u", "testdata/peers/values.py", "take", "tcp://"+endpoint)
			flags := append(words("pub --wait-subscribers 1 -b "+endpoint), words(tt.flags)...)
			fogmqFrom(t, strings.NewReader(text.String()), flags...).succeed()
			peer.succeed()
		})
	}
}

func TestCodecsFromPython(t *testing.T) {
	t.Parallel()
	for _, tt := range codecCases {
		t.Run(tt.flags, func(t *testing.T) {
			t.Parallel()
			needNumPy(t)
			var text, expressions strings.Builder
			for _, pair := range tt.pairs {
				text.WriteString(pair[0] + "\n")
				expressions.WriteString(pair[1] + "\n")
			}
			endpoint := freeEndpoint(t)
			sub := fogmq(t, append(words("sub -n "+strconv.Itoa(len(tt.pairs))+" -b "+endpoint), words(tt.flags)...)...)
			launch(t, strings.NewReader(expressions.String()), peertest.Python(t), "-u", "testdata/peers/values.py", "send", "tcp://"+endpoint).succeed()
			if got := sub.succeed(); got != text.String() {
				t.Errorf("sub printed %q, want %q", got, text.String())
			}
		})
	}
}

// --dtype names the type of arrays that come as text.
func TestDType(t *testing.T) {
	t.Parallel()
	needNumPy(t)
	for dtype, expression := range map[string]string{
		"int8":      `a([1, -2], "int8")`,
		"<f4":       `a([1, -2], "float32")`,
		">i2":       `[b">i2", b"[2]", np.array([1, -2], ">i2").tobytes()]`,
		"complex64": `a([1, -2], "complex64")`,
		"float16":   `a([1, -2], "float16")`,
	} {
		t.Run(dtype, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			peer := launch(t, strings.NewReader(expression), peertest.Python(t), "-u", "testdata/peers/values.py", "take", "tcp://"+endpoint)
			fogmq(t, "pub", "--wait-subscribers", "1", "-b", endpoint, "--codec", "ndarray", "--dtype", dtype, "[1, -2]").succeed()
			peer.succeed()
		})
	}
}

// A record that the codec can't take ends a sender with status 1 after what came
// before it; --skip-bad passes over it and does not count it.
func TestBadRecords(t *testing.T) {
	t.Parallel()
	const complaint = `fogmq: record 2: int:4:little: "x" is not an integer`
	tests := []struct {
		flags  string
		status int
		stderr string
		sent   string
	}{
		{"", statusFailed, complaint + "\n", "1\n"},
		{"--skip-bad", statusDone, complaint + " (passed over)\n", "1\n3\n4\n"},
		{"--skip-bad -n 2", statusDone, complaint + " (passed over)\n", "1\n3\n"},
	}
	for _, tt := range tests {
		t.Run(tt.flags, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			sub := fogmq(t, "sub", "-c", endpoint, "--codec", "int:4:little")
			pub := fogmqFrom(t, strings.NewReader("1\nx\n3\n4\n"), append(words("pub --wait-subscribers 1 --codec int:4:little -b "+endpoint), words(tt.flags)...)...)
			pub.wantEnd(tt.status, tt.stderr)
			sub.says(tt.sent[len(tt.sent)-2 : len(tt.sent)-1])
			if got := sub.out.text(); got != tt.sent {
				t.Errorf("sub printed %q, want %q", got, tt.sent)
			}
		})
	}
}

// The same on a receiver.
func TestBadMessages(t *testing.T) {
	t.Parallel()
	const complaint = `fogmq: record 2: int:4:little: `
	tests := []struct {
		flags  string
		status int
		stdout string
	}{
		{"", statusFailed, "1633771873\n"},
		{"--skip-bad -n 2", statusDone, "1633771873\n1650614882\n"},
	}
	for _, tt := range tests {
		t.Run(tt.flags, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			sub := fogmq(t, append(words("sub --codec int:4:little -b "+endpoint), words(tt.flags)...)...)
			fogmq(t, "pub", "-c", endpoint, "--wait-subscribers", "1", "aaaa", "bad", "bbbb").succeed()
			sub.wantEndLike(tt.status, "^"+complaint)
			if got := sub.out.text(); got != tt.stdout {
				t.Errorf("sub printed %q, want %q", got, tt.stdout)
			}
		})
	}
}
