package cmd

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// A publisher that is killed and comes back goes on being heard by its
// subscribers, who say nothing of it.
func TestKilledPublisherComesBack(t *testing.T) {
	t.Parallel()
	for _, c := range casts {
		for _, side := range []string{"bind", "connect"} {
			t.Run(c.first.name+"_pub_that_"+side+"s,_"+c.second.name+"_sub", func(t *testing.T) {
				t.Parallel()
				endpoint := freeEndpoint(t)
				sub := c.second.subscribe(t, otherSide(side), endpoint, "2")
				pub := c.first.publish(t, side, endpoint, "number")
				firstLines(sub, 3)
				pub.kill()
				heard := len(sub.out.lines())
				pub = c.first.publish(t, side, endpoint, "alphabet")
				sub.saysLike(`(?m)^Ch 2 -> [A-Z] received$`)
				lines := sub.news(3)
				for _, line := range lines {
					if !regexp.MustCompile(`^Ch 2 -> [A-Z] received$`).MatchString(line) {
						t.Errorf("after %d lines: %q", heard, line)
					}
				}
				pub.isWell()
				sub.isWell()
			})
		}
	}
}

func otherSide(side string) string {
	if side == "bind" {
		return "connect"
	}
	return "bind"
}

// A subscriber that is killed and comes back hears its publisher again; one
// that was not killed hears no gap; the publisher says nothing of it.
func TestKilledSubscriberComesBack(t *testing.T) {
	t.Parallel()
	for _, c := range casts {
		for _, side := range []string{"bind", "connect"} {
			t.Run(c.first.name+"_pub_that_"+side+"s,_"+c.second.name+"_sub", func(t *testing.T) {
				t.Parallel()
				endpoint := freeEndpoint(t)
				pub := c.first.publish(t, side, endpoint, "number")
				sub := c.second.subscribe(t, otherSide(side), endpoint, "2")
				var other *process
				if side == "bind" {
					other = c.second.subscribe(t, "connect", endpoint, "3")
					firstLines(other, 1)
				}
				firstLines(sub, 3)
				sub.kill()
				sub = c.second.subscribe(t, otherSide(side), endpoint, "2")
				wantMultiples(t, 2, firstLines(sub, 5))
				if other != nil {
					other.news(3)
					wantMultiples(t, 3, other.out.lines())
					other.isWell()
				}
				sub.isWell()
				pub.isWell()
			})
		}
	}
}

// A requester that is killed while it waits leaves a rep that serves the next.
func TestKilledRequesterComesBack(t *testing.T) {
	t.Parallel()
	for _, c := range []maker{ours, theirs} {
		for _, side := range []string{"bind", "connect"} {
			t.Run(c.name+"_req_that_"+side+"s", func(t *testing.T) {
				t.Parallel()
				endpoint := freeEndpoint(t)
				rep := fogmq(t, "rep", "--"+otherSide(side), endpoint, "--add", "1", "--delay", "0.5", "-F", "pretty")
				req := c.request(t, side, endpoint)
				rep.says(" [2 1 0]] received")
				req.kill()
				req = c.request(t, side, endpoint)
				if got, want := req.succeed(), requestLines+"sent\n"+replyLines+"received\n"; got != want {
					t.Errorf("the second req printed %q, want %q", got, want)
				}
				rep.isWell()
			})
		}
	}
}

// A replier that is killed with a request in its hands: the request goes to the
// next that comes.
func TestKilledReplierComesBack(t *testing.T) {
	t.Parallel()
	for _, theirReplier := range []bool{false, true} {
		for _, side := range []string{"bind", "connect"} {
			t.Run(fmt.Sprintf("python %v, req that %ss", theirReplier, side), func(t *testing.T) {
				t.Parallel()
				endpoint := freeEndpoint(t)
				req := fogmq(t, "req", "--"+side, endpoint, "--multipart", "-F", "pretty", "-q")
				var rep *process
				if theirReplier {
					needNumPy(t)
					rep = python(t, "replier.py", otherSide(side), "tcp://"+endpoint, "60")
				} else {
					rep = fogmq(t, "rep", "--"+otherSide(side), endpoint, "--add", "1", "--delay", "60", "-F", "pretty")
				}
				rep.says(" [2 1 0]] received")
				rep.kill()
				if theirReplier {
					rep = theirs.reply(t, otherSide(side), endpoint)
				} else {
					rep = ours.reply(t, otherSide(side), endpoint)
				}
				if got, want := req.succeed(), requestLines+"sent\n"+replyLines+"received\n"; got != want {
					t.Errorf("req printed %q, want %q", got, want)
				}
				if got, want := rep.succeed(), requestLines+"received\n"+replyLines+"sent\n"; got != want {
					t.Errorf("the second rep printed %q, want %q", got, want)
				}
			})
		}
	}
}

// Requests follow each other over the death of a replier that owed nothing.
func TestReplierRestartedBetweenRequests(t *testing.T) {
	t.Parallel()
	for _, side := range []string{"bind", "connect"} {
		t.Run("req_that_"+side+"s", func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			// -q: where the request goes out before the death is known, it is sent again.
			req, typing := fogmqTyped(t, "req", "--"+side, endpoint, "-q")
			var want strings.Builder
			for i := range 3 {
				reply := fmt.Sprintf("reply %d", i)
				rep := fogmq(t, "rep", "--"+otherSide(side), endpoint, "--reply", reply)
				fmt.Fprintf(typing, "request %d\n", i)
				req.says(reply)
				rep.kill()
				fmt.Fprintln(&want, reply)
			}
			typing.Close()
			if got := req.succeed(); got != want.String() {
				t.Errorf("req printed %q", got)
			}
		})
	}
}
