package main

import (
	"errors"
	"os"
	"strconv"
)

// pipelineScenes time `seq 1 N | X push` with an `X pull` at the other end,
// from the start of the sender to the end of the receiver.
func pipelineScenes(o options) []scene {
	return []scene{
		pipelineScene(o, "pipeline", "seq | push, pull > /dev/null", (*turn).null, nil),
		pipelineScene(o, "pipeline-file", "seq | push, pull > file", (*turn).file, sameAsNumbers),
	}
}

// A sink opens what a receiver writes to.
type sink func(*turn) (*os.File, error)

// A verdict looks at what a receiver wrote.
type verdict func(f *os.File, count int) error

// A relay lets lines through to out, and returns the seconds that they took.
type relay func(t *turn, count int, out *os.File) (float64, error)

func pipelineScene(o options, id, title string, to sink, look verdict) scene {
	play := func(name string, through relay, count int, needs ...tool) contestant {
		c := contestant{name: name, needs: needs, run: through.rate(o.scaled(count), to, look)}
		if look == nil {
			verified := through.rate(o.scaled(count), (*turn).file, sameAsNumbers)
			c.check = func(t *turn) error { _, err := verified(t); return err }
		}
		return c
	}
	return scene{
		id:    id,
		group: "Lines through the shell",
		title: title,
		metrics: []metric{{
			key:  "lines_per_s",
			unit: perSecond,
			goals: map[string]goal{
				nameLibzmq: atLeast(1.5), namePyzmq: atLeast(10), nameMosquitto: atLeast(20),
			},
		}},
		contestants: []contestant{
			play(nameFogmq, zmqPipeline(fogmqLines), 5_000_000),
			play(nameLibzmq, zmqPipeline(peerLines), 5_000_000, toolLibzmq),
			play(namePyzmq, zmqPipeline(scriptLines), 1_000_000, toolPyzmq),
			play(nameMosquitto, mqttPipeline, 100_000, toolMosquitto),
		},
	}
}

// rate makes a turn of a relay: it opens the sink, lets the lines through, and
// looks at what came out.
func (through relay) rate(count int, to sink, look verdict) func(*turn) (sample, error) {
	return func(t *turn) (sample, error) {
		out, err := to(t)
		if err != nil {
			return nil, err
		}
		seconds, err := through(t, count, out)
		if err != nil {
			return nil, err
		}
		if look != nil {
			if err := look(out, count); err != nil {
				return nil, err
			}
		}
		return sample{"lines_per_s": float64(count) / seconds}, nil
	}
}

// zmqPipeline lets lines through two ends of the same kind.
func zmqPipeline(kind func(k *kit, count int) ends) relay {
	return func(t *turn, count int, out *os.File) (float64, error) {
		l, err := t.pipeline(kind(t.kit, count), count, out)
		return l.bind.seconds(l), err
	}
}

// seconds returns how long a link took, up to this process's end.
func (p *process) seconds(l link) float64 {
	if p == nil {
		return 0
	}
	return p.ended.Sub(l.begun).Seconds()
}

// pipeline plays both ends, with seq as the stdin of the one that connects.
func (t *turn) pipeline(e ends, count int, out *os.File) (link, error) {
	in, err := t.numbers(count)
	if err != nil {
		return link{}, err
	}
	return t.play(e, command{stdout: out}, command{stdin: in})
}

// numbers starts seq, which has no more than a pipe's room to run ahead of
// whoever reads.
func (t *turn) numbers(count int) (*os.File, error) {
	r, w, err := t.pipe()
	if err != nil {
		return nil, err
	}
	_, err = t.start(command{words: []string{"seq", "1", strconv.Itoa(count)}, stdout: w})
	return r, errors.Join(err, w.Close())
}

func fogmqLines(k *kit, count int) ends {
	return ends{
		bind:    k.fogmq("pull", "-b", "127.0.0.1:0", "-n", strconv.Itoa(count)),
		connect: func(endpoint string) []string { return k.fogmq("push", "-c", endpoint) },
	}
}

func peerLines(k *kit, count int) ends {
	return ends{
		bind:    k.peer("line", "pull", strconv.Itoa(count)),
		connect: func(endpoint string) []string { return k.peer("line", "push", endpoint) },
	}
}

func scriptLines(k *kit, count int) ends {
	return ends{
		bind:    k.script("pull.py", strconv.Itoa(count)),
		connect: func(endpoint string) []string { return k.script("push.py", endpoint) },
	}
}
