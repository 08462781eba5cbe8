package main

// bigMessage is in bytes, and much more than all that a process has besides.
const bigMessage = 256 << 20

// bigScene sends one message, and gives the memory of its ends in sizes of it.
func bigScene() scene {
	return scene{
		id:    "memory-big",
		group: memoryGroup,
		title: "a message of " + byteSize(bigMessage) + ", its size",
		metrics: []metric{
			{key: "pull", title: "most of pull", unit: times, limit: atMost(2)},
			{key: "push", title: "most of push", unit: times},
		},
		contestants: []contestant{
			bigContestant(nameFogmq, fogmqLines, func(k *kit, file, endpoint string) []string {
				return k.fogmq("push", "-c", endpoint, "-f", file)
			}, toolProc),
			bigContestant(nameLibzmq, peerLines, func(k *kit, file, endpoint string) []string {
				return k.peer("line", "push", "-f", file, endpoint)
			}, toolLibzmq, toolProc),
		},
	}
}

func bigContestant(name string, kind func(*kit, int) ends, push func(k *kit, file, endpoint string) []string, needs ...tool) contestant {
	both := func(t *turn) (ends, string, error) {
		file, err := t.big(bigMessage)
		e := kind(t.kit, 1)
		e.connect = func(endpoint string) []string { return push(t.kit, file, endpoint) }
		return e, file, err
	}
	return contestant{
		name:  name,
		needs: needs,
		check: func(t *turn) error {
			e, file, err := both(t)
			if err != nil {
				return err
			}
			out, err := t.file()
			if err != nil {
				return err
			}
			if _, err := t.play(e, command{stdout: out}, command{}); err != nil {
				return err
			}
			return sameAsFile(out, file, "\n")
		},
		run: func(t *turn) (sample, error) {
			e, _, err := both(t)
			if err != nil {
				return nil, err
			}
			s, err := t.peaks(e, nil)
			for key := range s {
				s[key] /= bigMessage
			}
			return s, err
		},
	}
}
