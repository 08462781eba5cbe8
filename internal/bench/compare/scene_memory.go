package main

import (
	"os"
	"time"
)

// settle is how long a process may take to come to rest.
const settle = time.Second

// memoryScenes look at how much memory processes have, and how large fogmq is.
func memoryScenes(o options) []scene {
	return []scene{idleScene(), loadScene(o.scaled(5_000_000)), bigScene(), binaryScene()}
}

const memoryGroup = "Memory"

func idleScene() scene {
	s := scene{
		id:      "memory-idle",
		group:   memoryGroup,
		title:   "idle sub",
		metrics: []metric{{key: "rss", unit: bytesOf, limit: atMost(12e6)}},
	}
	for _, c := range []struct {
		name  string
		words func(k *kit, endpoint string) []string
		needs []tool
	}{
		{nameFogmq, func(k *kit, endpoint string) []string { return k.fogmq("sub", "-c", endpoint) }, nil},
		{nameLibzmq, func(k *kit, endpoint string) []string { return k.peer("line", "sub", "1", endpoint) }, []tool{toolLibzmq}},
		{namePyzmq, func(k *kit, endpoint string) []string { return k.script("sub.py", endpoint) }, []tool{toolPyzmq}},
	} {
		run := func(t *turn) (sample, error) { return idle(t, c.words) }
		s.contestants = append(s.contestants, contestant{name: c.name, needs: append(c.needs, toolProc), run: run})
	}
	return s
}

// idle looks at a subscriber that has been connected for a while to a publisher
// that says nothing.
func idle(t *turn, words func(k *kit, endpoint string) []string) (sample, error) {
	in, err := t.gate()
	if err != nil {
		return nil, err
	}
	pub, endpoint, err := t.bound(command{words: t.fogmq("pub", "-v", "-b", "127.0.0.1:0"), stdin: in.r})
	if err != nil {
		return nil, err
	}
	sub, err := t.start(command{words: words(t.kit, endpoint)})
	if err != nil {
		return nil, err
	}
	if _, err := pub.await(t.ctx, "HANDSHAKE_SUCCEEDED ", 1); err != nil {
		return nil, err
	}
	select {
	case <-time.After(settle):
	case <-sub.done:
		return nil, sub.failure(errEarly)
	case <-t.ctx.Done():
		return nil, t.ctx.Err()
	}
	rss, err := memoryOf(sub.cmd.Process.Pid, "VmRSS")
	return sample{"rss": rss}, err
}

// loadScene looks at both ends of a pipeline while lines go through.
func loadScene(count int) scene {
	run := func(kind func(*kit, int) ends) func(*turn) (sample, error) {
		return func(t *turn) (sample, error) {
			in, err := t.numbers(count)
			if err != nil {
				return nil, err
			}
			return t.peaks(kind(t.kit, count), in)
		}
	}
	return scene{
		id:    "memory-load",
		group: memoryGroup,
		title: "seq | push, pull > /dev/null",
		metrics: []metric{
			{key: "pull", title: "most of pull", unit: bytesOf},
			{key: "push", title: "most of push", unit: bytesOf},
		},
		contestants: []contestant{
			{name: nameFogmq, needs: []tool{toolProc}, run: run(fogmqLines)},
			{name: nameLibzmq, needs: []tool{toolLibzmq, toolProc}, run: run(peerLines)},
		},
	}
}

// peaks plays both ends, with the receiver's stdout to /dev/null, and returns
// the most memory that they had.
func (t *turn) peaks(e ends, in *os.File) (sample, error) {
	out, err := t.null()
	if err != nil {
		return nil, err
	}
	pull, endpoint, err := t.bound(command{words: e.bind, stdout: out})
	if err != nil {
		return nil, err
	}
	pullPeak := peakOf(pull)
	push, err := t.start(command{words: e.connect(endpoint), stdin: in})
	if err != nil {
		return nil, err
	}
	pushPeak := peakOf(push)
	if err := t.wait(push, pull); err != nil {
		return nil, err
	}
	return sample{"pull": pullPeak.wait(), "push": pushPeak.wait()}, nil
}

// binaryScene weighs the program.
func binaryScene() scene {
	return scene{
		id:      "memory-binary",
		group:   memoryGroup,
		title:   "the binary",
		metrics: []metric{{key: "size", unit: bytesOf, limit: atMost(12e6)}},
		contestants: []contestant{{name: nameFogmq, run: func(t *turn) (sample, error) {
			info, err := os.Stat(t.fogmqPath)
			if err != nil {
				return nil, err
			}
			return sample{"size": float64(info.Size())}, nil
		}}},
	}
}
