package cmd

import (
	"testing"

	"fogmq/internal/peertest"
)

// A maker starts the article's nodes: as fogmq, or as a Python program like the
// article's own.
type maker struct {
	name      string
	publish   func(t *testing.T, side, endpoint, feed string) *process
	subscribe func(t *testing.T, side, endpoint, topic string) *process
	request   func(t *testing.T, side, endpoint string) *process
	reply     func(t *testing.T, side, endpoint string) *process
}

// tick is what the article's second is in these tests, in seconds.
const tick = "0.02"

var ours = maker{
	name: "fogmq",
	publish: func(t *testing.T, side, endpoint, feed string) *process {
		return fogmq(t, "pub", "--"+side, endpoint, "--source", feed, "-i", tick, "-F", "pretty")
	},
	subscribe: func(t *testing.T, side, endpoint, topic string) *process {
		return fogmq(t, "sub", "--"+side, endpoint, "--topic", topic, "-F", "pretty")
	},
	request: func(t *testing.T, side, endpoint string) *process {
		return fogmq(t, "req", "--"+side, endpoint, "--multipart", "-F", "pretty", "-q")
	},
	reply: func(t *testing.T, side, endpoint string) *process {
		return fogmq(t, "rep", "--"+side, endpoint, "--add", "1", "--delay", tick, "-n", "1", "-F", "pretty")
	},
}

var theirs = maker{
	name: "pyzmq",
	publish: func(t *testing.T, side, endpoint, feed string) *process {
		return python(t, "publisher.py", side, "tcp://"+endpoint, feed, "3", tick)
	},
	subscribe: func(t *testing.T, side, endpoint, topic string) *process {
		return python(t, "subscriber.py", side, "tcp://"+endpoint, topic)
	},
	request: func(t *testing.T, side, endpoint string) *process {
		needNumPy(t)
		return python(t, "requester.py", side, "tcp://"+endpoint)
	},
	reply: func(t *testing.T, side, endpoint string) *process {
		needNumPy(t)
		return python(t, "replier.py", side, "tcp://"+endpoint, tick)
	},
}

// needNumPy ends a test where Python has no NumPy: skipped, or failed where
// peers are required.
func needNumPy(t *testing.T) {
	t.Helper()
	peertest.Module(t, "numpy", "python3-numpy")
}
