package cmd

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"fogmq/internal/peertest"
)

// taker is a SUB of libzmq's that prints each message as a JSON list of frames,
// in which a character is a byte.
const taker = `
	import json, sys, zmq
	sub = zmq.Context().socket(zmq.SUB)
	sub.bind(sys.argv[1])
	sub.subscribe(b"")
	print("ready")
	while True:
		print(json.dumps([frame.decode("latin-1") for frame in sub.recv_multipart()]))`

// What is sent, byte for byte, as libzmq gets it.
func TestWhatPubSends(t *testing.T) {
	t.Parallel()
	binary := make([]byte, 256)
	for i := range binary {
		binary[i] = byte(i)
	}
	file := scratchFile(t, "file", binary)
	tests := []struct {
		name  string
		args  []string
		stdin string
		sent  [][]string
	}{
		{"arguments", []string{"a b", "", "c\td"}, "stdin\n", [][]string{{"a b"}, {""}, {"c\td"}}},
		{"arguments as frames", []string{"-m", "a b", "", "c\td"}, "stdin\n", [][]string{{"a b", "", "c\td"}}},
		{"flags after arguments", []string{"a", "-n", "1", "b"}, "", [][]string{{"a"}}},
		{"behind --", []string{"--", "-n", "--bind"}, "", [][]string{{"-n"}, {"--bind"}}},
		{"topic", []string{"-t", "T", "x", "y z"}, "", [][]string{{"T x"}, {"T y z"}}},
		{"topic as frame", []string{"-t", "T", "-m", "x", "y"}, "", [][]string{{"T", "x", "y"}}},
		{"topic and lines", []string{"-t", "T"}, "x\n\n", [][]string{{"T x"}, {"T "}}},
		{"lines", nil, "a\n\nb\r\n\xff\xfe\x00\nlast", [][]string{{"a"}, {""}, {"b\r"}, {"\xff\xfe\x00"}, {"last"}}},
		{"lines as frames", []string{"-m"}, "a\tb\n\t\nc\n", [][]string{{"a", "b"}, {"", ""}, {"c"}}},
		{"frame delimiter", []string{"--frame-delimiter", "::"}, "a::b\tc\n", [][]string{{"a", "b\tc"}}},
		{"NUL", []string{"-0"}, "a\nb\x00\x00c", [][]string{{"a\nb"}, {""}, {"c"}}},
		{"delimiter", []string{"-D", "--"}, "a--b-c----d", [][]string{{"a"}, {"b-c"}, {""}, {"d"}}},
		{"CRLF", []string{"-D", `\r\n`}, "a\r\nb\nc\r\n", [][]string{{"a"}, {"b\nc"}}},
		{"all of it", []string{"--input", "raw"}, "a\nb\n", [][]string{{"a\nb\n"}}},
		{"all of nothing", []string{"--input", "raw"}, "", [][]string{{""}}},
		{"jsonl", []string{"--input", "jsonl"}, `{"frames":["日",{"base64":"/wA="}]}` + "\n", [][]string{{"日", "\xff\x00"}}},
		{"frames", []string{"--input", "frames"}, "\x01\x01a\x00\x00\x00\x02bc", [][]string{{"a", ""}, {"bc"}}},
		{"file", []string{"-f", file}, "stdin\n", [][]string{{string(binary)}}},
		{"files, one of them stdin", []string{"-f", "-", "-f", file}, "a\nb\n", [][]string{{"a\nb\n"}, {string(binary)}}},
		{"arguments before files", []string{"x", "-f", file, "--source", "number"}, "stdin\n", [][]string{{"x"}}},
		{"files before feeds", []string{"-f", file, "--source", "number"}, "stdin\n", [][]string{{string(binary)}}},
		{"feeds before stdin", []string{"--source", "number", "-n", "1"}, "stdin\n", [][]string{{"1 1"}}},
		{"-l", []string{"-l"}, "stdin\n", [][]string{{"stdin"}}},
		{"count", []string{"-n", "2"}, "a\nb\nc\n", [][]string{{"a"}, {"b"}}},
		{"number", words("--source number -n 7 -i 0"), "", [][]string{{"1 1"}, {"2 2"}, {"3 3"}, {"1 2"}, {"2 4"}, {"3 6"}, {"1 3"}}},
		{"channels", words("--source number --channels 1 -n 2 -i 1ms"), "", [][]string{{"1 1"}, {"1 2"}}},
		{"alphabet", words("--source alphabet -n 5 -i 0"), "", [][]string{{"1 a"}, {"2 A"}, {"1 b"}, {"2 B"}, {"1 c"}}},
		{"matrix", words("--source matrix"), "", [][]string{{"int64", "[2, 3]", matrix}}},
		{"matrices", words("--source matrix -n 2 -i 0"), "", [][]string{{"int64", "[2, 3]", matrix}, {"int64", "[2, 3]", matrix}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			sub := peertest.Start(t, taker, "tcp://"+endpoint)
			sub.Wait("ready")
			args := append([]string{"pub", "-c", endpoint, "--wait-subscribers", "1"}, tt.args...)
			fogmqFrom(t, strings.NewReader(tt.stdin), args...).succeed()
			// One more, so that nothing can be left over unseen.
			fogmq(t, "pub", "-c", endpoint, "--wait-subscribers", "1", "the end").succeed()
			for _, frames := range append(tt.sent, []string{"the end"}) {
				if got := unquoteFrames(t, sub.Line()); !equalFrames(got, frames) {
					t.Fatalf("libzmq got %q, want %q", got, frames)
				}
			}
		})
	}
}

