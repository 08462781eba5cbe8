package codec

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"fogmq/internal/peertest"
)

// numpy is a Python process that answers one JSON line with one JSON line.
type numpy struct {
	t   *testing.T
	in  *bufio.Writer
	out *bufio.Scanner
}

// pythonWithNumPy returns a Python that imports NumPy. Without one the test is skipped, or fails where peers are
// required.
func pythonWithNumPy(t *testing.T) string {
	t.Helper()
	var tried []string
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if err := exec.Command(python, "-c", "import numpy").Run(); err == nil {
			return python
		} else {
			tried = append(tried, python+": "+err.Error())
		}
	}
	peertest.Lack(t, errors.New("no Python with NumPy (Debian's python3-numpy): "+strings.Join(tried, "; ")))
	return ""
}

// startNumPy runs a Python program that defines answer(request); its standard input and output are the questions and
// answers.
func startNumPy(t *testing.T, program string) *numpy {
	t.Helper()
	const loop = `
import sys, json, warnings
import numpy as np
warnings.simplefilter('ignore')
np.seterr(all='ignore')
%PROGRAM%
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
`
	cmd := exec.Command(pythonWithNumPy(t), "-c", strings.Replace(loop, "%PROGRAM%", program, 1))
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("python: %v", err)
		}
	})
	out := bufio.NewScanner(stdout)
	out.Buffer(nil, 64<<20)
	return &numpy{t, bufio.NewWriter(stdin), out}
}

// ask sends question and reads the reply into answer.
func (n *numpy) ask(question, answer any) {
	n.t.Helper()
	line, err := json.Marshal(question)
	if err != nil {
		n.t.Fatal(err)
	}
	if _, err := n.in.Write(append(line, '\n')); err != nil {
		n.t.Fatal(err)
	}
	if err := n.in.Flush(); err != nil {
		n.t.Fatal(err)
	}
	if !n.out.Scan() {
		n.t.Fatalf("python ended: %v", n.out.Err())
	}
	if err := json.Unmarshal(n.out.Bytes(), answer); err != nil {
		n.t.Fatal(err)
	}
}
