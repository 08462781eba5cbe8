package main

import (
	"fmt"
	"strconv"
)

// loopbackBytes is how much goes over plain sockets to see what they carry.
const loopbackBytes = 3 << 30

// thrScenes measure how many messages a second go from PUSH to PULL. The
// receiver's clock runs from its first message to its last.
func thrScenes(o options) []scene {
	sizes := []struct {
		size, count int
		atLeast     float64
	}{
		{16, 10_000_000, 1.5},
		{64, 8_000_000, 1.5},
		{1 << 10, 1_500_000, 1.5},
		{64 << 10, 50_000, 1.0},
		{1 << 20, 3_000, 1.0},
	}
	var scenes []scene
	for _, s := range sizes {
		scenes = append(scenes, thrScene(s.size, o.scaled(s.count), o.scaled(loopbackBytes/(s.size+head(s.size))), atLeast(s.atLeast)))
	}
	return scenes
}

func thrScene(size, count, loopbackCount int, g goal) scene {
	return scene{
		id:    "thr-" + strconv.Itoa(size),
		group: "Throughput, PUSH to PULL",
		title: byteSize(size),
		metrics: []metric{{
			key:   "msgs_per_s",
			unit:  messages(size),
			goals: map[string]goal{nameLibzmq: g},
		}},
		contestants: []contestant{
			{name: nameFogmq, run: thr(count, func(k *kit) ends { return fogmqBench(k, "thr", size, count) })},
			{name: nameLibzmq, needs: []tool{toolLibzmq}, run: thr(count, func(k *kit) ends {
				return peerPair(k, "thr", "recv", "send", size, count)
			})},
			{name: nameLoopback, needs: []tool{toolC}, run: thr(loopbackCount, func(k *kit) ends {
				return peerPair(k, floorProgram, "recv", "send", size+head(size), loopbackCount)
			})},
		},
	}
}

// thr takes the figures of the end that binds, which counts. Its clock can't
// have run for longer than both ends did.
func thr(count int, pair func(*kit) ends) func(*turn) (sample, error) {
	return func(t *turn) (sample, error) {
		l, err := t.play(pair(t.kit), command{}, command{})
		if err != nil {
			return nil, err
		}
		s, err := l.bind.figures(count)
		if err != nil {
			return nil, err
		}
		passed := l.bind.seconds(l)
		s["wall_s"] = passed
		s["cpu_us"] = float64((l.bind.cpu() + l.connect.cpu()).Nanoseconds()) / 1e3 / float64(count)
		if took := float64(count-1) / s["msgs_per_s"]; !(took <= passed) {
			err = fmt.Errorf("%s says that %d messages took %.3f s, but it was done after %.3f s", l.bind.name, count, took, passed)
		}
		return s, err
	}
}

// fogmqBench gives both ends of a bench of fogmq's own.
func fogmqBench(k *kit, pattern string, size, count int) ends {
	args := func(flag, endpoint string) []string {
		return k.fogmq("bench", pattern, flag, endpoint, "--size", strconv.Itoa(size), "--count", strconv.Itoa(count), "--json")
	}
	return ends{
		bind:    args("--bind", "tcp://127.0.0.1:0"),
		connect: func(endpoint string) []string { return args("--connect", endpoint) },
	}
}

// peerPair gives both ends of a peer in C.
func peerPair(k *kit, program, binds, connects string, size, count int) ends {
	return ends{
		bind: k.peer(program, binds, strconv.Itoa(size), strconv.Itoa(count)),
		connect: func(endpoint string) []string {
			return k.peer(program, connects, strconv.Itoa(size), strconv.Itoa(count), endpoint)
		},
	}
}

// head is how many bytes ZMTP puts in front of a frame (RFC 23): flags and a
// length of one byte or eight.
func head(size int) int {
	if size < 256 {
		return 2
	}
	return 9
}

// byteSize names a size of a message.
func byteSize(n int) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	default:
		return fmt.Sprintf("%d B", n)
	}
}
