package cmd

import (
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A script of a document, and what it shows that this prints.
type script struct{ name, text, shown string }

// scriptsOf pairs blocks: each script has what it prints right behind it.
func scriptsOf(t *testing.T, name string, blocks []block) (found []script) {
	t.Helper()
	blocks = slices.DeleteFunc(slices.Clone(blocks), func(b block) bool { return b.language == "figure" })
	for i := 0; i < len(blocks); i += 2 {
		if i+1 == len(blocks) || blocks[i].language != "sh" || blocks[i+1].language != "text" {
			t.Fatalf("%s: not a script and what it prints: %q", name, blocks[i:])
		}
		found = append(found, script{fmt.Sprintf("%s %d", name, i/2+1), blocks[i].text, blocks[i+1].text})
	}
	if len(found) == 0 {
		t.Fatalf("%s: no scripts", name)
	}
	return found
}

// readmeScripts returns the scripts of a part of the README, by its headings.
func readmeScripts(t *testing.T, heading string) (found []script) {
	t.Helper()
	text := readme(t, heading)
	parts := regexp.MustCompile(`(?m)^### (.*)$`).FindAllStringSubmatchIndex(text, -1)
	if parts == nil {
		return scriptsOf(t, heading, blocksOf(text))
	}
	for i, at := range parts {
		end := len(text)
		if i+1 < len(parts) {
			end = parts[i+1][0]
		}
		found = append(found, scriptsOf(t, text[at[2]:at[3]], blocksOf(text[at[1]:end]))...)
	}
	return found
}

// Each script is run as it stands, but for its ports, and prints what is shown.
func TestDocumentsScripts(t *testing.T) {
	t.Parallel()
	all := scriptsOf(t, topologiesPage, manual(t, topologiesPage).blocks)
	for _, heading := range []string{"## Topologies", "## Recipes", "### Sensors and a collector, encrypted", "### Users and passwords"} {
		all = append(all, readmeScripts(t, heading)...)
	}
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			if strings.Contains(s.text, "tail -") && runtime.GOOS != "linux" {
				t.Skip("only GNU tail ends when nobody reads it any more")
			}
			s.run(t)
		})
	}
}

// run runs a script in a folder of its own. A process that it leaves behind
// holds its stdout open, and so is found by the wait for the end.
func (s script) run(t *testing.T) {
	began := time.Now()
	p := prepareProcess(t, "sh", "-euc", onFreePorts(t, s.text))
	p.cmd.Dir = t.TempDir()
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.start()
	t.Cleanup(func() { _ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }) // all may have ended
	if status := p.status(); status != statusDone {
		t.Fatalf("status %d", status)
	}
	printed := hideTimes(t, p.out.text(), began)
	out, said := splitShown(s.shown)
	if out = hideTimes(t, out, time.Time{}); printed != out {
		t.Errorf("it prints %q, and %q is shown", printed, out)
	}
	if got := saidBy(p.err.lines()); !slices.Equal(got, said) {
		t.Errorf("it says %q, and %q is shown", got, said)
	}
}

// splitShown tells what is shown of stdout from what fogmq says on stderr.
func splitShown(shown string) (out string, said []string) {
	for line := range strings.Lines(shown) {
		if strings.HasPrefix(line, "fogmq: ") {
			said = append(said, strings.TrimSuffix(line, "\n"))
		} else {
			out += line
		}
	}
	return out, saidBy(said)
}

var (
	// notItsOwn is what depends on the machine: the shell's word on a process that
	// was killed, and that a slow server was asked again.
	notItsOwn = regexp.MustCompile(`Killed$|^fogmq: no reply within \w+; asking again`)
	attempt   = regexp.MustCompile(`attempt \d+`)
)

// saidBy returns what lines of stderr say whoever was quicker: sorted, and each once.
func saidBy(lines []string) (said []string) {
	for _, line := range lines {
		if !notItsOwn.MatchString(line) {
			said = append(said, attempt.ReplaceAllString(line, "attempt N"))
		}
	}
	slices.Sort(said)
	return slices.Compact(said)
}

var timestamps = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\w.:+-]*`)

// hideTimes replaces times, each of which is one since the script began.
func hideTimes(t *testing.T, text string, began time.Time) string {
	t.Helper()
	return timestamps.ReplaceAllStringFunc(text, func(stamp string) string {
		at, err := time.Parse(time.RFC3339Nano, stamp)
		if err != nil || at.Before(began.Truncate(time.Second)) || at.After(time.Now()) {
			t.Errorf("%s is not a time since %s: %v", stamp, began, err)
		}
		return "TIME"
	})
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
