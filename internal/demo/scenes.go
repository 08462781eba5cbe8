package demo

import (
	"fmt"
	"regexp"
)

// A scene is one of the article's, told in a heading and played on a stage.
type scene struct {
	name    string
	heading []string // a sentence or two on what is to be seen, in lines
	play    func(*stage) error
}

var scenes = []scene{
	{"pubsub", []string{
		"one publisher, and two subscribers that get one channel each.",
		"The publisher stops and comes back: the subscribers carry on, and miss what was sent without them.",
	}, playPubSub},
	{"fanin", []string{
		"the other way round, two publishers connect to one subscriber that binds.",
		"It gets channel 2 of both, the numbers and the letters together.",
	}, playFanIn},
	{"reqrep", []string{
		"a request carries an array, as the three frames dtype, shape and data.",
		"A worker that connects adds 1 to each element and replies a second later.",
	}, playReqRep},
}

// enough is how many messages a subscriber shows before a scene goes on.
const enough = 3

func playPubSub(st *stage) error {
	publish := []string{"pub", "--bind", st.endpoint(), "--source", "number", "-i", "0.4", "-F", "pretty"}
	pub, err := st.start("pub", publish...)
	if err != nil {
		return err
	}
	var subs []*node
	for _, topic := range []string{"2", "3"} {
		sub, err := st.start("sub "+topic, "sub", "--connect", st.endpoint(), "--topic", topic, "-F", "pretty")
		if err != nil {
			return err
		}
		subs = append(subs, sub)
	}
	if err := st.showMore(enough, subs...); err != nil {
		return err
	}
	if err := st.stop(pub); err != nil {
		return err
	}
	if _, err := st.start("pub", publish...); err != nil {
		return err
	}
	if err := st.showMore(enough, subs...); err != nil {
		return err
	}
	for i, channel := range []string{"2", "3"} {
		if err := subs[i].only(`Ch ` + channel + ` -> \d+ received`); err != nil {
			return err
		}
	}
	return nil
}

func playFanIn(st *stage) error {
	sub, err := st.start("sub", "sub", "--bind", st.endpoint(), "--topic", "2", "-n", "10", "-F", "pretty")
	if err != nil {
		return err
	}
	if _, err := st.start("number", "pub", "--connect", st.endpoint(), "--source", "number", "--channels", "2",
		"-i", "0.4", "-F", "pretty"); err != nil {
		return err
	}
	if _, err := st.start("alphabet", "pub", "--connect", st.endpoint(), "--source", "alphabet",
		"-i", "0.4", "-F", "pretty"); err != nil {
		return err
	}
	if err := st.wait(sub); err != nil {
		return err
	}
	for _, line := range []string{`Ch 2 -> \d+ received`, `Ch 2 -> [A-Z] received`} {
		if err := sub.shown(line); err != nil {
			return err
		}
	}
	return sub.only(`Ch 2 -> \S+ received`)
}

func playReqRep(st *stage) error {
	req, err := st.start("req", "req", "--bind", st.endpoint(), "--multipart", "--source", "matrix", "-n", "2", "-F", "pretty")
	if err != nil {
		return err
	}
	rep, err := st.start("rep", "rep", "--connect", st.endpoint(), "--add", "1", "--delay", "1", "-n", "2", "-F", "pretty")
	if err != nil {
		return err
	}
	if err := st.wait(req, rep); err != nil {
		return err
	}
	if err := rep.shown(`Request:`, `\[\[0 1 2\]`, ` \[2 1 0\]\] received`); err != nil {
		return err
	}
	return req.shown(`Reply:`, `\[\[1 2 3\]`, ` \[3 2 1\]\] received`)
}

// shown fails unless the node showed lines that match the patterns whole, one
// right after the other. The node must have ended.
func (n *node) shown(patterns ...string) error {
	for start := range n.lines {
		if len(n.lines)-start >= len(patterns) && matchAll(n.lines[start:], patterns) {
			return nil
		}
	}
	return fmt.Errorf("%s did not show %q", n.name, patterns[len(patterns)-1])
}

func matchAll(lines, patterns []string) bool {
	for i, pattern := range patterns {
		if !matches(pattern, lines[i]) {
			return false
		}
	}
	return true
}

// only fails if the node showed a line that does not match the pattern whole.
func (n *node) only(pattern string) error {
	n.stage.mu.Lock()
	defer n.stage.mu.Unlock()
	for _, line := range n.lines {
		if !matches(pattern, line) {
			return fmt.Errorf("%s showed %q, which is not for it", n.name, line)
		}
	}
	return nil
}

func matches(pattern, line string) bool {
	return regexp.MustCompile(`^(?:` + pattern + `)$`).MatchString(line)
}
