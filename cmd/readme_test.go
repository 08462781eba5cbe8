package cmd

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A scenery is the nodes of one of the README's scenes at work, and what the
// README shows of each of them.
type scenery struct {
	t     *testing.T
	nodes []*process
	shown [][]string
}

// stage starts the commands of a scene, of which there are so many nodes, on a port of the test's own, with the
// pause between messages made short, and pretty as on a terminal. The lines
// that the README shows right after a command are that command's.
func stage(t *testing.T, heading string, nodes int) *scenery {
	t.Helper()
	t.Parallel()
	_, port, _ := strings.Cut(freeEndpoint(t), ":")
	s := &scenery{t: t}
	for _, b := range blocksOf(readme(t, heading)) {
		if b.language == "sh" {
			s.nodes = append(s.nodes, fogmq(t, onPort(t, b.lines(), port)...))
			s.shown = append(s.shown, nil)
			continue
		}
		s.shown[len(s.shown)-1] = append(s.shown[len(s.shown)-1], b.lines()...)
	}
	if len(s.nodes) != nodes {
		t.Fatalf("the README has %d commands there, not %d", len(s.nodes), nodes)
	}
	return s
}

// onPort rewrites a README's command for a test.
func onPort(t *testing.T, lines []string, port string) []string {
	t.Helper()
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "fogmq ") {
		t.Fatalf("not one fogmq command: %q", lines)
	}
	list := splitWords(strings.ReplaceAll(lines[0]+" ", " --connect --", " --connect :5556 --"))
	if !slices.Contains(list, ":5556") {
		t.Fatalf("%s: not port 5556", lines[0])
	}
	list[slices.Index(list, ":5556")] = ":" + port
	if list[1] == "pub" {
		list = append(list, "-i", "20ms")
	}
	return append(list[1:], "-F", "pretty")
}

// beginsAsShown waits until a node has printed, from its start on, the lines
// that the README shows; those on stderr may stand anywhere there.
func (s *scenery) beginsAsShown(i int) {
	s.t.Helper()
	var want []string
	for _, line := range s.shown[i] {
		switch {
		case strings.HasPrefix(line, "fogmq: "):
			s.nodes[i].warns("(?m)^" + regexp.QuoteMeta(line) + "$")
		case line != "...":
			want = append(want, line)
		}
	}
	if got := firstLines(s.nodes[i], len(want)); !slices.Equal(got, want) {
		s.t.Errorf("%s printed %q, the README shows %q", s.nodes[i], got, want)
	}
}

// A sequence is lines that differ from time to time: they match a pattern, and the
// number in it, where it has one, is a multiple of step.
type sequence struct {
	pattern string
	step    int
}

func (q sequence) matches(line string) bool {
	m := regexp.MustCompile("^(?:" + q.pattern + ")$").FindStringSubmatch(line)
	if len(m) < 2 {
		return m != nil
	}
	n, err := strconv.Atoi(m[1])
	return err == nil && n%q.step == 0
}

// runsAsShown waits until a node has printed lines of each sequence, and checks that
// neither it nor the README has any others, and that the README has each.
func (s *scenery) runsAsShown(i int, shown []string, sequences ...sequence) {
	s.t.Helper()
	for _, q := range sequences {
		s.nodes[i].saysLike("(?m)^" + q.pattern + "$")
		if !slices.ContainsFunc(shown, q.matches) {
			s.t.Errorf("the README shows no %q for %s", q.pattern, s.nodes[i])
		}
	}
	for _, line := range slices.Concat(shown, s.nodes[i].out.lines()) {
		if line != "..." && !slices.ContainsFunc(sequences, func(q sequence) bool { return q.matches(line) }) {
			s.t.Errorf("%s: %q is out of its sequence", s.nodes[i], line)
		}
	}
}

var (
	twos    = sequence{`Ch 2 -> (\d+) received`, 2}
	threes  = sequence{`Ch 3 -> (\d+) received`, 3}
	letters = sequence{pattern: `Ch 2 -> [A-Z] received`}
)

func TestReadmeOnePublisher(t *testing.T) {
	s := stage(t, "### One publisher, many subscribers", 3)
	s.beginsAsShown(0)
	s.runsAsShown(1, s.shown[1], twos)
	// What is shown last is the second terminal again, after a restart.
	end := slices.Index(s.shown[2], "...")
	s.runsAsShown(2, s.shown[2][:end], threes)
	s.runsAsShown(1, s.shown[2][end:], twos)
}

func TestReadmeManyPublishers(t *testing.T) {
	s := stage(t, "### Many publishers, one subscriber", 3)
	// What is shown last is the second terminal's.
	end := slices.Index(s.shown[2], "...")
	received := s.shown[2][end:]
	s.shown[2] = s.shown[2][:end]
	s.beginsAsShown(0)
	s.beginsAsShown(2)
	s.runsAsShown(1, received, twos, letters)
}

func TestReadmeRequest(t *testing.T) {
	s := stage(t, "### A request with an array, and a reply", 2)
	for i, node := range s.nodes {
		if status := node.status(); status != statusDone {
			t.Errorf("%s: status %d", node, status)
		}
		s.beginsAsShown(i)
		if lines := node.out.lines(); len(lines) != 6 {
			t.Errorf("%s printed %q", node, lines)
		}
	}
}
