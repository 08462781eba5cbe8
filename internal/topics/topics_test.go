package topics

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/codec"
)

var start = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func newTable(t *testing.T) *Table {
	t.Helper()
	c, err := codec.Parse("string", codec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return NewTable(zmq4.Sub, nil, c, start)
}

func msg(frames ...string) zmq4.Msg {
	var m zmq4.Msg
	for _, frame := range frames {
		m.Frames = append(m.Frames, []byte(frame))
	}
	return m
}

func rowOf(t *testing.T, table *Table, topic string) Row {
	t.Helper()
	for _, r := range table.Rows() {
		if r.Topic == topic && !r.Others {
			return r
		}
	}
	t.Fatalf("no topic %q in %+v", topic, table.Rows())
	return Row{}
}

func TestTableCounts(t *testing.T) {
	table := newTable(t)
	now := start
	for second := range 10 {
		for range 3 {
			table.Add([]zmq4.Msg{msg("a 66"), msg("b", "x", "yz"), msg("nothing")}, now)
		}
		if second >= 5 {
			table.Add([]zmq4.Msg{msg("a 77")}, now.Add(time.Millisecond))
		}
		now = now.Add(time.Second)
		table.Tick(now)
	}
	a := rowOf(t, table, "a")
	if a.Messages != 35 || a.Bytes != 35*4 || a.PerSecond != 4 || a.BytesPerSecond != 16 || string(a.Value) != "77" || a.Size != 2 {
		t.Errorf("a is %+v", a)
	}
	if fmt.Sprint(a.Past) != "[3 3 3 3 3 4 4 4 4 4]" || now.Sub(a.Last) != 999*time.Millisecond {
		t.Errorf("a came as %v, last %v ago", a.Past, now.Sub(a.Last))
	}
	if b := rowOf(t, table, "b"); string(b.Value) != "x\tyz" || b.Size != 3 || b.Bytes != 30*4 {
		t.Errorf("b is %+v", b)
	}
	if none := rowOf(t, table, ""); none.Messages != 30 || none.label() != "(none)" {
		t.Errorf("what has no topic is %+v", none)
	}
	table.Tick(now.Add(5 * time.Second)) // a pause: five slow seconds count as such
	if a := rowOf(t, table, "a"); math.Abs(a.PerSecond-16.0/9) > 1e-9 {
		t.Errorf("the rate after a pause is %v", a.PerSecond)
	}
	table.Clear(now)
	if len(table.Rows()) != 0 {
		t.Error("rows are left")
	}
}

func TestTableIsBounded(t *testing.T) {
	table := newTable(t)
	long := strings.Repeat("é", 5000)
	table.Add([]zmq4.Msg{msg("x"+long, long)}, start)
	for i := range 2 * MaxTopics {
		table.Add([]zmq4.Msg{msg(fmt.Sprint(i), "v")}, start)
	}
	rows := table.Rows()
	if len(rows) != MaxTopics+1 {
		t.Fatalf("there are %d rows", len(rows))
	}
	messages := Total(rows).Messages
	if messages != 2*MaxTopics+1 {
		t.Errorf("%d messages were counted", messages)
	}
	for _, r := range rows {
		if r.Cut && !r.Others && (len(r.Topic) > maxName || len(r.Value) > maxValue || r.Size != 10000 || strings.Contains(r.label(), `\x`)) {
			t.Errorf("too much is kept, or half a rune: %+v", r)
		}
		if r.Others && (r.Messages != MaxTopics+1 || r.label() != "(beyond 10000 topics)") {
			t.Errorf("the others are %+v", r)
		}
	}
}

func TestSortAndFilter(t *testing.T) {
	rows := func() []Row {
		return []Row{
			{Topic: "b", PerSecond: 1, BytesPerSecond: 9, Messages: 5, Last: start},
			{Topic: "a", PerSecond: 1, BytesPerSecond: 8, Messages: 6, Last: start.Add(1)},
			{Topic: "c", PerSecond: 2, BytesPerSecond: 7, Messages: 7, Last: start.Add(2)},
		}
	}
	for order, want := range map[Order]string{ByRate: "cab", ByBytes: "bac", ByTotal: "cab", ByAge: "cab", ByName: "abc"} {
		for _, reverse := range []bool{false, true} {
			sorted, got := rows(), ""
			Sort(sorted, order, reverse)
			for _, r := range sorted {
				if reverse {
					got = r.Topic + got
				} else {
					got += r.Topic
				}
			}
			if got != want {
				t.Errorf("by %v, reversed %t: %s, want %s", order, reverse, got, want)
			}
		}
	}
	if kept := Filter(rows(), "b"); len(kept) != 1 || kept[0].Topic != "b" {
		t.Errorf("kept %+v", kept)
	}
}

func TestText(t *testing.T) {
	for n, want := range map[float64]string{
		0: "0", 1: "1", 9.5: "9.5", 10.04: "10.0", 999: "999", 999.7: "1.00k", 1234: "1.23k", 12345: "12.3k", 123456: "123k", 1e6: "1.00M", 5e12: "5.00T", 1e16: "10000T",
	} {
		if got := Count(n); got != want {
			t.Errorf("%v is %s, want %s", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		-1: "0s", 0: "0.0s", 1500 * time.Millisecond: "1.5s", 70 * time.Second: "70s", 10 * time.Minute: "10m", 5 * time.Hour: "5h", 72 * time.Hour: "3d",
	} {
		if got := Age(d); got != want {
			t.Errorf("%v is %s, want %s", d, got, want)
		}
	}
	if got := Sparkline([]uint64{0, 1, 50, 100}, 6); got != "   ▁▄█" {
		t.Errorf("the line is %q", got)
	}
	if got := Sparkline([]uint64{1, 2, 3}, 2); got != "▅█" {
		t.Errorf("the end of the line is %q", got)
	}
	if Cut("日本語", 5) != "日本" || pad("日本語", 5) != "日本…" || pad("a", 3) != "a  " {
		t.Errorf("%q, %q, %q", Cut("日本語", 5), pad("日本語", 5), pad("a", 3))
	}
}

func TestAppendText(t *testing.T) {
	table := newTable(t)
	table.Add([]zmq4.Msg{msg("sensor 21.5"), msg("evil\x1b[2J", "\x1b]0;x\x07"), msg("bin", "\xff\xfe"), msg("long", strings.Repeat("x", 300))}, start)
	now := start.Add(time.Second)
	table.Tick(now)
	rows := table.Rows()
	Sort(rows, ByName, false)
	want := `TOPIC          MSG/S      B/S    TOTAL    AGE PAST             LAST
bin                1        5        1   1.0s                █ 2 bytes
evil\x1b[2J        1       14        1   1.0s                █ \x1b]0;x\a
long               1      304        1   1.0s                █ ` + strings.Repeat("x", 59) + `…
sensor             1       11        1   1.0s                █ 21.5
`
	got := string(AppendText(nil, rows, now))
	if got = strings.ReplaceAll(got, `\x07`, `\a`); got != want {
		t.Errorf("the table is\n%s\nwant\n%s", got, want)
	}
}

func TestAppendJSON(t *testing.T) {
	table := newTable(t)
	table.Add([]zmq4.Msg{msg("a 1"), msg("b", "\xff")}, start)
	now := start.Add(2 * time.Second)
	table.Tick(now)
	rows := table.Rows()
	Sort(rows, ByName, false)
	var got struct {
		Seconds  float64
		Messages int
		Rate     float64 `json:"msgs_per_s"`
		Topics   []struct {
			Topic string
			Age   float64 `json:"age_s"`
			Last  any
		}
	}
	if err := json.Unmarshal(AppendJSON(nil, rows, now, 2*time.Second), &got); err != nil {
		t.Fatal(err)
	}
	if got.Seconds != 2 || got.Messages != 2 || got.Rate != 1 || len(got.Topics) != 2 || got.Topics[0].Topic != "a" || got.Topics[0].Age != 2 ||
		got.Topics[0].Last != "1" || fmt.Sprint(got.Topics[1].Last) != "map[base64:/w==]" {
		t.Errorf("the object is %+v", got)
	}
	if text := string(AppendJSON(nil, nil, now, 0)); !strings.Contains(text, `"topics":[]`) {
		t.Errorf("an empty table is %s", text)
	}
}
