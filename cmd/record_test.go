package cmd

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// awkward are messages that a recording must keep byte for byte.
var awkward = [][]string{
	{"text"}, {""}, {"", "", ""}, {"a\tb\nc\x00d", `"quoted" \`}, {allBytes()}, {"日本", "\xff\xfe", "\u2028\x1b[31m"},
	{strings.Repeat("large\x80", 50_000), "behind it"}, {"last"},
}

func allBytes() string {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(i)
	}
	return string(b)
}

// recordings are names of files, compressed and not.
var recordings = []string{"stream.jsonl", "stream.jsonl.zst"}

// What libzmq sends is recorded and played back to libzmq byte for byte and in order,
// by every type of socket that can.
func TestRecordAndReplay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ record, from, replay, to string }{
		{"sub", "XPUB", "pub", "SUB SUBSCRIBE="}, {"xsub", "XPUB", "pub", "SUB SUBSCRIBE="},
		{"pull", "PUSH", "push", "PULL"}, {"pair", "PAIR", "pair", "PAIR"}, {"dealer", "DEALER", "dealer", "DEALER"},
	} {
		for _, file := range recordings {
			t.Run(tt.record+" "+file, func(t *testing.T) {
				t.Parallel()
				name := filepath.Join(t.TempDir(), file)
				endpoint := freeEndpoint(t)
				from := newStation(t, tt.from, "bind", endpoint)
				record := fogmq(t, "record", "-c", endpoint, "--type", tt.record, "-n", fmt.Sprint(len(awkward)), name)
				if tt.from == "XPUB" {
					from.waitFor(1)
				}
				for _, m := range awkward {
					from.sends(m...)
				}
				record.wantEnd(statusDone, fmt.Sprintf("fogmq: %d messages recorded in %s\n", len(awkward), name))
				back := freeEndpoint(t)
				kind := words(tt.to)
				to := newStation(t, kind[0], "bind", back, kind[1:]...)
				wait := "--wait-peers"
				if tt.replay == "pub" {
					wait = "--wait-subscribers"
				}
				fogmq(t, "replay", "-c", back, "--type", tt.replay, wait, "1", name).succeed()
				to.gets(awkward...)
			})
		}
	}
}

// A ROUTER records who sent what, and plays it back to whom is called so.
func TestRecordAndReplayRouter(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "stream.jsonl")
	endpoint := freeEndpoint(t)
	record := fogmq(t, "record", "-b", endpoint, "--type", "router", "-n", "3", "-q", name)
	a := newStation(t, "DEALER", "connect", endpoint, "IDENTITY=a")
	a.sends("one", "more")
	b := newStation(t, "DEALER", "connect", endpoint, "IDENTITY=b")
	b.sends("two")
	b.sends("")
	record.succeed()
	replay := fogmq(t, "replay", "-b", endpoint, "--type", "router", "--wait-peers", "2", name)
	a.gets([]string{"one", "more"})
	b.gets([]string{"two"}, []string{""})
	replay.succeed()
}

// awaitSize waits until a file has so many bytes.
func awaitSize(t *testing.T, name string, size int64) {
	t.Helper()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-look.C {
		if info, err := os.Stat(name); err == nil && info.Size() >= size {
			return
		}
	}
	t.Fatalf("%s does not get %d bytes", name, size)
}

// played returns the lines that a recording is played as. Its end may be torn.
func played(t *testing.T, name string, flags ...string) (lines []string) {
	t.Helper()
	endpoint := freeEndpoint(t)
	pull := fogmq(t, "pull", "-b", endpoint)
	replay := fogmq(t, append([]string{"replay", "-c", endpoint, "--type", "push", "--speed", "max", "--stats", name}, flags...)...)
	replay.wantEndLike(statusDone, `^(fogmq: [^\n]*: torn behind record [^\n]*\n)?fogmq: 0 messages in [^\n]*\n$`)
	var sent int
	if _, err := fmt.Sscanf(replay.warns(`\d+ out`)[0], "%d", &sent); err != nil {
		t.Fatal(err)
	}
	pull.await(pull.out, fmt.Sprintf("%d lines", sent), func(text string) bool { return strings.Count(text, "\n") >= sent })
	pull.kill()
	return pull.out.lines()
}

// A recorder that is killed, time and again, leaves whole records alone, and goes on
// behind them.
func TestKilledRecorder(t *testing.T) {
	t.Parallel()
	grown := map[string]int64{recordings[0]: 200_000, recordings[1]: 1000} // of lines that are much the same
	for _, file := range recordings {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			name := filepath.Join(t.TempDir(), file)
			endpoint := freeEndpoint(t)
			push := fogmqFrom(t, &load{}, "push", "-b", endpoint, "--hwm", "100", "--reconnect-max", "0.1")
			for range 3 {
				var size int64
				if info, err := os.Stat(name); err == nil {
					size = info.Size()
				}
				record := fogmq(t, "record", "-c", endpoint, "--type", "pull", name)
				awaitSize(t, name, size+grown[file])
				record.kill()
			}
			push.kill()
			readable := played(t, name)
			record := fogmq(t, "record", "-b", freeEndpoint(t), "--type", "pull", name, "-W", "0.001")
			if status := record.status(); status != statusTimeout {
				t.Fatalf("status %d: %s", status, record.err.text())
			}
			lines := played(t, name)
			if !slices.Equal(lines, readable) {
				t.Errorf("%d records could be read, then %d", len(readable), len(lines))
			}
			last := -1
			for _, line := range lines {
				n := numberOf(t, line)
				if n <= last {
					t.Fatalf("number %d behind %d", n, last)
				}
				last = n
			}
			if len(lines) < 3*20 {
				t.Errorf("only %d records", len(lines))
			}
		})
	}
}

// After Ctrl-C all that came is in the file, and the next command adds to it.
func TestRecordUntilInterrupted(t *testing.T) {
	t.Parallel()
	for _, file := range recordings {
		name := filepath.Join(t.TempDir(), file)
		for round := range 2 {
			endpoint := freeEndpoint(t)
			record := fogmq(t, "record", "-b", endpoint, "--type", "pull", name, "--stats")
			fogmq(t, "push", "-c", endpoint, "a", "b", "c").succeed()
			record.signal(syscall.SIGINT)
			record.wantEndLike(130, fmt.Sprintf(`^fogmq: 3 messages recorded in .*%s\nfogmq: 3 messages in \(9 bytes\), .*\n$`, file))
			want := slices.Repeat([]string{"a", "b", "c"}, round+1)
			if lines := played(t, name); !slices.Equal(lines, want) {
				t.Errorf("round %d: %q", round, lines)
			}
		}
	}
}

// A full disk is one line that says how much there is, and there is just that.
func TestRecordToFullDisk(t *testing.T) {
	t.Parallel()
	for _, file := range recordings {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			name := filepath.Join(tinyDisk(t), file)
			endpoint := freeEndpoint(t)
			record := fogmq(t, "record", "-b", endpoint, "--type", "pull", name)
			// A frame of much the same lines would take hardly any space.
			var lines bytes.Buffer
			seed := uint64(1)
			for i := range 4000 {
				fmt.Fprintf(&lines, "%d ", i)
				for range 20 {
					seed = seed*6364136223846793005 + 1442695040888963407
					fmt.Fprintf(&lines, "%016x", seed)
				}
				lines.WriteByte('\n')
			}
			push := fogmqFrom(t, &lines, "push", "-c", endpoint)
			record.wantEndLike(statusFailed, `^fogmq: \d+ messages? (was|were) recorded, then: write [^\n]*: no space left on device\n$`)
			push.kill()
			var told int
			if _, err := fmt.Sscanf(record.err.text(), "fogmq: %d ", &told); err != nil {
				t.Fatal(err)
			}
			if got := played(t, name); len(got) != told || told < 100 {
				t.Errorf("%d messages were recorded, %d are there", told, len(got))
			}
		})
	}
}

// Ctrl-C ends a replay in the middle of a pause, and it can be gone on with.
func TestReplayIsResumed(t *testing.T) {
	t.Parallel()
	name := scratchFile(t, "stream.jsonl", []byte(`{"time":"2026-11-25T10:00:00Z","frames":["a"]}
{"time":"2026-11-25T10:00:00.001Z","frames":["b"]}
{"time":"2026-11-25T11:00:00Z","frames":["c"]}
`))
	endpoint := freeEndpoint(t)
	pull := fogmq(t, "pull", "-b", endpoint)
	replay := fogmq(t, "replay", "--type", "push", "-c", endpoint, name)
	pull.says("b")
	replay.signal(syscall.SIGINT)
	replay.wantEnd(130, "fogmq: stopped behind record 2: --skip 2 goes on from there\n")
	if got := played(t, name, "--skip", "2"); !slices.Equal(got, []string{"c"}) {
		t.Errorf("%q", got)
	}
}

// What no peer took counts as not sent when a replay is stopped.
func TestReplayIsResumedWhereNobodyTookAnything(t *testing.T) {
	t.Parallel()
	name := scratchFile(t, "stream.jsonl", []byte(strings.Repeat(`{"frames":["a"]}`+"\n", 5)))
	endpoint := freeEndpoint(t)
	replay := fogmq(t, "replay", "--type", "push", "-b", endpoint, name, "--hwm", "2")
	awaitListener(t, endpoint)
	replay.signal(syscall.SIGINT)
	replay.wantEndLike(130, `^(fogmq: \d messages? (was|were) not sent: no peer took (it|them)\n)?$`)
}
