package cmd

import (
	"strings"
	"testing"

	"fogmq/internal/peertest"
)

// What a Python peer sends is text for a receiver, which a sender makes the same
// values of; rep adds to numbers.
func TestStructuredPayloads(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ codec, module, debian string }{
		{"msgpack", "msgpack", "python3-msgpack"}, {"cbor", "cbor2", "python3-cbor2"},
	} {
		t.Run(tt.codec, func(t *testing.T) {
			t.Parallel()
			peertest.Module(t, tt.module, tt.debian)
			pulling, replying, pushing := freeEndpoint(t), freeEndpoint(t), freeEndpoint(t)
			pull := fogmq(t, "pull", "-n", "14", "-b", pulling, "--codec", tt.codec)
			rep := fogmq(t, "rep", "-n", "1", "-b", replying, "--codec", tt.codec, "--add", "1")
			peer := peertest.Start(t, "testdata/peers/structured.py", tt.module, "tcp://"+pulling, "tcp://"+replying, "tcp://"+pushing)
			peer.Wait("sum [2, 3.5]")
			rep.succeed()
			fogmqFrom(t, strings.NewReader(pull.succeed()), "push", "-b", pushing, "--codec", tt.codec).succeed()
			peer.Wait("the same")
			peer.End()
		})
	}
}
