package main

import "strconv"

// curveScenes measure as thrScenes, mixedScenes and latScenes do, with CURVE.
func curveScenes(o options) []scene {
	var scenes []scene
	for _, s := range []struct{ size, count int }{
		{64, 1_500_000}, {1 << 10, 400_000}, {64 << 10, 10_000}, {1 << 20, 600},
	} {
		scenes = append(scenes, curveThr(s.size, o.scaled(s.count)))
	}
	for _, s := range []struct{ size, count int }{{64, 1_500_000}, {64 << 10, 10_000}} {
		scenes = append(scenes, curveMixed(s.size, o.scaled(s.count))...)
	}
	return append(scenes, curveLat(64, o.scaled(20_000)), curveShakes(o.scaled(1000)))
}

// Both ends of a bench with CURVE, of one kind.
func fogmqCurve(k *kit, pattern string, size, count int) ends {
	return k.curve.fogmq(fogmqBench(k, pattern, size, count))
}

func peerCurve(k *kit, program, binds, connects string, size, count int) ends {
	return k.curve.peer(peerPair(k, program, binds, connects, size, count))
}

// curveThr gives the processors' time besides: where others keep them busy it
// tells more than a rate.
func curveThr(size, count int) scene {
	s := curveScene(
		"curve-"+strconv.Itoa(size), byteSize(size),
		metric{key: "msgs_per_s", unit: messages(size), goals: map[string]goal{nameLibzmq: atLeast(1)}},
		thr(count, func(k *kit) ends { return fogmqCurve(k, "thr", size, count) }),
		thr(count, func(k *kit) ends { return peerCurve(k, "thr", "recv", "send", size, count) }),
	)
	s.metrics = append(s.metrics, metric{key: "cpu_us", title: "CPU of both ends a message", unit: micros})
	return s
}

// curveMixed have fogmq at one end only.
func curveMixed(size, count int) []scene {
	own := func(k *kit) ends { return fogmqCurve(k, "thr", size, count) }
	peers := func(k *kit) ends { return peerCurve(k, "thr", "recv", "send", size, count) }
	one := func(id, title string, bind, connect func(*kit) ends) scene {
		return curveScene(
			id+"-"+strconv.Itoa(size), byteSize(size)+", "+title,
			metric{key: "msgs_per_s", unit: messages(size)},
			thr(count, func(k *kit) ends { return ends{bind: bind(k).bind, connect: connect(k).connect} }),
			thr(count, peers),
		)
	}
	return []scene{
		one("mixed-curve-push", "PUSH to libzmq's PULL", peers, own),
		one("mixed-curve-pull", "libzmq's PUSH to PULL", own, peers),
	}
}

func curveLat(size, count int) scene {
	s := curveScene(
		"lat-curve-"+strconv.Itoa(size), byteSize(size)+", REQ to REP",
		metric{key: "p50_us", title: "p50", unit: micros, goals: map[string]goal{nameLibzmq: atMost(1)}},
		lat(count, func(k *kit) ends { return fogmqCurve(k, "lat", size, count) }),
		lat(count, func(k *kit) ends { return peerCurve(k, "lat", "echo", "ping", size, count) }),
	)
	s.metrics = append(s.metrics, metric{key: "p99_us", title: "p99", unit: micros, goals: map[string]goal{nameLibzmq: atMost(1)}})
	return s
}

// curveShakes count how many peers a second a server lets in, one after the
// other: the same client in C for both.
func curveShakes(count int) scene {
	client := func(k *kit) func(string) []string {
		return k.curve.peer(ends{connect: func(endpoint string) []string {
			return k.peer("shakes", strconv.Itoa(count), endpoint)
		}}).connect
	}
	return curveScene(
		"curve-handshakes", "connect, one message, close",
		metric{key: "shakes_per_s", unit: perSecond, goals: map[string]goal{nameLibzmq: atLeast(1)}},
		shakes(count, func(k *kit) ends { return ends{bind: k.curve.fogmq(fogmqLines(k, count)).bind, connect: client(k)} }),
		shakes(count, func(k *kit) ends { return ends{bind: k.curve.peer(peerLines(k, count)).bind, connect: client(k)} }),
	)
}

// shakes takes the figures of the end that connects, and makes sure that the
// message of each connection arrived.
func shakes(count int, pair func(*kit) ends) func(*turn) (sample, error) {
	return func(t *turn) (sample, error) {
		out, err := t.file()
		if err != nil {
			return nil, err
		}
		l, err := t.play(pair(t.kit), command{stdout: out}, command{})
		if err != nil {
			return nil, err
		}
		if err := sameSetAsNumbers(out, count); err != nil {
			return nil, err
		}
		return l.connect.figures(count)
	}
}

// curveScene has libzmq beside fogmq; all are in one table.
func curveScene(id, title string, m metric, fogmq, libzmq func(*turn) (sample, error)) scene {
	return scene{
		id:      id,
		group:   "With CURVE",
		title:   title,
		metrics: []metric{m},
		contestants: []contestant{
			{name: nameFogmq, needs: []tool{toolLibzmq, toolCurve}, run: fogmq},
			{name: nameLibzmq, needs: []tool{toolLibzmq, toolCurve}, run: libzmq},
		},
	}
}
