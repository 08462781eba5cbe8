package cmd

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// powerOff has the machine at the far end of a link gone without a word: its
// process dies, and nothing of it, not even the kernel's own FIN or RST, comes
// through. powerOn has its network back, without the process.
func (l *link) powerOff(p *process) {
	l.t.Helper()
	l.must("-n", l.far, "link", "set", l.farDevice, "down")
	p.kill()
}

func (l *link) powerOn() {
	l.t.Helper()
	l.must("-n", l.far, "link", "set", l.farDevice, "up")
}

// lowerRetries has the kernel at the near end give a connection up sooner than
// after the quarter of an hour that is Linux's default.
func (l *link) lowerRetries() {
	l.t.Helper()
	l.must("netns", "exec", l.near, "sh", "-c", "echo 3 >/proc/sys/net/ipv4/tcp_retries2")
}

// A puller whose machine loses its power is found out by heartbeats, whichever
// side connects; what is pushed from then on goes to the one that comes.
func TestPowerOffOfAPull(t *testing.T) {
	t.Parallel()
	for _, connects := range []string{"push", "pull"} {
		t.Run(connects+" connects", func(t *testing.T) {
			t.Parallel()
			l := newLink(t)
			near, far := "-c "+farAddress+":5557", "-b "+farAddress+":5557"
			if connects == "pull" {
				near, far = "-b "+nearAddress+":5557", "-c "+nearAddress+":5557"
			}
			push := l.start(l.near, words("push -v --heartbeat 500ms --source number --channels 1 -i 50ms "+near)...)
			pull := l.start(l.far, words("pull "+far)...)
			pull.says("1 5")
			l.powerOff(pull)
			push.warns(`DISCONNECTED .*silent for`)
			l.powerOn()
			again := l.start(l.far, words("pull "+far)...)
			push.meets(2)
			first := again.news(5)
			for i := range first[1:] {
				if numberBehind(t, first[i+1]) != numberBehind(t, first[i])+1 {
					t.Errorf("%q", first)
				}
			}
		})
	}
}

// numberBehind reads N of "1 N".
func numberBehind(t *testing.T, line string) (n int) {
	t.Helper()
	if _, err := fmt.Sscanf(line, "1 %d", &n); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return n
}

// A subscriber that connected hears the publisher that comes after one whose
// machine lost its power; a publisher that bound forgets such a subscriber.
func TestPowerOffOfAPubAndOfASub(t *testing.T) {
	t.Parallel()
	for _, dies := range []string{"pub", "sub"} {
		t.Run(dies, func(t *testing.T) {
			t.Parallel()
			l := newLink(t)
			feed := words("pub --source number --channels 1 -i 50ms")
			beat := words("-v --heartbeat 500ms")
			if dies == "pub" {
				sub := l.start(l.near, append(words("sub -c "+farAddress+":5557"), beat...)...)
				pub := l.start(l.far, append(feed, "-b", farAddress+":5557")...)
				sub.says("1 5")
				l.powerOff(pub)
				sub.warns(`DISCONNECTED .*silent for`)
				l.powerOn()
				l.start(l.far, append(feed, "-b", farAddress+":5557")...)
				sub.meets(2)
				sub.news(5)
				return
			}
			pub := l.start(l.near, append(append(feed, "-b", nearAddress+":5557"), beat...)...)
			sub := l.start(l.far, words("sub -c "+nearAddress+":5557")...)
			sub.news(5)
			l.powerOff(sub)
			pub.warns(`DISCONNECTED .*silent for`)
			l.powerOn()
			again := l.start(l.far, words("sub -c "+nearAddress+":5557")...)
			again.news(5)
		})
	}
}

// Without heartbeats it is the kernel that gives up what nobody acknowledges;
// what was not written by then goes to the one that comes.
func TestPowerOffWithoutHeartbeats(t *testing.T) {
	t.Parallel()
	l := newLink(t)
	l.lowerRetries()
	push := l.start(l.near, words("push -v --source number --channels 1 -i 50ms -c "+farAddress+":5557")...)
	pull := l.start(l.far, words("pull -b "+farAddress+":5557")...)
	pull.says("1 5")
	l.powerOff(pull)
	push.warns(`DISCONNECTED .*(timed out|no route to host|network is unreachable)`)
	l.powerOn()
	again := l.start(l.far, words("pull -b "+farAddress+":5557")...)
	push.meets(2)
	again.news(5)
}

// A link that is down for a while and no more costs a subscriber nothing either,
// without heartbeats; with them it is dropped, and comes back by itself.
func TestLinkDownUnderASubscriber(t *testing.T) {
	t.Parallel()
	for _, beat := range []string{"", "--heartbeat 500ms"} {
		t.Run(strings.TrimSpace("sub "+beat), func(t *testing.T) {
			t.Parallel()
			l := newLink(t)
			sub := l.start(l.far, words("sub -v -c "+nearAddress+":5557 "+beat)...)
			l.start(l.near, words("pub --source number --channels 1 -i 20ms -b "+nearAddress+":5557")...)
			sub.news(5)
			l.set("down")
			if beat == "" {
				<-time.After(outage) // the test watches a clock, as the one above
			} else {
				sub.warns(`DISCONNECTED .*silent for`)
			}
			before := len(sub.out.lines())
			l.set("up")
			if beat != "" {
				sub.meets(2)
			}
			sub.await(sub.out, "news", func(string) bool { return len(sub.out.lines()) >= before+50 })
			if beat != "" {
				return
			}
			lines := sub.out.lines()
			for i := range lines[1:] {
				if numberBehind(t, lines[i+1]) != numberBehind(t, lines[i])+1 {
					t.Fatalf("%q follows %q", lines[i+1], lines[i])
				}
			}
		})
	}
}
