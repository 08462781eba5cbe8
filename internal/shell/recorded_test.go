package shell

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// Times are read however a record is written; empty lines count as records and have no
// message.
func TestRecordedTimes(t *testing.T) {
	s := NewRecordedSource(strings.NewReader(`{"time":"2026-11-22T09:08:07.120000001Z","frames":["a"]}
{"frames":["b"]}

{"frames":["c"],"time":"2026-11-22T10:08:07.5+01:00"}
{"time":null,"frames":["d"]}
{"time":"","frames":["e"]}
`))
	day := time.Date(2026, 11, 22, 9, 8, 7, 0, time.UTC)
	want := []Mark{{day.Add(120000001), 1}, {time.Time{}, 2}, {day.Add(time.Second / 2), 4}, {time.Time{}, 5}, {time.Time{}, 6}}
	var got []Mark
	for {
		_, err := s.Next(2)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, s.Marks()...)
	}
	if len(got) != len(want) || s.Records() != 6 || s.Whole() != 6 {
		t.Fatalf("%v, %d records, %d whole", got, s.Records(), s.Whole())
	}
	for i := range want {
		if !got[i].Time.Equal(want[i].Time) || got[i].Record != want[i].Record {
			t.Errorf("message %d: %v, want %v", i+1, got[i], want[i])
		}
	}
}

func TestRecordedBadTimes(t *testing.T) {
	for _, value := range []string{`"noon"`, `1764065287`, `"2026-11-22"`, `["2026-11-22T09:08:07Z"]`, `"\u0000"`} {
		for _, line := range []string{`{"time":` + value + `,"frames":["a"]}`, `{"frames":["a"],"time":` + value + `}`} {
			_, err := NewRecordedSource(strings.NewReader(line + "\n")).Next(1)
			if err == nil || err.Error() != `record 1: jsonl: "time" is not RFC 3339, such as 2026-11-22T09:08:07.12Z` {
				t.Errorf("%s: %v", line, err)
			}
			if CheckRecorded([]byte(line)) == nil {
				t.Errorf("%s: no error", line)
			}
			// Where the time does not matter, it may be anything.
			if _, err := NewReaderSource(strings.NewReader(line), InputOptions{Format: JSONL}).Next(1); err != nil {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
}

// The last record is torn if it is bad and has no end; one that is good is whole.
func TestRecordedTorn(t *testing.T) {
	whole := `{"frames":["a"]}` + "\n"
	for _, tt := range []struct {
		text  string
		want  error
		whole int
	}{
		{whole + whole, io.EOF, 2}, {whole + strings.TrimSpace(whole), io.EOF, 2},
		{whole + `{"frames":["a`, ErrTorn, 1}, {`{`, ErrTorn, 0}, {whole + whole[:len(whole)-2], ErrTorn, 1},
	} {
		s := NewRecordedSource(strings.NewReader(tt.text))
		var err error
		for err == nil {
			_, err = s.Next(10)
		}
		if !errors.Is(err, tt.want) || s.Whole() != tt.whole {
			t.Errorf("%q: %v behind record %d, want %v behind %d", tt.text, err, s.Whole(), tt.want, tt.whole)
		}
	}
	bad := NewRecordedSource(strings.NewReader("{\n" + whole))
	if _, err := bad.Next(10); !isRecordError(err) {
		t.Errorf("a bad record with an end: %v", err)
	}
}