const matrix = "\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00" +
	"\x02\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// unquoteFrames reads a JSON list of frames in which a character is a byte.
func unquoteFrames(t *testing.T, line string) (frames []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(line), &frames); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	for i := range frames {
		var b strings.Builder
		for _, c := range frames[i] {
			b.WriteByte(byte(c))
		}
		frames[i] = b.String()
	}
	return frames
}

func equalFrames(a, b []string) bool {
	return strings.Join(a, "|") == strings.Join(b, "|") && len(a) == len(b)
}

// What is received, in each format; libzmq sends it.
func TestWhatSubPrints(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, flags string
		message     []string
		stdout      string
	}{
		{"raw", "", []string{"2 66"}, "2 66\n"},
		{"raw frames", "", []string{"a", "", "b"}, "a\t\tb\n"},
		{"raw bytes", "", []string{"\x00\xff\n\x1b"}, "\x00\xff\n\x1b\n"},
		{"NUL", "-0", []string{"a\nb"}, "a\nb\x00"},
		{"pretty", "-F pretty", []string{"2 66"}, "Ch 2 -> 66 received\n"},
		{"pretty without topic", "-F pretty", []string{"hello"}, "-> hello received\n"},
		{"pretty with control characters", "-F pretty", []string{"2 \x1b[31m\n"}, `Ch 2 -> \x1b[31m\n received` + "\n"},
		{"pretty bytes", "-F pretty", []string{"2 \xff\xfe"}, "Ch 2 -> 0xfffe (2 bytes) received\n"},
		{"hex", "-F hex", []string{"ab", "c"}, "6162\t63\n"},
		{"frames", "-F frames", []string{"ab", "c"}, "\x01\x02ab\x00\x01c"},
		{"topic and payload", "-F %t|%p", []string{"2 66"}, "2|66\n"},
		{"template", `-F %n\x41%%\t%t|%p|%f|%l|%x`, []string{"T hi there"}, "1A%\tT|hi there|T hi there|8|6869207468657265\n"},
		{"template and NUL", "-0 -F %p", []string{"T hi"}, "hi\x00"},
		{"template of frames", `-F %t|%p|%f`, []string{"T", "a", "b"}, "T|a\tb|T\ta\tb\n"},
		{"codec", "--codec uint:2:big", []string{"\x01\x02"}, "258\n"},
		{"codec behind a topic", "--codec uint:2:big -t T", []string{"T \x01\x02"}, "T 258\n"},
		{"codec behind a topic frame", "--codec uint:2:big", []string{"T", "\x01\x02"}, "T\t258\n"},
		{"array", "--codec ndarray", []string{"int64", "[2, 3]", matrix}, "[[0, 1, 2], [2, 1, 0]]\n"},
		{"pretty array", "-F pretty", []string{"int64", "[2, 3]", matrix}, "->\n[[0 1 2]\n [2 1 0]] received\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			sub := fogmq(t, append(words("sub -n 1 -b "+endpoint), words(tt.flags)...)...)
			peertest.Start(t, `
				import json, sys, zmq
				context = zmq.Context()
				pub = context.socket(zmq.XPUB)
				pub.connect(sys.argv[1])
				pub.recv()
				pub.send_multipart([frame.encode("latin-1") for frame in json.loads(sys.argv[2])])
				pub.close()
				context.term()`,
				"tcp://"+endpoint, latin1List(tt.message)).End()
			if got := sub.succeed(); got != tt.stdout {
				t.Errorf("sub printed %q, want %q", got, tt.stdout)
			}
		})
	}
}

