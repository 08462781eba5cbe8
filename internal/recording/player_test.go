package recording

import (
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/shell"
)

var atOnce = math.Inf(1)

func TestSchedule(t *testing.T) {
	start := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	at := func(seconds float64) time.Time { return start.Add(time.Duration(seconds * float64(time.Second))) }
	none := time.Time{}
	for _, tt := range []struct {
		name  string
		s     schedule
		times []time.Time
		want  []float64
	}{
		{"as it was", schedule{speed: 1}, []time.Time{at(5), at(5.5), at(7), at(7)}, []float64{0, 0.5, 2, 2}},
		{"faster", schedule{speed: 10}, []time.Time{at(0), at(1), at(3)}, []float64{0, 0.1, 0.3}},
		{"slower", schedule{speed: 0.5}, []time.Time{at(0), at(1), at(3)}, []float64{0, 2, 6}},
		{"at once", schedule{speed: atOnce}, []time.Time{at(0), at(1), at(3)}, []float64{0, 0, 0}},
		{"without times", schedule{speed: 1}, []time.Time{none, at(1), none, at(2), none}, []float64{0, 0, 0, 1, 1}},
		{"a clock that was set back", schedule{speed: 1}, []time.Time{at(100), at(101), at(50), at(52)}, []float64{0, 1, 1, 3}},
		{"short pauses", schedule{speed: 2, maxPause: 4 * time.Second}, []time.Time{at(0), at(100), at(102)}, []float64{0, 2, 3}},
		{"an age", schedule{speed: 1e-9}, []time.Time{at(0), at(1e9)}, []float64{0, float64(math.MaxInt64) / 1e9}},
	} {
		for i, when := range tt.times {
			if got := tt.s.due(when).Seconds(); math.Abs(got-tt.want[i]) > 1e-9 {
				t.Errorf("%s: message %d is due after %v s, want %v", tt.name, i+1, got, tt.want[i])
			}
		}
	}
}

// No rounding adds up over many messages.
func TestScheduleDoesNotDrift(t *testing.T) {
	s := schedule{speed: 3}
	start := time.Now()
	var last time.Duration
	for i := range 1_000_001 {
		last = s.due(start.Add(time.Duration(i) * 1001 * time.Nanosecond))
	}
	if want := time.Duration(1001 * 1_000_000 / 3); last != want {
		t.Errorf("the last is due after %v, want %v", last, want)
	}
}

func TestPlay(t *testing.T) {
	day := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	untimed := `{"frames":["u"]}` + "\n"
	for _, tt := range []struct {
		name  string
		files []string
		o     PlayOptions
		want  string
	}{
		{"files in turn", []string{numbered(1, 3), "", numbered(7, 8)}, PlayOptions{}, "1 2 3 7 8"},
		{"rounds", []string{numbered(1, 2), numbered(5, 5)}, PlayOptions{Rounds: 3}, "1 2 5 1 2 5 1 2 5"},
		{"endless rounds of nothing", []string{numbered(1, 9)}, PlayOptions{Rounds: -1, Topics: [][]byte{[]byte("x")}}, ""},
		{"skip", []string{numbered(1, 3), numbered(4, 6)}, PlayOptions{Skip: 4}, "5 6"},
		{"skip in each round", []string{numbered(1, 3)}, PlayOptions{Skip: 2, Rounds: 2}, "3 3"},
		{"skip bad ones", []string{"x\n\n" + numbered(1, 2)}, PlayOptions{Skip: 3}, "2"},
		{"from, after the first", []string{numbered(10, 15)}, PlayOptions{From: Bound{After: 2 * time.Second, Set: true}}, "12 13 14 15"},
		{"until, after the first", []string{numbered(10, 15)}, PlayOptions{Until: Bound{After: 2 * time.Second, Set: true}}, "10 11"},
		{"between times", []string{numbered(1, 9)},
			PlayOptions{From: Bound{Time: day.Add(3 * time.Second), Set: true}, Until: Bound{Time: day.Add(5500 * time.Millisecond), Set: true}}, "3 4 5"},
		{"the end passes for all files", []string{numbered(1, 9), numbered(2, 3)}, PlayOptions{Until: Bound{After: time.Second, Set: true}}, "1"},
		{"bounds in each round", []string{numbered(1, 4)}, PlayOptions{Rounds: 2, From: Bound{After: time.Second, Set: true},
			Until: Bound{After: 3 * time.Second, Set: true}}, "2 3 2 3"},
		{"from, and no times", []string{untimed + numbered(1, 2) + untimed}, PlayOptions{From: Bound{After: time.Second, Set: true}}, "2 u"},
		{"no times", []string{untimed + untimed}, PlayOptions{}, "u u"},
		{"topics", []string{numbered(1, 12)}, PlayOptions{Topics: [][]byte{[]byte("2"), []byte("1")}}, "1 2 10 11 12"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Speed = atOnce
			switch tt.o.Rounds {
			case 0:
				tt.o.Rounds = 1
			case -1:
				tt.o.Rounds = 0
			}
			played, err := play(NewPlayer(files(tt.files...), tt.o))
			if got := strings.Join(played, " "); err != io.EOF || got != tt.want {
				t.Errorf("%q, %v, want %q", got, err, tt.want)
			}
		})
	}
}

