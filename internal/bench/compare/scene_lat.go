package main

import "strconv"

// latScenes time round trips, one after the other, from REQ to REP and back.
func latScenes(o options) []scene {
	var scenes []scene
	for _, size := range []int{64, 1 << 10} {
		scenes = append(scenes, latScene(size, o.scaled(30_000)))
	}
	return scenes
}

func latScene(size, count int) scene {
	// A request and its reply have an empty frame in front.
	framed := head(0) + head(size) + size
	return scene{
		id:    "lat-" + strconv.Itoa(size),
		group: "Round trip, REQ to REP",
		title: byteSize(size),
		metrics: []metric{
			{key: "p50_us", title: "p50", unit: micros, goals: map[string]goal{nameLibzmq: atMost(0.8)}},
			{key: "p99_us", title: "p99", unit: micros, goals: map[string]goal{nameLibzmq: atMost(1)}},
		},
		contestants: []contestant{
			{name: nameFogmq, run: lat(count, func(k *kit) ends { return fogmqBench(k, "lat", size, count) })},
			{name: nameLibzmq, needs: []tool{toolLibzmq}, run: lat(count, func(k *kit) ends {
				return peerPair(k, "lat", "echo", "ping", size, count)
			})},
			{name: nameLoopback, needs: []tool{toolC}, run: lat(count, func(k *kit) ends {
				return peerPair(k, floorProgram, "echo", "ping", framed, count)
			})},
		},
	}
}

// lat takes the figures of the end that connects, which times.
func lat(count int, pair func(*kit) ends) func(*turn) (sample, error) {
	return func(t *turn) (sample, error) {
		l, err := t.play(pair(t.kit), command{}, command{})
		if err != nil {
			return nil, err
		}
		return l.connect.figures(count)
	}
}
