package cmd

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// A cast says who plays which side of a scene.
type cast struct{ first, second maker }

// casts leave out pyzmq against pyzmq.
var casts = []cast{{ours, ours}, {ours, theirs}, {theirs, ours}}

// playAll runs a scene with every cast, with either node bound, in both start
// orders. The scene calls start with its two nodes; start begins them in the
// order of the run, the second one when the first is at work.
func playAll(t *testing.T, names [2]string, scene func(t *testing.T, c cast, sides [2]string, endpoint string, start func(first, second func()))) {
	for _, c := range casts {
		for bound := range 2 {
			for earlier := range 2 {
				name := fmt.Sprintf("%s %s, %s %s, %s bound, %s first",
					c.first.name, names[0], c.second.name, names[1], names[bound], names[earlier])
				t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
					t.Parallel()
					sides := [2]string{"connect", "connect"}
					sides[bound] = "bind"
					endpoint := freeEndpoint(t)
					scene(t, c, sides, endpoint, func(first, second func()) {
						if earlier == 1 {
							first, second = second, first
						}
						first()
						awaitStarted(t, sides[earlier], endpoint)
						second()
					})
				})
			}
		}
	}
}

// Scene 1, and turned round: one publisher, two subscribers to a channel each.
// A second subscriber that binds needs a second endpoint, so it is left out
// there.
func TestSceneOnePublisherManySubscribers(t *testing.T) {
	t.Parallel()
	playAll(t, [2]string{"pub", "sub"}, func(t *testing.T, c cast, sides [2]string, endpoint string, start func(_, _ func())) {
		var pub *process
		subs := make(map[int]*process)
		start(func() {
			pub = c.first.publish(t, sides[0], endpoint, "number")
			pub.says("Ch 3 <- 3 sent")
		}, func() {
			subs[2] = c.second.subscribe(t, sides[1], endpoint, "2")
			if sides[1] == "connect" {
				subs[3] = c.second.subscribe(t, sides[1], endpoint, "3")
			}
		})
		for ch, sub := range subs {
			wantMultiples(t, ch, firstLines(sub, 5))
			sub.isWell()
		}
		pub.isWell()
	})
}

// wantMultiples checks that lines are those of a subscriber that hears channel
// ch of the feed number, with no gap after the first.
func wantMultiples(t *testing.T, ch int, lines []string) {
	t.Helper()
	var first int
	if _, err := fmt.Sscanf(lines[0], fmt.Sprintf("Ch %d -> %%d received", ch), &first); err != nil || first%ch != 0 {
		t.Fatalf("first line on channel %d: %q", ch, lines[0])
	}
	for i, line := range lines {
		if want := fmt.Sprintf("Ch %d -> %d received", ch, first+i*ch); line != want {
			t.Fatalf("line %d is %q, want %q", i+1, line, want)
		}
	}
}

// Scene 2: publishers of numbers and of letters connect to one subscriber.
func TestSceneFanIn(t *testing.T) {
	t.Parallel()
	for _, c := range casts {
		t.Run(c.first.name+"_pubs,_"+c.second.name+"_sub", func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			numbers := c.first.publish(t, "connect", endpoint, "number")
			awaitDialler(t, endpoint)
			sub := c.second.subscribe(t, "bind", endpoint, "2")
			sub.saysLike(`(?m)^Ch 2 -> \d+ received$`)
			letters := c.first.publish(t, "connect", endpoint, "alphabet")
			sub.saysLike(`(?m)^Ch 2 -> [A-Z] received$`)
			fanned := sub.news(60)
			fanned = fanned[:len(fanned):len(fanned)]
			var heard, spelt []string
			for _, line := range fanned {
				if value := strings.Fields(line)[3]; value >= "A" {
					spelt = append(spelt, value)
				} else {
					heard = append(heard, line)
				}
			}
			wantMultiples(t, 2, heard)
			wantLetters(t, spelt)
			for _, p := range []*process{numbers, letters, sub} {
				p.isWell()
			}
		})
	}
}

func wantLetters(t *testing.T, values []string) {
	t.Helper()
	if len(values) < 10 {
		t.Fatalf("few letters: %q", values)
	}
	for i, value := range values {
		if want := string('A' + (values[0][0]-'A'+byte(i))%26); value != want {
			t.Fatalf("letter %d is %s, want %s: %q", i+1, value, want, values)
		}
	}
}

// What the article prints in its scene 3.
const (
	requestLines = "Request:\n[[0 1 2]\n [2 1 0]] "
	replyLines   = "Reply:\n[[1 2 3]\n [3 2 1]] "
)

// Scene 3: an array goes out as dtype, shape and data and comes back plus one.
func TestSceneArrayPlusOne(t *testing.T) {
	t.Parallel()
	playAll(t, [2]string{"req", "rep"}, func(t *testing.T, c cast, sides [2]string, endpoint string, start func(_, _ func())) {
		var req, rep *process
		start(func() { req = c.first.request(t, sides[0], endpoint) },
			func() { rep = c.second.reply(t, sides[1], endpoint) })
		if got, want := req.succeed(), requestLines+"sent\n"+replyLines+"received\n"; got != want {
			t.Errorf("req printed %q, want %q", got, want)
		}
		if got, want := rep.succeed(), requestLines+"received\n"+replyLines+"sent\n"; got != want {
			t.Errorf("rep printed %q, want %q", got, want)
		}
	})
}

// Each message arrives as it was typed, whatever the language.
func TestUTF8(t *testing.T) {
	t.Parallel()
	const text = "1 日本語メッセージ"
	endpoint := freeEndpoint(t)
	sub := fogmq(t, "sub", "--bind", endpoint, "-n", "1")
	fogmq(t, "pub", "-c", endpoint, "--wait-subscribers", "1", text).succeed()
	if got := sub.succeed(); got != text+"\n" {
		t.Errorf("fogmq got %q", got)
	}
	endpoint = freeEndpoint(t)
	peer := python(t, "subscriber.py", "bind", "tcp://"+endpoint, "1")
	fogmq(t, "pub", "-c", endpoint, "--wait-subscribers", "1", text).succeed()
	peer.says("Ch 1 -> 日本語メッセージ received")
}

// Without a wait a publisher's first messages are lost on who comes late; with
// it they are not, however many subscribers it waits for.
func TestSlowJoinersAreWaitedFor(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	const count = 500
	var input strings.Builder
	for i := range count {
		input.WriteString("2 " + strconv.Itoa(i) + "\n")
	}
	pub := fogmqFrom(t, strings.NewReader(input.String()), "pub", "-b", endpoint, "--wait-subscribers", "3")
	awaitListener(t, endpoint)
	peer := python(t, "subscriber.py", "connect", "tcp://"+endpoint, "2")
	subs := []*process{
		fogmq(t, "sub", "-c", endpoint, "-n", strconv.Itoa(count)),
		fogmq(t, "sub", "-c", endpoint, "-t", "2 ", "-n", strconv.Itoa(count)),
	}
	for _, sub := range subs {
		if got := sub.succeed(); got != input.String() {
			t.Errorf("a sub got %d bytes of %d", len(got), input.Len())
		}
	}
	lines := firstLines(peer, count)
	if first, last := lines[0], lines[count-1]; first != "Ch 2 -> 0 received" || last != "Ch 2 -> 499 received" {
		t.Errorf("libzmq got from %q to %q", first, last)
	}
	pub.succeed()
}
