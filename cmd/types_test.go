package cmd

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Each type talks to those of libzmq that it may talk to, from either side, with
// its messages given as arguments or piped in.
func TestTypesWithLibzmq(t *testing.T) {
	t.Parallel()
	type messages = [][]string
	tests := []struct {
		line   string
		args   []string // the messages, as arguments
		stdin  string   // and as stdin
		kind   string   // of the peer
		option []string
		gets   messages // what the peer receives, before it
		sends  messages
		stdout string
	}{
		{"push", []string{"a", "b c"}, "a\nb c\n", "PULL", nil, messages{{"a"}, {"b c"}}, nil, ""},
		{"push -m", []string{"a", "", "c"}, "a\t\tc\n", "PULL", nil, messages{{"a", "", "c"}}, nil, ""},
		{"push -n 2", []string{"a", "b", "c"}, "a\nb\nc\n", "PULL", nil, messages{{"a"}, {"b"}}, nil, ""},
		{"pull -n 3", nil, "", "PUSH", nil, nil, messages{{"a"}, {"b", "", "c"}, {""}}, "a\nb\t\tc\n\n"},
		{"dealer -n 2", []string{"hello"}, "hello\n", "DEALER", nil, messages{{"hello"}}, messages{{"x"}, {"y", "z"}}, "x\ny\tz\n"},
		{"dealer -n 1 -m", []string{"", "hello"}, "\thello\n", "REP", nil, messages{{"hello"}}, messages{{"back"}}, "\tback\n"},
		{"dealer -n 1 --identity d1", []string{"hello"}, "hello\n", "ROUTER", nil,
			messages{{"d1", "hello"}}, messages{{"d1", "back"}}, "back\n"},
		{"pair -n 2", []string{"hello", "you"}, "hello\nyou\n", "PAIR", nil, messages{{"hello"}, {"you"}}, messages{{"x"}, {"y", ""}}, "x\ny\t\n"},
		{"xpub --wait-subscribers 1", []string{"a 1", "b 2", "a 3"}, "a 1\nb 2\na 3\n", "SUB", []string{"SUBSCRIBE=a"},
			messages{{"a 1"}, {"a 3"}}, nil, "+a\n"},
		{"xpub --wait-subscribers 1 -n 2 -t a", []string{"1", "2", "3"}, "1\n2\n3\n", "SUB", []string{"SUBSCRIBE=a"},
			messages{{"a 1"}, {"a 2"}}, nil, "+a\n"},
		{"xsub -n 2 -t a", nil, "", "XPUB", nil, messages{{"\x01a"}}, messages{{"a 1"}, {"b 2"}, {"a", "3"}}, "a 1\na\t3\n"},
		{"xsub -n 1", nil, "", "XPUB", nil, messages{{"\x01"}}, messages{{"any"}}, "any\n"},
	}
	for _, tt := range tests {
		for _, side := range []string{"bind", "connect"} {
			for _, piped := range []bool{false, true} {
				if piped && tt.stdin == "" {
					continue
				}
				t.Run(fmt.Sprintf("%s, %s, %s, piped %v", tt.line, tt.kind, side, piped), func(t *testing.T) {
					t.Parallel()
					endpoint := freeEndpoint(t)
					line := append(words(tt.line), "--"+side, endpoint)
					var p *process
					if piped {
						p = fogmqFrom(t, strings.NewReader(tt.stdin), line...)
					} else {
						p = fogmq(t, append(line, tt.args...)...)
					}
					peer := newStation(t, tt.kind, otherSide(side), endpoint, tt.option...)
					peer.gets(tt.gets...)
					for _, frames := range tt.sends {
						peer.sends(frames...)
					}
					if got := p.succeed(); got != tt.stdout {
						t.Errorf("it printed %q, want %q", got, tt.stdout)
					}
					if tt.kind != "XPUB" { // which is told of the end
						peer.gets(tt.gets...)
					}
				})
			}
		}
	}
}

// An XSUB talks to a plain PUB, which tells nobody who subscribed.
func TestXSubWithPub(t *testing.T) {
	t.Parallel()
	for _, side := range []string{"bind", "connect"} {
		endpoint := freeEndpoint(t)
		pub := newStation(t, "PUB", otherSide(side), endpoint)
		xsub := fogmq(t, "xsub", "--"+side, endpoint, "-t", "a", "-n", "1")
		again := time.NewTicker(10 * time.Millisecond)
		defer again.Stop()
		for ended := false; !ended; {
			select {
			case <-again.C:
				pub.sends("b 1")
				pub.sends("a 2")
			case <-xsub.ended:
				ended = true
			}
		}
		if got := xsub.succeed(); got != "a 2\n" {
			t.Errorf("%s: it printed %q", side, got)
		}
	}
}

