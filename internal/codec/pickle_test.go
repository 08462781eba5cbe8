package codec

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fogmq/internal/peertest"
)

// Python pickles values in all protocols and says what they are to be shown as.
func TestPicklesOfPython(t *testing.T) {
	pythonWithNumPy(t)
	for _, seed := range []string{"", "1", "2"} {
		t.Run("seed "+seed, func(t *testing.T) {
			t.Parallel()
			args := strings.Fields(seed)
			peer := peertest.Start(t, "testdata/pickles.py", args...)
			c := mustParse(t, "pickle", "")
			failures := 0
			for line := peer.Line(); line != "end"; line = peer.Line() {
				name, rest, _ := strings.Cut(line, "\t")
				digits, want, _ := strings.Cut(rest, "\t")
				pickled, err := base64.StdEncoding.DecodeString(digits)
				if err != nil {
					t.Fatal(err)
				}
				text, err := c.Decode([][]byte{pickled})
				if err != nil || join(text) != want {
					t.Errorf("%s: got %.300s (%v), want %.300s", name, text, err, want)
					if failures++; failures > 20 {
						t.FailNow()
					}
				}
			}
		})
	}
}

// Python reads the pickles that are written, of text that Python drew and of our own.
func TestPicklesForPython(t *testing.T) {
	pythonWithNumPy(t)
	reader := peertest.Start(t, "testdata/unpickle.py")
	c := mustParse(t, "pickle", "")
	check := func(text string) {
		t.Helper()
		payload, err := c.Encode(frames(text))
		if err != nil {
			t.Fatalf("%.100s is not written: %v", text, err)
		}
		reader.Tell(base64.StdEncoding.EncodeToString(payload[0]) + " " + base64.StdEncoding.EncodeToString([]byte(text)))
		if answer := reader.Line(); answer != "ok" {
			t.Errorf("%.100s: %s", text, answer)
		}
	}
	for _, text := range []string{
		`[0,-1,255,256,65535,65536,2147483647,2147483648,-2147483648,-2147483649,9223372036854775808,-9223372036854775809]`,
		`[-128,-129,-256,-32768,-32769,18446744073709551616,-18446744073709551616]`, strings.Repeat("7", 40000), "-" + strings.Repeat("8", 800),
		`[0.0,-0.0,1.5,1e400,-1e400,NaN,Infinity,5e-324]`, `["","é","\ud83d","\ud83d\ude00","\u0000\"\\"]`, `"` + strings.Repeat("x", 70000) + `"`,
		`{"base64":"AP8="}`, `[{"base64":""},{"base64":"` + base64.StdEncoding.EncodeToString(make([]byte, 300)) + `"}]`,
		`{"b":1,"a":[true,false,null,{}],"b":2}`, "[" + strings.Repeat("1,", 3000) + "2]",
		strings.Repeat("[", 900) + strings.Repeat("]", 900),
	} {
		check(text)
	}
	drawn := peertest.Start(t, "testdata/pickles.py", "3")
	last := ""
	for line := drawn.Line(); line != "end"; line = drawn.Line() {
		if text := line[strings.LastIndexByte(line, '\t')+1:]; text != last { // each comes in every protocol
			check(text)
			last = text
		}
	}
}

// What a pickle would do to a Python that reads it, it does not do to us.
func TestHostilePickles(t *testing.T) {
	touched := filepath.Join(t.TempDir(), "touched")
	peer := peertest.Start(t, `
		import base64, os, pickle, subprocess, sys
		path = sys.argv[1]
		class Call:
			def __init__(self, *call):
				self.call = call
			def __reduce__(self):
				return self.call
			def __call__(self):
				pass
		touch = "open(%r, 'w')" % path
		for call in [
			(os.system, ("touch " + path,)),
			(os.popen, ("touch " + path,)),
			(eval, (touch,)),
			(exec, (touch,)),
			(open, (path, "w")),
			(subprocess.Popen, (["touch", path],)),
			(subprocess.check_output, (["touch", path],)),
			(__import__, ("antigravity",)),
			(getattr, (Call(__import__, ("os",)), "system")),
			(Call(getattr, (Call(__import__, ("os",)), "system")), ("touch " + path,)),
		]:
			call = Call(*call) if callable(call[0]) else call
			for protocol in range(6):
				try:
					print(base64.b64encode(pickle.dumps([1, call], protocol)).decode())
				except Exception as error:  # an object that Python itself refuses to call
					print("refused")
		print("end")`, touched)
	c := mustParse(t, "pickle", "")
	seen := 0
	for line := peer.Line(); line != "end"; line = peer.Line() {
		if line == "refused" {
			continue
		}
		pickled, err := base64.StdEncoding.DecodeString(line)
		if err != nil {
			t.Fatal(err)
		}
		text, err := c.Decode([][]byte{pickled})
		if err != nil || !strings.HasPrefix(join(text), `[1,{"class":`) {
			t.Errorf("%q is shown as %s (%v)", pickled, text, err)
		}
		seen++
	}
	if _, err := os.Stat(touched); err == nil || seen < 50 {
		t.Errorf("after %d pickles the file is there: %v", seen, err)
	}
}
