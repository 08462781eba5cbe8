package cmd

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// eventsIn reads the file of --events-file.
func eventsIn(t *testing.T, name string) (events []map[string]any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var event map[string]any
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatalf("%v: %q", err, line)
		}
		events = append(events, event)
	}
	return events
}

func names(events []map[string]any) string {
	var b strings.Builder
	for _, e := range events {
		b.WriteString(e["event"].(string) + " ")
	}
	return b.String()
}

// The life of a connection, as a script reads it.
func TestEvents(t *testing.T) {
	t.Parallel()
	endpoint, file := freeEndpoint(t), filepath.Join(t.TempDir(), "events")
	router, _ := fogmqTyped(t, "router", "-b", endpoint, "-n", "1", "--events-file", file)
	dealer := fogmq(t, "dealer", "-c", endpoint, "--identity", "sensor\xff", "--events", "jsonl", "-n", "1", "hello")
	router.succeed()
	events := eventsIn(t, file)
	if got := names(events); !strings.HasPrefix(got, "LISTENING ACCEPTED HANDSHAKE_SUCCEEDED ") || !strings.Contains(got, "CLOSED ") {
		t.Fatalf("the events are %s", got)
	}
	met := events[2]
	if met["type"] != "DEALER" || met["mechanism"] != "NULL" || met["socket"] != "ROUTER" || met["accepted"] != true ||
		met["endpoint"] != "tcp://"+endpoint || met["identity"].(map[string]any)["base64"] != "c2Vuc29y/w==" || met["time"] == nil {
		t.Errorf("the peer is told of as %v", met)
	}
	dealer.warns(`(?m)^\{"time":".*","event":"CONNECT_RETRIED","socket":"DEALER",.*"reason":".*","delay_ms":[0-9.]+\}$`)
}

// What failed is called as libzmq calls it.
func TestEventsOfFailures(t *testing.T) {
	t.Parallel()
	endpoint, file := freeEndpoint(t), filepath.Join(t.TempDir(), "events")
	pub := fogmq(t, "pub", "-b", endpoint, "--events-file", file, "--deny", "127.0.0.1", "--wait-subscribers", "1", "x")
	denied := fogmq(t, "sub", "-c", endpoint)
	pub.warns("127.0.0.1")
	denied.kill()
	again := fogmq(t, "pull", "-b", endpoint, "--events", "jsonl")
	again.warns(`^\{"time":".*","event":"BIND_FAILED","socket":"PULL","endpoint":"tcp://` + endpoint + `","reason":"can't bind .*"\}\nfogmq: can't bind`)
	pub.kill()
	if got := names(eventsIn(t, file)); !strings.HasPrefix(got, "LISTENING ACCEPT_FAILED ") {
		t.Errorf("the events are %s", got)
	}
	push := fogmq(t, "push", "-b", endpoint, "--events-fd", "2", "x")
	fogmq(t, "sub", "-c", endpoint)
	push.warns(`"event":"HANDSHAKE_FAILED_PROTOCOL"`)
}

// Who does not read costs nobody anything.
func TestEventsNobodyReads(t *testing.T) {
	t.Parallel()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	defer write.Close()
	endpoint := freeEndpoint(t)
	p := prepareProcess(t, "fogmq", "pull", "-b", endpoint, "-n", "1", "--events-fd", "3")
	p.cmd.ExtraFiles = []*os.File{write}
	p.start()
	read.Close() // a broken pipe
	fogmq(t, "push", "-c", endpoint, "hello").succeed()
	p.succeed()
	p.says("hello")
}

func TestEventLogNeverWaits(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	l := newEventLog(write, 1)
	for range 3 * eventQueue {
		l.add(eventRecord{Event: "X", Reason: strings.Repeat("x", 100)})
	}
	drained := make(chan string)
	go func() {
		var all strings.Builder
		buf := make([]byte, 1<<16)
		for {
			n, err := read.Read(buf)
			all.Write(buf[:n])
			if err != nil {
				drained <- all.String()
				return
			}
		}
	}()
	for len(l.queue) > eventQueue/2 { // until there is room
		l.add(eventRecord{Event: "Y"})
	}
	l.add(eventRecord{Event: "Z"})
	l.end()
	if all := <-drained; !strings.Contains(all, `"event":"EVENTS_LOST","count":`) || !strings.Contains(all, `"event":"Z"`) {
		t.Errorf("lost events are not told of, in %d bytes", len(all))
	}
}
