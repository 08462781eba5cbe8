package cmd

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// A block is one of the README's between fences.
type block struct{ language, text string }

func (b block) lines() []string { return strings.Split(strings.TrimSuffix(b.text, "\n"), "\n") }

var fences = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```\n")

// readme returns the README, from a heading up to the next one; all of it
// without a heading.
func readme(t *testing.T, heading string) string {
	t.Helper()
	file, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(file)
	if heading == "" {
		return text
	}
	_, text, ok := strings.Cut(text, heading+"\n")
	if !ok {
		t.Fatalf("the README has no %q", heading)
	}
	return regexp.MustCompile(`(?m)^##`).Split(text, 2)[0]
}

// blocksOf returns the blocks of a part of the README.
func blocksOf(text string) (blocks []block) {
	for _, m := range fences.FindAllStringSubmatch(text, -1) {
		blocks = append(blocks, block{m[1], m[2]})
	}
	return blocks
}

// codes returns what stands between backquotes outside of blocks.
func codes(text string) []string {
	var found []string
	for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(fences.ReplaceAllString(text, ""), -1) {
		found = append(found, m[1])
	}
	return found
}

// splitWords splits a command line as a shell does, as far as the README needs
// it: at spaces that are not between single quotes.
func splitWords(line string) []string {
	var list []string
	for _, m := range regexp.MustCompile(`'([^']*)'|\S+`).FindAllStringSubmatch(line, -1) {
		word := m[0]
		if strings.HasPrefix(word, "'") {
			word = m[1]
		}
		list = append(list, word)
	}
	return list
}

func TestReadmesCommandsAreValid(t *testing.T) {
	text := readme(t, "")
	lines := codes(text)
	for _, b := range blocksOf(text) {
		if b.language == "sh" {
			lines = append(lines, b.lines()...)
		}
	}
	checked := 0
	for _, line := range lines {
		for _, part := range strings.Split(line, " && ") {
			list := splitWords(strings.TrimPrefix(part, "./"))
			if len(list) < 2 || list[0] != "fogmq" || list[1] == "COMMAND" {
				continue
			}
			checked++
			root := Root()
			c, n, known := findCommand(root, list[1:])
			if !known || c == root {
				t.Errorf("%s: no such command", line)
			} else if err := c.ParseFlags(normalise(c.Flags(), list[n+1:])); err != nil {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d commands found", checked)
	}
}

func TestReadmesFlagsExist(t *testing.T) {
	known := map[string]bool{}
	for _, c := range Root().Commands() {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			known["--"+f.Name] = true
			known["-"+f.Shorthand] = true
		})
	}
	for _, code := range codes(readme(t, "")) {
		if list := splitWords(code); strings.HasPrefix(list[0], "-") && !known[list[0]] {
			t.Errorf("%s: no command has such a flag", code)
		}
	}
}

func TestReadmesFilesExist(t *testing.T) {
	text := readme(t, "")
	texts := codes(text)
	for _, b := range blocksOf(text) {
		if b.language == "sh" {
			texts = append(texts, strings.Fields(b.text)...)
		}
	}
	paths := regexp.MustCompile(`(?:^| )((?:cmd|internal|man|completions|\.ci)/[\w./-]*|main\.go|LICENSE)`)
	for _, text := range texts {
		for _, m := range paths.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join("..", m[1])); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
}

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

// The topologies are scripts: each is run as it stands, but for its ports, and
// prints what the README shows.
func TestReadmeTopologies(t *testing.T) {
	t.Parallel()
	for _, heading := range []string{
		"### A pipeline: ventilator, workers, sink", "### A request queue", "### A forwarder", "### A gateway: sensors, gateway, cloud",
		"### Sensors and a collector, encrypted",
	} {
		t.Run(heading, func(t *testing.T) {
			t.Parallel()
			blocks := blocksOf(readme(t, heading))
			if len(blocks) < 2 || blocks[0].language != "sh" || blocks[1].language != "text" {
				t.Fatalf("not a script and what it prints: %q", blocks)
			}
			script := onFreePorts(t, blocks[0].text)
			p := prepareProcess(t, "sh", "-euc", script)
			p.cmd.Dir = t.TempDir()
			p.start()
			p.wantEndLike(statusDone, `^(fogmq: no message within 2s\n)*$`)
			if got := p.out.text(); got != blocks[1].text {
				t.Errorf("it prints %q, the README shows %q", got, blocks[1].text)
			}
		})
	}
}

// onFreePorts gives each port of a script one that is free.
func onFreePorts(t *testing.T, script string) string {
	t.Helper()
	free := map[string]string{}
	return regexp.MustCompile(`:55\d\d\b`).ReplaceAllStringFunc(script, func(port string) string {
		if free[port] == "" {
			_, number, _ := strings.Cut(freeEndpoint(t), ":")
			free[port] = ":" + number
		}
		return free[port]
	})
}