// A bad record is named with its file and its number there; the rest goes on.
func TestPlayBadRecords(t *testing.T) {
	p := NewPlayer(files(numbered(1, 2), numbered(3, 3)+"\n{}\n"+numbered(4, 4)+`{"time":"noon","frames":["5"]}`+"\n"), PlayOptions{Speed: atOnce, Rounds: 1})
	var told []string
	var played []string
	for {
		more, err := play(p)
		played = append(played, more...)
		if err == io.EOF {
			break
		}
		told = append(told, err.Error())
	}
	if got := strings.Join(played, " "); got != "1 2 3 4" {
		t.Errorf("played %q", got)
	}
	if len(told) != 2 || !strings.HasPrefix(told[0], "file2: record 3: jsonl: no frames") || !strings.HasPrefix(told[1], `file2: record 5: jsonl: "time" is not RFC 3339`) {
		t.Errorf("told of %q", told)
	}
}

// A torn end is noted, and the next file played.
func TestPlayTorn(t *testing.T) {
	frames := compressed(t, numbered(1, 4), 2)
	for _, first := range []string{
		numbered(1, 2) + `{"time":"2026-1`, string(frames[:len(frames)-1]), string(compressed(t, numbered(1, 2)+`{"fra`, 9)),
	} {
		var noted []error
		o := PlayOptions{Speed: atOnce, Rounds: 1, Note: func(err error) { noted = append(noted, err) }}
		played, err := play(NewPlayer(files(first, numbered(7, 7)), o))
		if got := strings.Join(played, " "); err != io.EOF || got != "1 2 7" && got != "1 2 3 4 7" {
			t.Errorf("%q, %v", got, err)
		}
		if len(noted) != 1 || !strings.HasPrefix(noted[0].Error(), "file1: torn behind record ") {
			t.Errorf("noted %q", noted)
		}
	}
}

// Damage in the middle is no torn end.
func TestPlayDamaged(t *testing.T) {
	frames := compressed(t, numbered(1, 400), 200)
	frames[len(frames)/4] ^= 0x55
	played, err := play(NewPlayer(files(string(frames)), PlayOptions{Speed: atOnce, Rounds: 1}))
	if err == nil || !strings.HasPrefix(err.Error(), "file1: ") || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("%d messages, then %v", len(played), err)
	}
}

// No message is handed out before it is due, and each one is.
func TestPlayPace(t *testing.T) {
	var text string
	for i := range 8 {
		text += line(time.Duration(i)*10*time.Millisecond, "x")
	}
	p := NewPlayer(files(text), PlayOptions{Speed: 2, Rounds: 1})
	began := time.Now()
	for n := 0; ; {
		msgs, err := p.Next(100)
		if err == io.EOF {
			if n != 8 || p.Played() != 35*time.Millisecond {
				t.Errorf("%d messages in %v", n, p.Played())
			}
			return
		}
		since := time.Since(began)
		n += len(msgs)
		if due := time.Duration(n-1) * 5 * time.Millisecond; since < due {
			t.Errorf("message %d came after %v, and was due after %v", n, since, due)
		}
		p.Took(len(msgs))
	}
}

// Close ends a wait, however long.
func TestPlayerClose(t *testing.T) {
	p := NewPlayer(files(line(0, "a")+line(time.Hour, "b")), PlayOptions{Speed: 1, Rounds: 1})
	if msgs, err := p.Next(10); err != nil || len(msgs) != 1 {
		t.Fatal(msgs, err)
	}
	ended := make(chan error)
	go func() {
		_, err := p.Next(10)
		ended <- err
	}()
	p.Close()
	if err := <-ended; err != io.EOF {
		t.Error(err)
	}
}

// An odd is a Sender that can't take what is odd.
type odd struct{ took []string }

var errOdd = errors.New("odd")

func (o *odd) SendBatch(_ context.Context, msgs []zmq4.Msg) (int, error) {
	for i, m := range msgs {
		if strings.ContainsAny(text(m), "13579") {
			return i, errOdd
		}
		o.took = append(o.took, text(m))
	}
	return len(msgs), nil
}

// The place of what was sent is known, and what can't be sent is a bad record.
func TestPlayThrough(t *testing.T) {
	p := NewPlayer(files(numbered(1, 3), numbered(4, 6)), PlayOptions{Speed: atOnce, Rounds: 1})
	to := &odd{}
	var skipped []string
	err := shell.Send(t.Context(), p, p.Through(to, func(err error) bool { return err == errOdd }), shell.SendOptions{
		SkipBad: true, Report: func(err error) { skipped = append(skipped, err.Error()) }, Count: 3,
	})
	if err != nil || !slices.Equal(to.took, []string{"2", "4", "6"}) {
		t.Errorf("%q, %v", to.took, err)
	}
	if want := []string{"file1: record 1: odd", "file1: record 3: odd", "file2: record 2: odd"}; !slices.Equal(skipped, want) {
		t.Errorf("%q, want %q", skipped, want)
	}
	if want := (Place{File: "file2", Record: 3, Total: 6, Round: 1}); p.Last() != want {
		t.Errorf("%+v, want %+v", p.Last(), want)
	}
}
