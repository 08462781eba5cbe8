package topics

import (
	"encoding/json"
	"math"
	"time"

	"fogmq/internal/shell"
)

// jsonTable is the one object that AppendJSON writes.
type jsonTable struct {
	Time        string    `json:"time"`
	Seconds     float64   `json:"seconds"`
	Messages    uint64    `json:"messages"`
	Bytes       uint64    `json:"bytes"`
	PerSecond   float64   `json:"msgs_per_s"`
	BytesPerSec float64   `json:"bytes_per_s"`
	Topics      []jsonRow `json:"topics"`
}

type jsonRow struct {
	Topic       json.RawMessage `json:"topic"` // a string, or bytes; null for all beyond MaxTopics
	Messages    uint64          `json:"messages"`
	Bytes       uint64          `json:"bytes"`
	PerSecond   float64         `json:"msgs_per_s"`
	BytesPerSec float64         `json:"bytes_per_s"`
	Age         float64         `json:"age_s"`
	Last        json.RawMessage `json:"last"`
	LastSize    int             `json:"last_bytes"`
}

// AppendJSON appends rows, counted for so long until now, as one JSON object and a newline. What is not UTF-8 is an
// object with its bytes in base64.
func AppendJSON(dst []byte, rows []Row, now time.Time, counted time.Duration) []byte {
	total := Total(rows)
	t := jsonTable{
		Time: now.UTC().Format(time.RFC3339Nano), Seconds: rounded(counted.Seconds()),
		Messages: total.Messages, Bytes: total.Bytes, PerSecond: rounded(total.PerSecond), BytesPerSec: rounded(total.BytesPerSecond),
		Topics: []jsonRow{},
	}
	for _, r := range rows {
		row := jsonRow{
			Topic: textOrBytes([]byte(r.Topic)), Messages: r.Messages, Bytes: r.Bytes,
			PerSecond: rounded(r.PerSecond), BytesPerSec: rounded(r.BytesPerSecond), Age: rounded(now.Sub(r.Last).Seconds()),
			Last: textOrBytes(r.Value), LastSize: r.Size,
		}
		if r.Others {
			row.Topic = nil
		}
		t.Topics = append(t.Topics, row)
	}
	text, err := json.Marshal(t)
	if err != nil {
		panic("a table can't be written as JSON: " + err.Error())
	}
	return append(append(dst, text...), '\n')
}

func textOrBytes(b []byte) json.RawMessage { return shell.AppendJSONText(nil, b) }

func rounded(x float64) float64 { return math.Round(x*1000) / 1000 }
