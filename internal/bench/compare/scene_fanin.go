package main

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"time"
)

// crowd is how many connections the receiver has.
const crowd = 500

// faninScenes time one receiver that many connections send to in turn, from the
// first message to the receiver's end. All are connected before. The senders are
// the same process for all receivers, or one of the receiver's own kind.
func faninScenes(o options) []scene {
	count := o.scaled(3_000_000)
	fanin := func(id, title string, from func(receiver) senders) scene {
		s := scene{
			id:    id,
			group: "Fan-in, 500 connections to PULL",
			title: title,
			metrics: []metric{{
				key: "msgs_per_s", unit: perSecond, goals: map[string]goal{nameLibzmq: atLeast(1)},
			}},
		}
		for _, r := range []receiver{fogmqReceiver, peerReceiver} {
			s.contestants = append(s.contestants, r.contestant(from(r), count))
		}
		return s
	}
	return []scene{
		fanin("fanin", "from 500 sockets of one C process", func(receiver) senders { return samePushers }),
		fanin("fanin-own", "from one process of its own kind", func(r receiver) senders { return r.ownPusher }),
	}
}

// A receiver is a kind of one, with a sender of that kind.
type receiver struct {
	name  string
	needs []tool
	ends  func(k *kit, count int) ends
	// pusher gives the command line of one socket that connects that often.
	pusher func(k *kit, endpoint string, times int) []string
	// It says that it is connected by as many lines on stderr that begin so.
	ready   string
	readies int
}

var fogmqReceiver = receiver{
	name: nameFogmq,
	ends: fogmqLines,
	pusher: func(k *kit, endpoint string, times int) []string {
		return k.fogmq(slices.Concat([]string{"push", "-v"}, slices.Repeat([]string{"-c", endpoint}, times))...)
	},
	ready:   "HANDSHAKE_SUCCEEDED ",
	readies: crowd,
}

var peerReceiver = receiver{
	name:  nameLibzmq,
	needs: []tool{toolLibzmq},
	ends:  peerLines,
	pusher: func(k *kit, endpoint string, times int) []string {
		return k.peer("line", append([]string{"push"}, slices.Repeat([]string{endpoint}, times)...)...)
	},
	ready:   "ready",
	readies: 1,
}

// senders are started, and wait until they are told to begin. They send the
// numbers from 1 to count, and return when they began to.
type senders func(t *turn, count int, endpoint string) (time.Time, error)

func (r receiver) contestant(from senders, count int) contestant {
	return contestant{
		name:  r.name,
		needs: append(r.needs, toolLibzmq),
		check: func(t *turn) error {
			out, err := t.file()
			if err != nil {
				return err
			}
			if _, err := r.receive(t, count, from, out); err != nil {
				return err
			}
			return sameSetAsNumbers(out, count)
		},
		run: func(t *turn) (sample, error) {
			out, err := t.null()
			if err != nil {
				return nil, err
			}
			seconds, err := r.receive(t, count, from, out)
			return sample{"msgs_per_s": float64(count) / seconds}, err
		},
	}
}

// receive returns how many seconds it took.
func (r receiver) receive(t *turn, count int, from senders, out *os.File) (float64, error) {
	pull, endpoint, err := t.bound(command{words: r.ends(t.kit, count).bind, stdout: out})
	if err != nil {
		return 0, err
	}
	begun, err := from(t, count, endpoint)
	if err != nil {
		return 0, err
	}
	err = t.wait(t.started...)
	return pull.ended.Sub(begun).Seconds(), err
}

// samePushers is a process with a socket for each connection.
func samePushers(t *turn, count int, endpoint string) (time.Time, error) {
	in, err := t.gate()
	if err != nil {
		return time.Time{}, err
	}
	push, err := t.start(command{
		words: t.peer("pushers", strconv.Itoa(crowd), strconv.Itoa(count), endpoint),
		stdin: in.r,
	})
	if err != nil {
		return time.Time{}, err
	}
	if _, err := push.await(t.ctx, "ready", 1); err != nil {
		return time.Time{}, err
	}
	begun := time.Now()
	_, err = in.w.WriteString("\n")
	return begun, errors.Join(err, in.w.Close())
}

// ownPusher is one socket with all the connections.
func (r receiver) ownPusher(t *turn, count int, endpoint string) (time.Time, error) {
	in, err := t.gate()
	if err != nil {
		return time.Time{}, err
	}
	push, err := t.start(command{words: r.pusher(t.kit, endpoint, crowd), stdin: in.r})
	if err != nil {
		return time.Time{}, err
	}
	if _, err := push.await(t.ctx, r.ready, r.readies); err != nil {
		return time.Time{}, err
	}
	return in.open(t, "seq", "1", strconv.Itoa(count))
}
