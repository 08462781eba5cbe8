package main

import (
	"os"
	"strings"
	"time"
)

// starts is how often a turn starts what it times; its figures are medians.
const starts = 20

// startupScenes time processes that have next to nothing to do.
func startupScenes(options) []scene {
	return []scene{
		{
			id:    "startup-version",
			group: "Start",
			title: "fogmq version",
			metrics: []metric{
				{key: "cpu_ms", title: "CPU", unit: millis, limit: atMost(10)},
				{key: "wall_ms", title: "time", unit: millis},
			},
			contestants: []contestant{{name: nameFogmq, run: startVersion}},
		},
		{
			id:    "startup-oneshot",
			group: "Start",
			title: "echo hello | push",
			metrics: []metric{
				{key: "wall_ms", title: "time", unit: millis},
				{key: "cpu_ms", title: "CPU", unit: millis},
			},
			contestants: []contestant{
				{name: nameFogmq, run: oneShots(fogmqLines)},
				{name: nameLibzmq, needs: []tool{toolLibzmq}, run: oneShots(peerLines)},
				{name: namePyzmq, needs: []tool{toolPyzmq}, run: oneShots(scriptLines)},
			},
		},
	}
}

// A stopwatch gathers what short processes took.
type stopwatch struct{ wall, cpu []float64 }

// time runs a command to its end.
func (s *stopwatch) time(t *turn, c command) error {
	begun := time.Now()
	p, err := t.start(c)
	if err != nil {
		return err
	}
	if err := t.wait(p); err != nil {
		return err
	}
	s.wall = append(s.wall, milliseconds(p.ended.Sub(begun)))
	s.cpu = append(s.cpu, milliseconds(p.cpu()))
	return nil
}

func (s *stopwatch) sample() sample {
	return sample{"wall_ms": median(s.wall), "cpu_ms": median(s.cpu)}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func startVersion(t *turn) (sample, error) {
	var s stopwatch
	for range starts {
		if err := s.time(t, command{words: t.fogmq("version")}); err != nil {
			return nil, err
		}
	}
	return s.sample(), nil
}

// oneShots sends one message from each of several processes, to a receiver of
// the same kind that is there.
func oneShots(kind func(k *kit, count int) ends) func(*turn) (sample, error) {
	return func(t *turn) (sample, error) {
		e := kind(t.kit, starts)
		pull, endpoint, err := t.bound(command{words: e.bind})
		if err != nil {
			return nil, err
		}
		var s stopwatch
		for range starts {
			in, err := t.filled("hello\n")
			if err != nil {
				return nil, err
			}
			if err := s.time(t, command{words: e.connect(endpoint), stdin: in}); err != nil {
				return nil, err
			}
		}
		if err := t.wait(pull); err != nil {
			return nil, err
		}
		return s.sample(), pull.printed(strings.Repeat("hello\n", starts))
	}
}

// filled returns a pipe that holds a short text and then ends.
func (t *turn) filled(text string) (*os.File, error) {
	r, w, err := t.pipe()
	if err != nil {
		return nil, err
	}
	if _, err := w.WriteString(text); err != nil {
		return nil, err
	}
	return r, w.Close()
}