func TestTypesTimeOut(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"pull -W 0.1", "xsub -W .1",
		"dealer -W 100ms hello", "pair -W .1 hello", "router -W .1 id hello"} {
		for _, side := range []string{"-b", "-c"} {
			t.Run(line+" "+side, func(t *testing.T) {
				t.Parallel()
				p := fogmq(t, append(words(line), side, freeEndpoint(t))...)
				p.wantEndLike(124, `^(fogmq: 1 message was not sent: no peer took it\n)?fogmq: no message within 100ms\n$`)
			})
		}
	}
}

func TestCtrlCEndsEveryType(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"pull -b %s", "pull -c %s", "xsub -b %s", "xsub -c %s", "push -b %s", "push -c %s",
		"dealer -b %s", "dealer -c %s", "pair -b %s", "pair -c %s", "router -b %s", "router -c %s",
		"xpub -b %s", "xpub -c %s", "xpub --wait-subscribers 1 -b %s",
		"proxy forwarder --frontend %s --backend 127.0.0.1:0 -q",
		"proxy queue --frontend %s --backend 127.0.0.1:0 -q",
		"proxy streamer --frontend >%s --backend 127.0.0.1:0 -q",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			p, _ := fogmqTyped(t, words(fmt.Sprintf(line, endpoint))...)
			side := "bind"
			if strings.Contains(line, "-c") || strings.Contains(line, ">") {
				side = "connect"
			}
			awaitStarted(t, side, endpoint)
			p.signal(syscall.SIGINT)
			p.wantEnd(130, "")
		})
	}
}

// The end of stdin does not end a command that receives: the reply comes later.
func TestEndOfStdinDoesNotEndReceiving(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"dealer -n 2 -W 20", "pair -n 2 -W 20"} {
		endpoint := freeEndpoint(t)
		p, typing := fogmqTyped(t, append(words(line), "-b", endpoint)...)
		peer := newStation(t, strings.ToUpper(words(line)[0]), "connect", endpoint)
		types(t, typing, "hello")
		typing.Close()
		peer.gets([]string{"hello"})
		peer.sends("one")
		p.says("one")
		peer.sends("two")
		if got := p.succeed(); got != "one\ntwo\n" {
			t.Errorf("%s printed %q", line, got)
		}
	}
}

// Routing ids are text where they are printable, else hex, and are read back as
// they are printed.
func TestRouterIDs(t *testing.T) {
	t.Parallel()
	tests := []struct{ option, shown string }{
		{"IDENTITY=d1", "d1"},
		{"IDENTITY=名前", "名前"},
		{"IDENTITY=two words", "two words"},
		{"IDENTITY=0x01ff", "0x01ff"},
		{"IDENTITY=0x30786162", "0x30786162"}, // the text 0xab
		{"IDENTITY=0x610962", "0x610962"},     // a TAB inside
		{"SNDHWM=1000", `0x00[0-9a-f]{8}`},    // none: it is made up
	}
	for _, side := range []string{"bind", "connect"} {
		t.Run(side, func(t *testing.T) {
			t.Parallel()
			for _, tt := range tests {
				endpoint := freeEndpoint(t)
				router, typing := fogmqTyped(t, "router", "--"+side, endpoint, "--mandatory")
				peer := newStation(t, "DEALER", otherSide(side), endpoint, tt.option)
				peer.sends("hi", "there")
				id := router.saysLike(`^(` + tt.shown + `)\thi\tthere\n`)[1]
				types(t, typing, id+"\tback", id+"\t\tagain")
				peer.gets([]string{"back"}, []string{"", "again"})
				router.isWell()
			}
		})
	}
}

// A REQ asks, and gets what is typed.
func TestRouterAnswersReq(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	router, typing := fogmqTyped(t, "router", "-b", endpoint)
	for _, id := range []string{"one", "two"} {
		peer := newStation(t, "REQ", "connect", endpoint, "IDENTITY="+id)
		peer.sends("what")
		router.says(id + "\t\twhat")
		types(t, typing, id+"\t\tthat")
		peer.gets([]string{"that"})
	}
	req := fogmq(t, "req", "-c", endpoint, "--identity", "three", "how")
	router.says("three\t\thow")
	types(t, typing, "three\t\tso")
	if got := req.succeed(); got != "so\n" {
		t.Errorf("req printed %q", got)
	}
}

