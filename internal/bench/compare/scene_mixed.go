package main

import "strconv"

// mixedScenes measure as thrScenes do, with fogmq at one end only: what each end
// is good for, by the same clock or under the same load as libzmq's.
func mixedScenes(o options) []scene {
	var scenes []scene
	for _, s := range []struct{ size, count int }{{64, 4_000_000}, {64 << 10, 40_000}} {
		scenes = append(scenes, mixed(s.size, o.scaled(s.count))...)
	}
	return scenes
}

func mixed(size, count int) []scene {
	own := func(k *kit) ends { return fogmqBench(k, "thr", size, count) }
	peers := func(k *kit) ends { return peerPair(k, "thr", "recv", "send", size, count) }
	one := func(id, title string, bind, connect func(*kit) ends) scene {
		both := func(k *kit) ends { return ends{bind: bind(k).bind, connect: connect(k).connect} }
		return scene{
			id:      id + "-" + strconv.Itoa(size),
			group:   "Throughput, libzmq at the other end",
			title:   byteSize(size) + ", " + title,
			metrics: []metric{{key: "msgs_per_s", unit: messages(size)}},
			contestants: []contestant{
				{name: nameFogmq, needs: []tool{toolLibzmq}, run: thr(count, both)},
				{name: nameLibzmq, needs: []tool{toolLibzmq}, run: thr(count, peers)},
			},
		}
	}
	return []scene{
		one("mixed-push", "PUSH to libzmq's PULL", peers, own),
		one("mixed-pull", "libzmq's PUSH to PULL", own, peers),
	}
}
