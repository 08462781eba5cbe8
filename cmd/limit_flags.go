package cmd

import (
	"time"
)

// limitFlags bound what a socket keeps, takes and waits for.
type limitFlags struct {
	hwm              int
	maxMessage       int64
	heartbeat        time.Duration
	reconnectMax     time.Duration
	handshakeTimeout time.Duration
	maxConnections   int
}

func (f *limitFlags) register(fs flagSet) {
	fs.group = groupLimits
	fs.add(newValue(&f.hwm, "N", "1000", atLeast(0)), "hwm", "", "messages queued per peer; 0 is no limit")
	fs.add(newValue(&f.maxMessage, "SIZE", "1GiB", parseMessageSize), "max-message", "",
		"largest message taken, all its frames together")
	fs.add(newValue(&f.heartbeat, "DURATION", "", parseDuration), "heartbeat", "",
		"ping peers this often, and drop one that is silent for twice as long (default off)")
	fs.add(newValue(&f.reconnectMax, "DURATION", "1s", parseWait), "reconnect-max", "",
		"longest pause between two tries to connect")
	fs.add(newValue(&f.handshakeTimeout, "DURATION", "30s", parseWait), "handshake-timeout", "",
		"how long a peer may take to introduce itself")
	fs.add(newValue(&f.maxConnections, "N", "", atLeast(1)), "max-connections", "",
		"peers accepted at a time; one slow to introduce itself makes room for a new one (default no limit)")
}