// What a ROUTER can't send is told in one line, and nothing else is lost.
func TestRouterBadRecords(t *testing.T) {
	t.Parallel()
	const unknown, bare = `no peer has this routing id: "nobody"`, "a ROUTER message begins with a routing id frame and has at least one more"
	tests := []struct {
		name, flags, bad string
		status           int // -1: it goes on
		stderr           string
	}{
		{"unknown id", "", "nobody\tx", -1, ""},
		{"unknown id, mandatory", "--mandatory", "nobody\tx", 1, "fogmq: record 2: " + unknown + "\n"},
		{"unknown id, passed over", "--mandatory --skip-bad", "nobody\tx", -1, "fogmq: record 2: " + unknown + " (passed over)\n"},
		{"no id", "", "lonely", 1, "fogmq: record 2: " + bare + "\n"},
		{"no id, passed over", "--skip-bad", "lonely", -1, "fogmq: record 2: " + bare + " (passed over)\n"},
		{"bad hex", "--skip-bad", "0xabc\tx", -1, `fogmq: record 2: .*0xabc.*hex digits \(passed over\)\n`},
		{"bad hex ends it", "", "0xabc\tx", 1, `fogmq: record 2: .*0xabc.*hex digits\n`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			router, typing := fogmqTyped(t, append(words("router -n 2 -b "+endpoint), words(tt.flags)...)...)
			peer := newStation(t, "DEALER", "connect", endpoint, "IDENTITY=d1")
			peer.sends("hi")
			router.says("d1\thi")
			types(t, typing, "d1\tone", tt.bad, "d1\ttwo")
			pattern := "^" + tt.stderr + "$"
			if !strings.Contains(pattern, ".*") {
				pattern = "^" + regexp.QuoteMeta(tt.stderr) + "$"
			}
			if tt.status >= 0 {
				router.wantEndLike(tt.status, pattern)
				peer.gets([]string{"one"})
				return
			}
			peer.gets([]string{"one"}, []string{"two"})
			peer.sends("bye")
			router.wantEndLike(0, pattern)
			if got := router.out.text(); got != "d1\thi\nd1\tbye\n" {
				t.Errorf("it printed %q", got)
			}
		})
	}
}

// Two ROUTERs with set ids talk to each other.
func TestRouterToRouter(t *testing.T) {
	t.Parallel()
	for _, side := range []string{"bind", "connect"} {
		endpoint := freeEndpoint(t)
		router, typing := fogmqTyped(t, "router", "--"+side, endpoint, "--identity", "r1", "-n", "1", "-v")
		peer := newStation(t, "ROUTER", otherSide(side), endpoint, "IDENTITY=s1")
		router.meets(1)
		types(t, typing, "s1\thello")
		peer.gets([]string{"r1", "hello"})
		peer.sends("r1", "back")
		if router.status() != 0 || router.out.text() != "s1\tback\n" {
			t.Errorf("it printed %q", router.out.text())
		}
	}
}

// Who comes with an id that is taken is turned away, and told of once; with
// --handover it gets the id.
func TestRouterTakenID(t *testing.T) {
	t.Parallel()
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		endpoint := freeEndpoint(t)
		router, typing := fogmqTyped(t, "router", "-b", endpoint)
		first := newStation(t, "DEALER", "connect", endpoint, "IDENTITY=x")
		first.sends("one")
		router.says("x\tone")
		second := newStation(t, "DEALER", "connect", endpoint, "IDENTITY=x")
		second.joins(3) // it tries again and again
		types(t, typing, "x\tback")
		first.gets([]string{"back"})
		first.sends("two")
		router.says("x\ttwo")
		router.warns(`^fogmq: .*"x".*another peer's.*\n$`)
		first.kill()
		second.sends("three")
		router.says("x\tthree")
	})
	t.Run("handover", func(t *testing.T) {
		t.Parallel()
		endpoint := freeEndpoint(t)
		router, typing := fogmqTyped(t, "router", "-b", endpoint, "--handover")
		awaitListener(t, endpoint) // who finds nobody there comes again in a minute only
		first := newStation(t, "DEALER", "connect", endpoint, "IDENTITY=x", "RECONNECT_IVL=60000")
		first.sends("one")
		router.says("x\tone")
		second := newStation(t, "DEALER", "connect", endpoint, "IDENTITY=x")
		second.sends("two")
		router.says("x\ttwo")
		types(t, typing, "x\tback")
		second.gets([]string{"back"})
		router.isWell()
	})
}

// A PAIR has one peer. A second is turned away, which is told once, until the
// first has gone.
func TestPairIsExclusive(t *testing.T) {
	t.Parallel()
	endpoint := freeEndpoint(t)
	pair, typing := fogmqTyped(t, "pair", "-b", endpoint)
	first := newStation(t, "PAIR", "connect", endpoint)
	first.sends("one")
	pair.says("one")
	second := newStation(t, "PAIR", "connect", endpoint)
	second.joins(3)
	types(t, typing, "to the first")
	first.gets([]string{"to the first"})
	first.sends("two")
	pair.says("two")
	pair.warns(`^fogmq: tcp://` + endpoint + ` \(.*\): a PAIR socket has one peer.*\n$`)
	if len(second.received()) > 0 {
		t.Errorf("the second received %q", second.received())
	}
	first.kill()
	second.sends("three")
	pair.says("three")
	types(t, typing, "to the second")
	second.gets([]string{"to the second"})
	if lines := pair.err.lines(); len(lines) != 1 {
		t.Errorf("stderr is %q", lines)
	}
}

