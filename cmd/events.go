package cmd

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/keys"
	"fogmq/internal/patterns"
	"fogmq/internal/shell"
)

const (
	// eventQueue is how many events may wait for who reads them. The socket never
	// does: what is beyond is counted and told of later.
	eventQueue = 4096
	// eventsEnd is how long the last events may take to be written.
	eventsEnd = time.Second
)

// An eventRecord is one line of --events.
type eventRecord struct {
	Time      string          `json:"time"` // RFC 3339, UTC
	Event     string          `json:"event"`
	Socket    string          `json:"socket,omitempty"` // the type of ours
	Endpoint  string          `json:"endpoint,omitempty"`
	Peer      string          `json:"peer,omitempty"`
	Accepted  bool            `json:"accepted,omitempty"`
	Type      string          `json:"type,omitempty"`
	Identity  json.RawMessage `json:"identity,omitempty"` // a string, or an object with base64
	Mechanism string          `json:"mechanism,omitempty"`
	User      string          `json:"user,omitempty"`
	Reason    string          `json:"reason,omitempty"`
	DelayMS   *float64        `json:"delay_ms,omitempty"`
	Count     uint64          `json:"count,omitempty"` // of messages dropped or events lost
}

// An eventLog writes a line of JSON for each event, in their order. Safe for
// concurrent use; a nil one writes nothing.
type eventLog struct {
	w     io.Writer
	done  chan struct{} // closed when all is written
	queue chan eventRecord

	mu    sync.Mutex
	open  int // sockets that have not ended
	lost  uint64
	ended bool
}

// newEventLog returns a log on w for so many sockets, which it closes at its end
// if it is a file of its own.
func newEventLog(w io.Writer, sockets int) *eventLog {
	l := &eventLog{w: w, open: sockets, done: make(chan struct{}), queue: make(chan eventRecord, eventQueue)}
	go l.run()
	return l
}

func (l *eventLog) run() {
	defer close(l.done)
	if f, ok := l.w.(*os.File); ok && f != os.Stderr {
		defer f.Close()
	}
	var failed error
	for r := range l.queue {
		if failed != nil {
			continue // nobody reads any more
		}
		line, err := json.Marshal(r)
		if err != nil {
			panic("an event can't be written as JSON: " + err.Error())
		}
		_, failed = l.w.Write(append(line, '\n'))
	}
}

func (l *eventLog) add(r eventRecord) {
	if l == nil {
		return
	}
	r.Time = time.Now().UTC().Format(time.RFC3339Nano)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	if l.lost > 0 {
		select {
		case l.queue <- eventRecord{Time: r.Time, Event: "EVENTS_LOST", Count: l.lost}:
			l.lost = 0
		default:
		}
	}
	select {
	case l.queue <- r:
	default:
		l.lost++
	}
}

// end says that one socket has no more events. With the last of them it waits, for
// a second at most, until all events are written.
func (l *eventLog) end() {
	if l == nil {
		return
	}
	l.mu.Lock()
	l.open--
	last := l.open == 0 && !l.ended
	if last {
		l.ended = true
		close(l.queue)
	}
	l.mu.Unlock()
	if !last {
		return
	}
	select {
	case <-l.done:
	case <-time.After(eventsEnd):
	}
}

// watch adds the log to a socket's monitor.
func (l *eventLog) watch(typ zmq4.SocketType, monitor func(patterns.Event)) func(patterns.Event) {
	if l == nil {
		return monitor
	}
	return func(e patterns.Event) {
		monitor(e)
		l.add(recordOf(typ, e))
	}
}

// recordOf is an event of a socket as --events has it.
func recordOf(typ zmq4.SocketType, e patterns.Event) eventRecord {
	r := eventRecord{
		Event: e.Name(), Socket: string(typ), Endpoint: e.Endpoint, Peer: e.Peer, Accepted: e.Accepted,
		Type: string(e.PeerType), Mechanism: string(e.Mechanism), User: e.User,
	}
	if e.Mechanism == zmq4.CurveSecurity && e.User != "" {
		r.User = fmt.Sprint(keys.Key([]byte(e.User)))
	}
	if e.PeerID != "" {
		r.Identity = shell.AppendJSONText(nil, []byte(e.PeerID))
	}
	if e.Err != nil {
		r.Reason = e.Err.Error()
	}
	if e.Kind == patterns.EventConnectRetried {
		ms := float64(e.Delay.Microseconds()) / 1000
		r.DelayMS = &ms
	}
	return r
}
