package shell

import (
	"io"
	"testing"

	"github.com/go-zeromq/zmq4"
)

// What it costs to print a message of many that came at once, as a receiver does.
func BenchmarkPrintBatch(b *testing.B) {
	msgs := make([]zmq4.Msg, batchSize)
	for i := range msgs {
		msgs[i] = zmq4.NewMsgString("cam a message of sixty-four bytes, as sensors and log files have")
	}
	for _, format := range []string{"raw", "frames", "hex", "jsonl", "pretty", "%t %p"} {
		b.Run(format, func(b *testing.B) {
			p, err := NewPrinter(io.Discard, OutputOptions{Format: format, Type: zmq4.Sub})
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(msgs[0].Frames[0])))
			b.ReportAllocs()
			for n := 0; n < b.N; {
				good, err := handleBatch(p, msgs[:min(len(msgs), b.N-n)])
				if err != nil {
					b.Fatal(err)
				}
				n += good
			}
		})
	}
}