// An XPUB prints subscriptions, and what in them could harm a terminal escaped.
func TestXPubPrintsSubscriptions(t *testing.T) {
	t.Parallel()
	for _, verbose := range []bool{false, true} {
		endpoint := freeEndpoint(t)
		line := words("xpub -b " + endpoint)
		if verbose {
			line = append(line, "--verbose-subscriptions")
		}
		xpub, _ := fogmqTyped(t, line...)
		first := newStation(t, "SUB", "connect", endpoint, "SUBSCRIBE=a", "SUBSCRIBE=0x621b5b324a0a")
		xpub.says(`+b\x1b[2J\n`)
		second := newStation(t, "SUB", "connect", endpoint, "SUBSCRIBE=a", "SUBSCRIBE=c")
		xpub.says("+c")
		want := []string{"+a", `+b\x1b[2J\n`, "+c"}
		if verbose {
			want = []string{"+a", `+b\x1b[2J\n`, "+a", "+c"}
		}
		first.kill()
		xpub.says(`-b\x1b[2J\n`)
		second.kill()
		xpub.says("-c")
		if verbose {
			want = append(want, "-a", `-b\x1b[2J\n`, "-a", "-c")
		} else {
			want = append(want, `-b\x1b[2J\n`, "-a", "-c")
		}
		if got := xpub.out.text(); got != linesOf(want...) {
			t.Errorf("verbose %v: it printed %q, want %q", verbose, got, want)
		}
	}
}

// Nobody misses a message of an XPUB that waits for all of them.
func TestXPubWaitsForSubscribers(t *testing.T) {
	t.Parallel()
	for _, side := range []string{"bind", "connect"} {
		endpoint, other := freeEndpoint(t), freeEndpoint(t)
		line := words("xpub --wait-subscribers 2 --" + side + " " + endpoint + " --" + side + " " + other)
		xpub := fogmqFrom(t, strings.NewReader(linesOf(numbered(1, 500)...)), line...)
		sub := newStation(t, "SUB", otherSide(side), endpoint, "SUBSCRIBE=")
		xsub := fogmq(t, "xsub", "--"+otherSide(side), other, "-n", "500")
		if got := xsub.succeed(); got != linesOf(numbered(1, 500)...) {
			t.Errorf("xsub printed %d bytes", len(got))
		}
		sub.waitFor(500)
		xpub.succeed()
	}
}

// A codec that can't take a message ends a command that prints, or is passed over.
func TestTypesCodecErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		line, kind, stdout string
		status             int
		stderr             string
	}{
		{"pull --codec int:4:big", "PUSH", "", 1, `^fogmq: (message|record) 1: .*\n$`},
		{"pull --codec int:4:big --skip-bad -n 1", "PUSH", "7\n", 0, `^fogmq: (message|record) 1: .*passed over.*\n$`},
		{"pair --codec int:4:big 1", "PAIR", "", 1, `^fogmq: (message|record) 1: .*\n$`},
		{"dealer --codec int:4:big --skip-bad -n 1 1", "DEALER", "7\n", 0, `^fogmq: (message|record) 1: .*passed over.*\n$`},
	} {
		t.Run(tt.line, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			p := fogmq(t, append(words(tt.line), "-b", endpoint)...)
			peer := newStation(t, tt.kind, "connect", endpoint)
			peer.sends("x")
			peer.sends("\x00\x00\x00\x07")
			p.wantEndLike(tt.status, tt.stderr)
			if got := p.out.text(); got != tt.stdout {
				t.Errorf("it printed %q, want %q", got, tt.stdout)
			}
		})
	}
}

// A closed stdout ends those that print too, as SIGPIPE does.
func TestTypesWithClosedStdout(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ line, kind string }{
		{"pull", "PUSH"}, {"pair hello", "PAIR"}, {"dealer hello", "DEALER"}, {"pull -x cat", "PUSH"}, {"dealer hello -x cat", "DEALER"},
	} {
		t.Run(tt.line, func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			r.Close()
			p := launchTo(t, w, "fogmq", append(words(tt.line), "-b", endpoint)...)
			newStation(t, tt.kind, "connect", endpoint).sends("x")
			p.wantEnd(141, "")
		})
	}
}
