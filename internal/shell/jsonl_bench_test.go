package shell

import (
	"io"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"
)

// jsonlRecords are small messages of the kinds that jsonl carries.
var jsonlRecords = []struct {
	name   string
	frames []string
}{
	{"text", []string{"cam 1 a message of sixty-four bytes, as sensors and log files have"}},
	{"escapes", []string{`{"cam":1,"text":"a message of sixty-four bytes","unit":"m\u00b2"}`}},
	{"binary", []string{"\xff\x00\x80 an array of sixty-four bytes, as sensors and cameras have it"}},
	{"multipart", []string{"cam", "日本", "a message of sixty-four bytes, as sensors and log files have", "\xff\x00"}},
}

// BenchmarkJSONL prints messages, and reads them back as Send does for a socket
// that copies small ones.
func BenchmarkJSONL(b *testing.B) {
	for _, record := range jsonlRecords {
		m := zmq4.NewMsgFromString(record.frames)
		b.Run("print/"+record.name, func(b *testing.B) {
			p, err := NewPrinter(io.Discard, OutputOptions{Format: "jsonl"})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := p.Received(m); err != nil {
					b.Fatal(err)
				}
			}
		})
		line := printAll(b, OutputOptions{Format: "jsonl"}, m)
		b.Run("read/"+record.name, func(b *testing.B) {
			benchmarkRecycled(b, string(line), InputOptions{Format: JSONL})
		})
	}
}

// BenchmarkRecycledLines is BenchmarkLines for a socket that copies small messages.
func BenchmarkRecycledLines(b *testing.B) {
	for _, test := range []struct {
		name string
		o    InputOptions
	}{
		{"plain", InputOptions{}},
		{"topic", InputOptions{Topic: "cam", HasTopic: true}},
		{"topic frame", InputOptions{Topic: "cam", HasTopic: true, Multipart: true}},
		{"multipart", InputOptions{Multipart: true}},
	} {
		b.Run(test.name, func(b *testing.B) {
			benchmarkRecycled(b, "a line of sixty-four bytes, as sensors and log files have them.\n", test.o)
		})
	}
}

func benchmarkRecycled(b *testing.B, record string, o InputOptions) {
	source := NewReaderSource(&endlessReader{data: strings.Repeat(record, 1000)}, o).(*readerSource)
	b.SetBytes(int64(len(record)))
	b.ReportAllocs()
	for n := 0; n < b.N; {
		msgs, err := source.Next(batchSize)
		if err != nil {
			b.Fatal(err)
		}
		n += len(msgs)
		source.Recycle(ownBody)
	}
}
