package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// A block is one that stands apart in a document: a script (sh), or what one prints (text).
type block struct{ language, text string }

func (b block) lines() []string { return strings.Split(strings.TrimSuffix(b.text, "\n"), "\n") }

// A document is one that people read and type from.
type document struct {
	name   string
	blocks []block
	codes  []string // what is set as code in running text
}

var (
	fences     = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```\n")
	backquotes = regexp.MustCompile("`([^`]+)`")
)

// readme returns the README, from a heading up to the next one that is not
// below it; all of it without a heading.
func readme(t *testing.T, heading string) string {
	t.Helper()
	text := readDocument(t, "README.md")
	if heading == "" {
		return text
	}
	_, text, ok := strings.Cut(text, "\n"+heading+"\n")
	if !ok {
		t.Fatalf("the README has no %q", heading)
	}
	// One # alone is a comment of a script.
	next := fmt.Sprintf("(?m)^#{2,%d} ", strings.Index(heading, " "))
	return regexp.MustCompile(next).Split(text, 2)[0]
}

func readDocument(t *testing.T, name string) string {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(file)
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
	for _, m := range backquotes.FindAllStringSubmatch(fences.ReplaceAllString(text, ""), -1) {
		found = append(found, m[1])
	}
	return found
}

var (
	// A display of the manual has its language in a comment in front.
	displays = regexp.MustCompile(`(?ms)^\.\\" (sh|text|figure)\n\.EX\n(.*?)^\.EE\n`)
	boldText = regexp.MustCompile(`(?m)^\.B (.*)$|(?s:\\fB(.*?)\\fR)`)
	// roffSigns are the signs that a page can't write as they are.
	roffSigns = strings.NewReplacer(`\-`, "-", `\(aq`, "'", `\(ga`, "`", `\(ha`, "^", `\(ti`, "~", `\(dq`, `"`, `\e`, `\`, `\&`, "")
)

// manual reads a man page that is written by hand.
func manual(t *testing.T, name string) document {
	t.Helper()
	text := readDocument(t, name)
	if strings.Count(text, "\n.EX\n") != len(displays.FindAllString(text, -1)) {
		t.Errorf(`%s: an .EX without .\" sh, .\" text or .\" figure in front`, name)
	}
	d := document{name: name}
	for _, m := range displays.FindAllStringSubmatch(text, -1) {
		d.blocks = append(d.blocks, block{m[1], roffSigns.Replace(m[2])})
	}
	for _, m := range boldText.FindAllStringSubmatch(displays.ReplaceAllString(text, ""), -1) {
		d.codes = append(d.codes, roffSigns.Replace(strings.ReplaceAll(m[1]+m[2], "\n", " ")))
	}
	return d
}

const topologiesPage = "man/fogmq-topologies.7"

func documents(t *testing.T) []document {
	t.Helper()
	text := readme(t, "")
	return []document{{"README.md", blocksOf(text), codes(text)}, manual(t, topologiesPage)}
}

// A command line begins where a shell looks for a command, and ends at what
// can't belong to it.
var (
	unquoted  = regexp.MustCompile(`'[^']*'|"[^"]*"|&&|\|\||2>&1|[|;&<>()]`)
	lineStart = regexp.MustCompile(`^(?:(?:do|then|else|if|while|!|\{|exec)\s*)*(?:\./)?(fogmq .*)$`)
)

// commandsIn returns the command lines of fogmq in a line of shell.
func commandsIn(line string) (found []string) {
	begin := 0
	add := func(end int) {
		part := strings.TrimSpace(strings.TrimSuffix(line[begin:end], "$"))
		if m := lineStart.FindStringSubmatch(part); m != nil {
			found = append(found, m[1])
		}
	}
	for _, at := range unquoted.FindAllStringIndex(line, -1) {
		if strings.ContainsAny(line[at[0]:at[0]+1], `'"`) {
			continue
		}
		add(at[0])
		begin = at[1]
	}
	add(len(line))
	return found
}

// splitWords splits a command line as a shell does, as far as documents need
// it: at spaces that are not between quotes.
func splitWords(line string) []string {
	var list []string
	for _, m := range regexp.MustCompile(`'([^']*)'|"([^"]*)"|\S+`).FindAllStringSubmatch(line, -1) {
		word := m[0]
		if strings.HasPrefix(word, "'") || strings.HasPrefix(word, `"`) {
			word = m[1] + m[2]
		}
		list = append(list, word)
	}
	return list
}

// shellLines returns the lines of shell in a document, each whole.
func (d document) shellLines() []string {
	lines := d.codes
	for _, b := range d.blocks {
		if b.language == "sh" {
			joined := strings.ReplaceAll(b.text, "\\\n", "")
			lines = append(lines, strings.Split(joined, "\n")...)
		}
	}
	return lines
}

func TestDocumentsCommandsAreValid(t *testing.T) {
	for _, d := range documents(t) {
		checked := 0
		for _, line := range d.shellLines() {
			for _, command := range commandsIn(line) {
				list := splitWords(command)
				if list[1] == "COMMAND" {
					continue
				}
				checked++
				root := Root()
				c, n, known := findCommand(root, list[1:])
				if !known || c == root {
					t.Errorf("%s: %s: no such command", d.name, line)
				} else if err := c.ParseFlags(normalise(c.Flags(), list[n+1:])); err != nil {
					t.Errorf("%s: %s: %v", d.name, line, err)
				}
			}
		}
		if checked < 20 {
			t.Errorf("%s: only %d commands found", d.name, checked)
		}
	}
}

func TestDocumentsFlagsExist(t *testing.T) {
	known := map[string]bool{}
	for _, c := range Root().Commands() {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			known["--"+f.Name] = true
			known["-"+f.Shorthand] = true
		})
	}
	for _, d := range documents(t) {
		for _, code := range d.codes {
			if list := splitWords(code); strings.HasPrefix(list[0], "-") && !known[list[0]] {
				t.Errorf("%s: %s: no command has such a flag", d.name, code)
			}
		}
	}
}

func TestDocumentsFilesExist(t *testing.T) {
	paths := regexp.MustCompile(`(?:^| )((?:cmd|internal|man|completions|\.ci)/[\w./-]*|main\.go|LICENSE)`)
	for _, d := range documents(t) {
		for _, line := range d.shellLines() {
			for _, m := range paths.FindAllStringSubmatch(line, -1) {
				if _, err := os.Stat(filepath.Join("..", m[1])); err != nil {
					t.Errorf("%s: %s: %v", d.name, line, err)
				}
			}
		}
	}
}

func TestCommandsAreFoundInShell(t *testing.T) {
	for line, want := range map[string]string{
		`./fogmq demo`:                                 "fogmq demo",
		`go build && ./fogmq demo`:                     "fogmq demo",
		`  fogmq pull -c | while read x; do :; done |`: "fogmq pull -c",
		`a=$(fogmq req -c 'x; y') || exit`:             "fogmq req -c 'x; y'",
		`if fogmq req hi > f; then fogmq rep; fi &`:    "fogmq req hi,fogmq rep",
		`echo fogmq`:                          "",
		`fogmq proxy queue --backend '>:1' &`: "fogmq proxy queue --backend '>:1'",
	} {
		if got := strings.Join(commandsIn(line), ","); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}
