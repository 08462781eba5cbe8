package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

// audience is how many subscribers there are.
const audience = 50

// fanoutScenes time one publisher that sends each line to many subscribers,
// from the first line it can read to the end of the last subscriber. Nobody has
// a high-water mark, so nothing may be dropped. The subscribers are the same
// process for all publishers, or processes of the publisher's own kind.
func fanoutScenes(o options) []scene {
	lines := o.scaled(100_000)
	fanout := func(id, title string, play func(publisher, int) contestant) scene {
		s := scene{
			id:    id,
			group: "Fan-out, PUB to 50 SUB",
			title: title,
			metrics: []metric{{
				key: "deliveries_per_s", unit: perSecond, goals: map[string]goal{nameLibzmq: atLeast(1.2)},
			}},
		}
		for _, p := range []publisher{fogmqPublisher, peerPublisher} {
			s.contestants = append(s.contestants, play(p, lines))
		}
		return s
	}
	return []scene{
		fanout("fanout", "to 50 sockets of one C process", publisher.toSameSubscribers),
		fanout("fanout-own", "to 50 processes of its own kind", publisher.toOwnSubscribers),
	}
}

// A publisher is a kind of one, with subscribers of that kind.
type publisher struct {
	name      string
	needs     []tool
	words     func(*kit) []string
	ready     string // what begins a line on stderr that tells that subscribers are there
	readies   int    // how many such lines there are then
	subscribe func(k *kit, count int, endpoint string) []string
}

var fogmqPublisher = publisher{
	name: nameFogmq,
	words: func(k *kit) []string {
		return k.fogmq("pub", "-b", "127.0.0.1:0", "--hwm", "0", "--wait-subscribers", strconv.Itoa(audience), "-v")
	},
	ready:   "HANDSHAKE_SUCCEEDED ",
	readies: audience,
	subscribe: func(k *kit, count int, endpoint string) []string {
		return k.fogmq("sub", "-c", endpoint, "--hwm", "0", "-n", strconv.Itoa(count))
	},
}

var peerPublisher = publisher{
	name:    nameLibzmq,
	needs:   []tool{toolLibzmq},
	words:   func(k *kit) []string { return k.peer("line", "pub", strconv.Itoa(audience)) },
	ready:   "ready",
	readies: 1,
	subscribe: func(k *kit, count int, endpoint string) []string {
		return k.peer("line", "sub", strconv.Itoa(count), endpoint)
	},
}

// subscribers starts them, and returns those whose end is the end of the turn.
type subscribers func(t *turn, endpoint string) ([]*process, error)

// publish lets a publisher send count lines to subscribers.
func (p publisher) publish(t *turn, count int, start subscribers) (sample, error) {
	file, err := t.lines(count)
	if err != nil {
		return nil, err
	}
	in, err := t.gate()
	if err != nil {
		return nil, err
	}
	pub, endpoint, err := t.bound(command{words: p.words(t.kit), stdin: in.r})
	if err != nil {
		return nil, err
	}
	subs, err := start(t, endpoint)
	if err != nil {
		return nil, err
	}
	if _, err := pub.await(t.ctx, p.ready, p.readies); err != nil {
		return nil, err
	}
	begun, err := in.open(t, "cat", file)
	if err != nil {
		return nil, err
	}
	if err := t.wait(append(subs, pub)...); err != nil {
		return nil, err
	}
	return sample{"deliveries_per_s": float64(count*audience) / lastEnd(subs).Sub(begun).Seconds()}, nil
}

func lastEnd(processes []*process) time.Time {
	var last time.Time
	for _, p := range processes {
		if p.ended.After(last) {
			last = p.ended
		}
	}
	return last
}

// toSameSubscribers counts messages and bytes in a process that is the same for
// all publishers.
func (p publisher) toSameSubscribers(count int) contestant {
	run := func(t *turn) (sample, error) {
		var all *process
		s, err := p.publish(t, count, func(t *turn, endpoint string) ([]*process, error) {
			words := t.peer("subscribers", strconv.Itoa(audience), strconv.Itoa(count), endpoint)
			var err error
			all, err = t.start(command{words: words})
			return []*process{all}, err
		})
		if err != nil {
			return nil, err
		}
		got, err := all.figures(count * audience)
		if err == nil && got["bytes"] != float64(count*audience*lineSize) {
			err = fmt.Errorf("%v bytes arrived, not %d", got["bytes"], count*audience*lineSize)
		}
		return s, err
	}
	return contestant{name: p.name, needs: []tool{toolLibzmq}, run: run}
}

// toOwnSubscribers lets the publisher's own kind write to /dev/null, once the
// check has seen it write the right lines to files.
func (p publisher) toOwnSubscribers(count int) contestant {
	return contestant{
		name:  p.name,
		needs: p.needs,
		check: func(t *turn) error {
			var files []*os.File
			_, err := p.publish(t, count, p.own(count, func(t *turn) (*os.File, error) {
				f, err := t.file()
				files = append(files, f)
				return f, err
			}))
			if err != nil {
				return err
			}
			sent, err := t.lines(count)
			for i := 0; err == nil && i < len(files); i++ {
				err = sameAsFile(files[i], sent, "")
			}
			return err
		},
		run: func(t *turn) (sample, error) { return p.publish(t, count, p.own(count, (*turn).null)) },
	}
}

// own starts subscribers of the publisher's kind.
func (p publisher) own(count int, to sink) subscribers {
	return func(t *turn, endpoint string) ([]*process, error) {
		var all []*process
		for range audience {
			out, err := to(t)
			if err != nil {
				return nil, err
			}
			sub, err := t.start(command{words: p.subscribe(t.kit, count, endpoint), stdout: out})
			if err != nil {
				return nil, err
			}
			all = append(all, sub)
		}
		return all, nil
	}
}