// The lossless formats bring every byte through.
func TestLosslessPipes(t *testing.T) {
	t.Parallel()
	messages := []string{"", "\x00", "\xff\xfe", "日本語", "a\tb\nc\r\n", strings.Repeat("x", 70000)}
	for _, form := range []string{"jsonl", "frames"} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			first, second := freeEndpoint(t), freeEndpoint(t)
			sub := fogmq(t, "sub", "-b", first, "-F", form, "-n", "6")
			fogmqFrom(t, strings.NewReader(framed(messages)), "pub", "-c", first, "--wait-subscribers", "1", "--input", "frames").succeed()
			stored := sub.succeed()
			last := fogmq(t, "sub", "-b", second, "-F", "frames", "-n", "6")
			fogmqFrom(t, strings.NewReader(stored), "pub", "-c", second, "--wait-subscribers", "1", "--input", form).succeed()
			if got := last.succeed(); got != framed(messages) {
				t.Errorf("got %q", shorten(got))
			}
		})
	}
}

// framed is messages of one frame each as ZMTP writes them.
func framed(messages []string) string {
	var b strings.Builder
	for _, m := range messages {
		if n := len(m); n < 256 {
			b.WriteString("\x00" + string([]byte{byte(n)}))
		} else {
			b.WriteString("\x02" + string([]byte{0, 0, 0, 0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}))
		}
		b.WriteString(m)
	}
	return b.String()
}

// With something else to send stdin is left alone, so that a loop over it goes
// on.
func TestStdinIsLeftToTheLoop(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	fogmq(t, "rep", "-b", endpoint, "--echo")
	for name, script := range map[string]string{
		"arguments": `while read x; do fogmq req -c "$0" "$x"; done`,
		"file":      `while read x; do echo "$x" > "$1"; fogmq req -c "$0" -f "$1" -F %p | tail -n 2 | head -n 1; done`,
		"sub":       `while read x; do fogmq sub -b :0 -q -W 0.01 2>/dev/null; echo "$x"; done`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sh := exec.Command("sh", "-c", script, endpoint, t.TempDir()+"/x")
			sh.Stdin = strings.NewReader("one\ntwo\nthree\n")
			sh.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0")
			if out, err := sh.CombinedOutput(); err != nil || string(out) != "one\ntwo\nthree\n" {
				t.Errorf("%q, %v", out, err)
			}
		})
	}
}

// Messages come one by one as they are typed, none of them held back.
func TestLinesLeaveAsTheyAreTyped(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	sub := fogmq(t, "sub", "-b", endpoint, "-n", "3")
	pub, typing := fogmqTyped(t, "pub", "-c", endpoint, "--wait-subscribers", "1")
	for _, line := range []string{"one", "two", "three"} {
		if _, err := typing.WriteString(line + "\n"); err != nil {
			t.Fatal(err)
		}
		sub.says(line)
	}
	typing.Close()
	pub.succeed()
}

// A file that can't be read ends the command; an empty one is an empty message.
func TestFiles(t *testing.T) {
	t.Parallel()
	fogmq(t, "pub", "-b", "127.0.0.1:0", "-q", "-f", "/nonexistent").
		wantEnd(statusFailed, "fogmq: file: open /nonexistent: no such file or directory\n")
	endpoint := freeEndpoint(t)
	sub := fogmq(t, "sub", "-b", endpoint, "-n", "1", "-F", "%l")
	fogmq(t, "pub", "-c", endpoint, "--wait-subscribers", "1", "-f", scratchFile(t, "empty", nil)).succeed()
	if got := sub.succeed(); got != "0\n" {
		t.Errorf("sub printed %q", got)
	}
}
