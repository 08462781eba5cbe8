package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"fogmq/internal/peertest"
)

// theKit is built once, for that takes longer than most tests, and only for a
// test that needs it. removeKit takes it away.
var (
	removeKit = func() error { return nil }
	theKit    = sync.OnceValues(func() (*kit, error) {
		k, err := newKit(context.Background(), "")
		if err == nil {
			removeKit = k.remove
		}
		return k, err
	})
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := removeKit(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// testKit has all there is to compare. Without libzmq the test ends there:
// skipped, or failed where peers are required.
func testKit(t *testing.T) *kit {
	t.Helper()
	k, err := theKit()
	if err != nil {
		t.Fatal(err)
	}
	for _, needed := range []tool{toolC, toolLibzmq, toolCurve} {
		if err := k.missing[needed]; err != nil {
			peertest.Lack(t, err)
		}
	}
	return k
}

// The whole way, with so few messages that the figures mean nothing.
func TestCompare(t *testing.T) {
	k := testKit(t)
	o := options{rounds: 1, scale: 0.0005, json: true, deadline: time.Minute}
	var wanted []scene
	for _, some := range [][]scene{thrScenes(o), latScenes(o), pipelineScenes(o), curveScenes(o)} {
		wanted = append(wanted, some...)
	}
	var out, progress strings.Builder
	if err := k.compare(t.Context(), wanted, o, &out, &progress); err != nil {
		t.Fatalf("%v\n%s", err, progress.String())
	}
	var got jsonReport
	if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Scenes) != len(wanted) {
		t.Errorf("%d scenes of %d", len(got.Scenes), len(wanted))
	}
	for _, s := range got.Scenes {
		for _, c := range s.Contestants {
			absent := c.Error != ""
			if len(c.Samples) != 1 && !absent || len(s.Goals) == 0 {
				t.Errorf("%s: %+v", s.Scene, c)
			}
		}
	}
}

// A contestant that loses messages is told of, and the comparison fails.
func TestLostMessage(t *testing.T) {
	k := testKit(t)
	o := options{rounds: 2, scale: 1, deadline: time.Minute}
	s := thrScene(16, 1000, 1000, goal{})
	s.contestants[0] = contestant{name: nameFogmq, run: thr(1001, func(k *kit) ends {
		return peerPair(k, "thr", "recv", "send", 16, 1000)
	})}
	var out, progress strings.Builder
	err := k.compare(t.Context(), []scene{s}, o, &out, &progress)
	if err != errFailed || !strings.Contains(out.String(), "failed") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if !strings.Contains(progress.String(), "thr counted 1000 messages, not 1001") {
		t.Error(progress.String())
	}
}

// Nobody without CURVE gets through to the ends that have it.
func TestCurveIsSpoken(t *testing.T) {
	k := testKit(t)
	for name, e := range map[string]ends{
		nameFogmq:  fogmqCurve(k, "thr", 64, 1),
		nameLibzmq: peerCurve(k, "thr", "recv", "send", 64, 1),
	} {
		t.Run(name, func(t *testing.T) {
			one := newTurn(t.Context(), k, time.Minute)
			defer one.end()
			_, endpoint, err := one.bound(command{words: e.bind})
			if err != nil {
				t.Fatal(err)
			}
			in, _, err := one.pipe() // a push without an end of its input stays
			if err != nil {
				t.Fatal(err)
			}
			plain, err := one.start(command{words: k.fogmq("push", "-v", "-c", endpoint), stdin: in})
			if err != nil {
				t.Fatal(err)
			}
			if err := plain.awaitPart(one.ctx, "HANDSHAKE_FAILED"); err != nil {
				t.Error(err)
			}
		})
	}
}
