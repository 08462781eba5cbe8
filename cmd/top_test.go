package cmd

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/go-zeromq/zmq4"

	"fogmq/internal/topics"
)

// shown is what stands on a screen, a line each.
func shown(screen tcell.SimulationScreen) string {
	cells, width, _ := screen.GetContents()
	var b strings.Builder
	for i, cell := range cells {
		if i > 0 && i%width == 0 {
			b.WriteByte('\n')
		}
		b.WriteString(string(cell.Runes))
	}
	return b.String()
}

func TestTopScreen(t *testing.T) {
	screen := tcell.NewSimulationScreen("UTF-8")
	if err := screen.Init(); err != nil {
		t.Fatal(err)
	}
	defer screen.Fini()
	screen.SetSize(100, 8)
	table := topics.NewTable(zmq4.Sub, nil, nil, time.Now())
	for _, text := range []string{"a 1", "b 日本", "b \x1b[2J", "c 3", "d 4", "e 5", "f 6", "g 7"} {
		table.Add([]zmq4.Msg{{Frames: [][]byte{[]byte(text)}}}, time.Now())
	}
	s := &topScreen{screen: screen, table: table, peers: func() int { return 3 }, title: "tcp://x:1"}
	s.look(time.Now())
	for _, step := range []struct {
		keys  string
		key   tcell.Key
		wants []string
	}{
		{"", 0, []string{"tcp://x:1  3 connected  7 topics"}},
		{"t", 0, []string{"by total", "LAST", "\nb ", `\x1b[2J`}},
		{"nR", 0, []string{"by name ↑", "\ng "}},
		{"", tcell.KeyEnd, []string{"\na "}},
		{"", tcell.KeyHome, []string{"\ng "}},
		{"/d", 0, []string{"1 topics", "filter: d_"}},
		{"", tcell.KeyBackspace, []string{"7 topics"}},
		{"d", tcell.KeyEnter, []string{"1 topics", "filter: d  (s"}},
		{"", tcell.KeyEscape, []string{"7 topics"}},
		{" ", 0, []string{"HELD"}},
		{"c", 0, []string{"0 topics"}},
	} {
		for _, r := range step.keys {
			if err := s.key(tcell.NewEventKey(tcell.KeyRune, r, 0)); err != nil {
				t.Fatal(err)
			}
		}
		if step.key != 0 {
			if err := s.key(tcell.NewEventKey(step.key, 0, 0)); err != nil {
				t.Fatal(err)
			}
		}
		s.draw()
		for _, want := range step.wants {
			if !strings.Contains(shown(screen), want) || strings.Contains(shown(screen), "\x1b") {
				t.Errorf("after %q %v there is no %q on the screen:\n%s", step.keys, step.key, want, shown(screen))
			}
		}
	}
}

func TestTopScreenEnds(t *testing.T) {
	screen := tcell.NewSimulationScreen("UTF-8")
	if err := screen.Init(); err != nil {
		t.Fatal(err)
	}
	defer screen.Fini()
	s := &topScreen{screen: screen, table: topics.NewTable(zmq4.Sub, nil, nil, time.Now()), peers: func() int { return 0 }}
	screen.InjectKey(tcell.KeyRune, 'q', 0)
	if err := s.run(t.Context(), time.Hour); !errors.Is(err, errLeft) {
		t.Errorf("q ends it with %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errLeft)
	if err := s.run(ctx, time.Hour); !errors.Is(err, errLeft) {
		t.Errorf("the end of the context ends it with %v", err)
	}
	if err := s.key(tcell.NewEventKey(tcell.KeyCtrlC, 0, 0)); exitStatus(err) != 130 {
		t.Errorf("Ctrl-C ends it with %v", err)
	}
}

// What is counted once is what was sent meanwhile.
func TestTopOnce(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	fogmq(t, "pub", "-b", endpoint, "-i", "0.001", "-q")
	top := fogmq(t, "top", endpoint, "--once", "--json", "-i", "0.5", "-t", "2", "-t", "3", "-W", "20")
	top.succeed()
	var got struct {
		Messages int
		Topics   []struct {
			Topic    string
			Messages int
			Rate     float64 `json:"msgs_per_s"`
		}
	}
	if err := json.Unmarshal([]byte(top.out.text()), &got); err != nil {
		t.Fatalf("%v: %s", err, top.out.text())
	}
	if len(got.Topics) != 2 || got.Messages != got.Topics[0].Messages+got.Topics[1].Messages || got.Topics[0].Rate <= 0 {
		t.Errorf("counted %+v", got)
	}
	text := fogmq(t, "top", "-c", endpoint, "--once", "-i", "0.1", "--sort", "name")
	text.succeed()
	if out := text.out.text(); !strings.HasPrefix(out, "TOPIC ") || !strings.Contains(out, "\n1 ") {
		t.Errorf("the table is %s", out)
	}
}

func TestTopRefuses(t *testing.T) {
	t.Parallel()
	late := fogmq(t, "top", freeEndpoint(t), "--once", "-W", "0.05")
	if late.status() != statusTimeout {
		t.Errorf("status %d", late.status())
	}
	for args, want := range map[string]string{
		":5556": "stdout is no terminal to show a live table on: --once prints it once", ":5556 --json": "--json is what --once prints",
		"x:y --once": `"x:y"`, "--sort x --once": "not one of rate, bytes, total, age, name",
	} {
		p := fogmq(t, append([]string{"top"}, words(args)...)...)
		if p.status() != statusUsage {
			t.Errorf("%s: status %d", args, p.status())
		}
		p.warns(want)
	}
}
